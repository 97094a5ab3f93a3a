"""The schema as a whole: committed as text, and every part of it explained."""

from pathlib import Path

from graphql import is_enum_type, is_input_object_type, is_interface_type, is_object_type, is_scalar_type, is_union_type
from strawberry.printer import print_schema

from schema import types
from schema.derive.node import node_named
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


def test_the_committed_schema_is_the_one_that_is_served():
    again = "python manage.py export_schema schema.root:schema --path schema/schema.graphql"
    assert PRINTED.read_text().strip() == print_schema(schema).strip(), again


def test_every_part_has_a_description():
    assert [path for path, part in parts() if not (part.description or "").strip()] == []


def test_descriptions_say_more_than_the_name():
    assert [path for path, part in parts() if part.description.strip(" .") == path.rpartition(".")[2]] == []


def test_every_kind_of_type_is_there():
    kinds = (is_enum_type, is_input_object_type, is_interface_type, is_object_type, is_scalar_type, is_union_type)
    assert all(any(is_kind(kind) for kind in ours()) for is_kind in kinds)


def test_every_type_of_rows_knows_its_key():
    # Without a NodeID of its own, Strawberry looks for one again for every id of every row.
    for name in vars(types):
        made = node_named(name)
        if made is not None:
            assert made.resolve_id_attr() == "id"
            assert made._id_attr == "id"


def test_nothing_that_may_be_left_out_is_null_by_default():
    assert "= null" not in PRINTED.read_text()
