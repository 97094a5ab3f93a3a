"""Serializers of the declarations: of what may be sent, and, for the API document, of what is answered."""

from functools import cache
from typing import Any

from django.db.models import Model
from rest_framework import serializers

from backend.projects.models import LocalizedString
from backend.resources.kinds import Kind, kind_of
from backend.rest.derive.fields import (
    Body,
    FlagField,
    IdField,
    IdsField,
    MomentField,
    NumberField,
    ShapeField,
    TextField,
    TextIdsField,
)
from backend.rest.derive.representation import Representation

FIELDS: dict[Kind, type[serializers.Field[Any, Any, Any, Any]]] = {
    Kind.KEY: IdField,
    Kind.KEYS: IdsField,
    Kind.CHOICE: TextField,
    Kind.FLAG: FlagField,
    Kind.TEXT: TextField,
    Kind.WHOLE: serializers.IntegerField,
    Kind.FRACTION: NumberField,
    Kind.MOMENT: MomentField,
    Kind.PLACE: ShapeField,
}
# Localized strings go by three names in the document and the clients.
_TEXT_ENDINGS = ("_loc_ids", "_loc")


def body_of(shown: Representation, **extra: serializers.Field[Any, Any, Any, Any]) -> type[Body]:
    """What a client sends to write a row, and `extra` that its own door asks for."""
    fields: dict[str, Any] = {}
    other_names = {}
    for name in shown.resource.write:
        key, column = shown.key(name), shown.resource.model._meta.get_field(name)
        source = {} if key == name else {"source": name}
        fields[key] = field_of(column, allow_null=_is_cleared(column), required=_is_required(column), **source)
        other_names[key] = (name, *shown.spellings.get(name, ()), *_spellings(key, column))
    return type(_name(shown, "Body"), (Body,), {**fields, **extra, "other_names": other_names})


@cache
def answer_of(shown: Representation) -> type[serializers.Serializer[Any]]:
    """What a client is shown of a row."""
    fields: dict[str, Any] = {key: field_of(column, read_only=True) for key, column in shown.columns.items()}
    fields |= {key: IdsField(read_only=True) for key in shown.links.values()}
    fields |= {key: TextField(read_only=True, allow_null=True) for key in (*shown.joined, *shown.texts.values())}
    fields |= {shown.key(name): answer_of(inner)(many=True, read_only=True) for name, inner in shown.nested.items()}
    fields |= {name: answer_of(inner)(read_only=True, allow_null=True) for name, inner in shown.embedded.items()}
    return type(_name(shown, ""), (serializers.Serializer,), fields)


def field_of(column: Any, **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    """A field for the values of a column."""
    if column.many_to_many and column.related_model is LocalizedString:
        return TextIdsField(**options)
    if getattr(column, "choices", None):
        return serializers.ChoiceField(column.choices, **options)
    return FIELDS[_kind(column)](**options)


def _kind(column: Any) -> Kind:
    try:
        return kind_of(column)
    except TypeError:
        # The name of a file.
        return Kind.TEXT


def _is_cleared(column: Any) -> bool:
    """Whether null says something of it: that it is to be empty."""
    return bool(column.null or (column.blank and column.empty_strings_allowed and not column.is_relation))


def _is_required(column: Any) -> bool:
    return not (column.null or column.blank or column.has_default())


def _spellings(key: str, column: Any) -> list[str]:
    """The other names of a key: `tags` for `tag_ids`, `session` for `session_id`, `loc_description` for its ids."""
    if column.related_model is LocalizedString and column.many_to_many:
        base = next(key.removesuffix(ending) for ending in _TEXT_ENDINGS if key.endswith(ending))
        return [f"{base}_loc_ids", f"{base}_loc", f"loc_{base}"]
    if column.is_relation:
        return [key.removesuffix("_ids") + "s", key.removesuffix("_id")]
    return []


def _name(shown: Representation, ending: str) -> str:
    model: type[Model] = shown.resource.model
    return f"{model.__name__}{ending}"
