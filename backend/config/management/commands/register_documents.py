"""`manage.py register_documents DIR`: lets frontends ask for the documents of a folder by their hashes."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from backend.documents.actions import register_document
from schema.documents import Refused, check
from schema.root import schema


class Command(BaseCommand):
    """All of them, or none when one is wrong; running it again changes nothing."""

    help = "Register every *.graphql file of a folder; prints its hash and its name."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder."""
        parser.add_argument("directory", type=Path, help="where the *.graphql files are, at any depth")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all, then register all."""
        directory: Path = options["directory"]
        if not directory.is_dir():
            raise CommandError(f"{directory} is no folder.")
        texts = {
            str(path.relative_to(directory)): path.read_bytes().decode()
            for path in sorted(directory.rglob("*.graphql"))
        }
        faults = [f"{name}: {fault}" for name, text in texts.items() for fault in faults_of(text)]
        if faults:
            raise CommandError("Nothing is registered.\n" + "\n".join(faults))
        with transaction.atomic():
            for name, text in texts.items():
                self.stdout.write(f"sha256:{register_document(text, name=name).sha256} {name}")


def faults_of(text: str) -> list[str]:
    """What this server would refuse the document for."""
    try:
        errors = check(schema._schema, text).faults
    except Refused as refused:
        errors = refused.errors
    return [error.message for error in errors]
