"""Selections that ask for everything."""

from graphql import get_named_type, is_leaf_type, is_object_type, is_required_argument, is_union_type

from schema.root import schema

# Arguments that have no default.
ARGUMENTS = {"from": "{latitude: 60.17, longitude: 24.94}"}


def everything(kind, depth: int) -> str:
    """A selection of all fields of a type, and of all that they lead to, so many steps deep."""
    if kind.name.endswith("Connection"):
        return f"totalCount nodes {{ {everything(get_named_type(kind.fields['nodes'].type), depth)} }}"
    return " ".join(filter(None, (_selected(name, field, depth) for name, field in kind.fields.items())))


def _selected(name, field, depth):
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return name + _arguments(field)
    if not depth:
        return ""
    if is_union_type(named):
        parts = " ".join(f"... on {each.name} {{ id }}" for each in named.types)
        return f"{name}{_arguments(field)} {{ __typename {parts} }}"
    if not is_object_type(named):
        return f"{name}{_arguments(field)} {{ __typename }}"
    below = everything(named, depth - 1)
    return f"{name}{_arguments(field)} {{ __typename {below} }}"


def _arguments(field):
    given = [f"{name}: {ARGUMENTS[name]}" for name, each in field.args.items() if is_required_argument(each)]
    if "first" in field.args:
        given.append("first: 5")
    return f"({', '.join(given)})" if given else ""


def type_named(name: str):
    """A type of the schema."""
    return schema._schema.type_map[name]
