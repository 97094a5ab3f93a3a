"""How old clients write values: any of their spellings is read, and what is no such value refused."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.utils.html import parse_html_dict

# What old clients write for "nothing".
SILENT = frozenset({"", "undefined", "null", "None"})
LARGEST_ID = 2**63 - 1

# What the API document says of fields that Django REST framework does not have.
_NUMBERS = {"type": "array", "items": {"type": "integer"}}
_COORDINATES = {"type": "array", "items": {}}
_GEOMETRY = {"type": "object", "properties": {"type": {"type": "string"}, "coordinates": _COORDINATES}}


class NumberField(serializers.FloatField):
    """A finite number."""

    def to_internal_value(self, data: Any) -> float:
        """As a whole number where it is one."""
        try:
            number = math.nan if isinstance(data, bool) else super().to_internal_value(data)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.fail("invalid")
        return int(number) if number.is_integer() else number


class IdField(serializers.IntegerField):
    """The number of a row; forms of React Admin put a comma behind it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=-LARGEST_ID, max_value=LARGEST_ID, **options)

    def to_internal_value(self, data: Any) -> int:
        """A whole number."""
        return int(super().to_internal_value(data.strip().rstrip(",") if isinstance(data, str) else data))


@extend_schema_field(_NUMBERS)
class IdsField(serializers.Field[Any, Any, Any, Any]):
    """Numbers of rows: `"3,4"`, `[3, 4]`, or repeated keys."""

    # An empty text is an answer of its own: no rows.
    silent = SILENT - {""}
    id = IdField()

    def to_internal_value(self, data: Any) -> list[int]:
        """Each once, in their order."""
        words = [word for item in (data if isinstance(data, list) else [data]) for word in _words(item)]
        return list(dict.fromkeys(self.id.run_validation(word) for word in words))

    def to_representation(self, value: Any) -> list[int]:
        """As they are."""
        return list(value)


@extend_schema_field(_NUMBERS)
class TextIdsField(IdsField):
    """Localized strings by their ids. The text itself, under one of these names, is what was read: it is ignored."""


class TextField(serializers.CharField):
    """Text, kept as it came."""

    silent = frozenset({"undefined"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "allow_blank": True, **options})


class WordField(TextField):
    """One of the words that the domain knows; none of them is empty or means nothing."""

    silent = SILENT


class FlagField(serializers.BooleanField):
    """True or false, in any of the words for it."""

    default_error_messages = {"invalid": "Must be a valid boolean."}


class MomentField(serializers.DateTimeField):
    """A time with Z, an offset or none: then it is in `zone`, else in that of the context, else in UTC."""

    def __init__(self, *, zone: Callable[[], tzinfo] | None = None, **options: Any) -> None:
        self.zone = zone
        super().__init__(**options)

    def to_internal_value(self, value: Any) -> Any:
        """In UTC. (An offset's plus sign that was not escaped in a query string arrives as a space.)"""
        moment = super().to_internal_value(
            re.sub(r"(T\S+) ", r"\1+", value.strip()) if isinstance(value, str) else value
        )
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")

    def enforce_timezone(self, value: Any) -> Any:
        """Called by Django REST framework with what it has read."""
        zone: Callable[[], tzinfo] = self.zone or self.context.get("zone", lambda: UTC)
        return value if value.tzinfo else value.replace(tzinfo=zone())


@extend_schema_field(
    {"type": "object", "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}}}
)
class ShapeField(serializers.JSONField):
    """GeoJSON, as an object or as its text."""

    def to_internal_value(self, data: Any) -> Any:
        """As an object; the domain reads it."""
        try:
            return json.loads(data) if isinstance(data, str) else data
        except ValueError:
            self.fail("invalid")


class Body(serializers.Serializer[Any]):
    """What a client sends; names that are not known are ignored. `other_names` are those that a field has besides."""

    other_names: Mapping[str, tuple[str, ...]] = {}

    def to_internal_value(self, data: Any) -> Any:
        """What was said, by the names of the domain. Raises ValidationError."""
        sent = data if isinstance(data, Mapping) else {}
        said = {name: self._said(name, field, sent) for name, field in self.fields.items()}
        return super().to_internal_value({name: value for name, value in said.items() if value is not empty})

    def _said(self, name: str, field: Any, sent: Mapping[str, Any]) -> Any:
        """The value under the first of its names that says something, or `empty`."""
        for each in (name, *self.other_names.get(name, ())):
            value = value_of(each, field, sent)
            if value is not empty:
                return value
        return empty


def value_of(name: str, field: Any, sent: Mapping[str, Any]) -> Any:
    """What was sent under this name for a field, or `empty` for what old clients mean nothing by."""
    value = sent.get(name, empty)
    if isinstance(sent, QueryDict) and isinstance(field, IdsField) and name in sent:
        value = sent.getlist(name)
    elif isinstance(sent, QueryDict) and isinstance(field, ShapeField) and value is empty:
        value = parse_html_dict(sent, prefix=name).dict() or empty
    if isinstance(value, str):
        is_text_read = isinstance(field, TextIdsField) and not name.endswith("_ids")
        return empty if is_text_read or value.strip() in getattr(field, "silent", SILENT) else value
    is_nothing = value in (["undefined"], ["null"]) or (value is None and not field.allow_null)
    return empty if is_nothing else value


def _words(value: object) -> list[Any]:
    return [word for word in value.split(",") if word.strip()] if isinstance(value, str) else [value]
