"""The schema as a whole: committed as text, and every part of it explained."""

import re
from pathlib import Path

from graphql import is_enum_type, is_input_object_type, is_interface_type, is_object_type, is_scalar_type, is_union_type
from strawberry.printer import print_schema

from backend.catalogue import CATALOGUE
from schema.derive.node import all_nodes
from schema.root import schema

PRINTED = Path(__file__).resolve().parents[2] / "schema" / "schema.graphql"


def ours():
    return [kind for name, kind in schema._schema.type_map.items() if not name.startswith("__")]


def parts():
    """Every type, field, argument and value with its path."""
    for kind in ours():
        yield kind.name, kind
        if is_enum_type(kind):
            yield from ((f"{kind.name}.{name}", value) for name, value in kind.values.items())
        if is_object_type(kind) or is_interface_type(kind) or is_input_object_type(kind):
            for name, field in kind.fields.items():
                yield f"{kind.name}.{name}", field
                for argument, value in getattr(field, "args", {}).items():
                    yield f"{kind.name}.{name}({argument}:)", value


def name_of(path):
    """The last name of a path: `first` of `Query.assets(first:)`."""
    return re.split(r"[.(]", path.rstrip(":)"))[-1]


def letters(text):
    """A text as names are written: `Max volume.` is `maxVolume`."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def test_the_committed_schema_is_the_one_that_is_served():
    again = "Run: python -m schema > schema/schema.graphql"
    assert PRINTED.read_text().strip() == print_schema(schema).strip(), again


def test_every_part_has_a_description():
    assert [path for path, part in parts() if not (part.description or "").strip()] == []


def test_descriptions_say_more_than_the_name():
    assert [path for path, part in parts() if letters(part.description) == letters(name_of(path))] == []


def test_every_kind_of_type_is_there():
    kinds = (is_enum_type, is_input_object_type, is_interface_type, is_object_type, is_scalar_type, is_union_type)
    assert all(any(is_kind(kind) for kind in ours()) for is_kind in kinds)


def test_every_resource_has_a_type():
    assert {made.resource.model for made in all_nodes()} == {resource.model for resource in CATALOGUE}
    assert {made.resource.model.__name__ for made in all_nodes()} <= set(schema._schema.type_map)


def test_nothing_that_may_be_left_out_is_null_by_default():
    assert "= null" not in PRINTED.read_text()
