"""JSON as the door reads and writes it; forms and multipart are Django REST framework's own."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer


class StrictJSONParser(JSONParser):
    """Takes what the standard calls JSON: no NaN, no broken Unicode, no nesting that exhausts the stack."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The object that the body holds. Raises ParseError."""
        try:
            value = orjson.loads(stream.read())
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from None
        if not isinstance(value, dict):
            raise ParseError("JSON parse error - the body must be an object.")
        return value


class FastJSONRenderer(JSONRenderer):
    """Presents what our presenters give: plain values alone."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The body of an answer; empty for an answer that has none."""
        # Pages for people ask for lines.
        lines = orjson.OPT_INDENT_2 if (renderer_context or {}).get("indent") else 0
        return b"" if data is None else orjson.dumps(data, default=str, option=lines)
