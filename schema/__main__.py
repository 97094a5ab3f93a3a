"""Prints the schema: `python -m schema > schema/schema.graphql` after a change that is meant."""

import os
import sys
from typing import Any

import django
from strawberry.printer import print_schema
from strawberry.utils.importer import import_module_symbol


def main() -> None:
    """To standard output."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    django.setup()
    # Types can be derived only when Django is set up.
    schema: Any = import_module_symbol("schema.root:schema")
    sys.stdout.write(print_schema(schema) + "\n")


main()
