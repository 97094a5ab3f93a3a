"""GraphQL over HTTP: what a request asks, and in which media type its answer goes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson

from schema.execution import Answer, Operation

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
TEXT_ENCODINGS = frozenset({"", "utf-8", "utf8"})


class BadRequest(Exception):
    """The request is not GraphQL over HTTP; `status` and a sentence say why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as ASGI tells of it, without its body."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> "Request":
        """From an ASGI scope; of a header that comes twice the last counts."""
        headers = {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}
        path = scope.get("root_path", "") + scope["path"]
        return cls(scope["method"], path, scope.get("query_string", b"").decode("latin1"), headers)

    @property
    def wants_page(self) -> bool:
        """Whether a browser opened this address."""
        return self.method == "GET" and "query=" not in self.query and _weight(self.headers, "text/html") > 0

    def media_type(self) -> str:
        """The one to answer in. Raises BadRequest when the client takes none of ours."""
        if not self.headers.get("accept"):
            return JSON
        new, old = _weight(self.headers, RESPONSE_JSON), _weight(self.headers, JSON)
        if not new and not old:
            raise BadRequest(406, f"The answer is {RESPONSE_JSON} or {JSON}.")
        # Who names neither (`*/*`) may be an old client, so the older one goes first.
        return RESPONSE_JSON if new > old or (new == old and RESPONSE_JSON in self.headers["accept"]) else JSON


def _weight(headers: Mapping[str, str], media_type: str) -> float:
    """How much the Accept header wants a media type: 0 to 1, by its most specific match (RFC 9110, 12.5.1)."""
    wanted = [media_type, media_type.partition("/")[0] + "/*", "*/*"]
    found = {}
    for part in headers.get("accept", "").split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            found[name] = float(quality)
        except ValueError:
            found[name] = 0.0
    return next((found[name] for name in wanted if name in found), 0.0)


def operation_of(request: Request, body: bytes) -> Operation:
    """What a GET or POST asks to be executed. Raises BadRequest."""
    return _operation(_from_address(request.query) if request.method == "GET" else _from_body(request, body))


def _from_address(query: str) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = {name: values[-1] for name, values in parse_qs(query, max_num_fields=20).items()}
    except ValueError:
        raise BadRequest(400, "The address has too many parameters.") from None
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _json(fields[name])
    return fields


def _from_body(request: Request, body: bytes) -> dict[str, Any]:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != JSON:
        raise BadRequest(415, f"Send {JSON}.")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if charset not in TEXT_ENCODINGS:
        raise BadRequest(415, "Send UTF-8.")
    fields = _json(body)
    if isinstance(fields, list):
        raise BadRequest(400, "One operation a request: batches are not taken.")
    if not isinstance(fields, dict):
        raise BadRequest(400, "The body must be a JSON object.")
    return fields


def _json(text: str | bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadRequest(400, "This is not JSON.") from None


def _operation(fields: Mapping[str, Any]) -> Operation:
    for name, kind, words in (
        ("query", str, "a string"),
        ("operationName", str, "a string"),
        ("variables", dict, "an object"),
        ("extensions", dict, "an object"),
    ):
        if not isinstance(fields.get(name), kind | None):
            raise BadRequest(400, f"`{name}` must be {words}.")
    if not fields.get("query"):
        raise BadRequest(400, "`query` is missing.")
    # An empty name means none: GraphiQL sends it so.
    return Operation(fields["query"], fields.get("variables") or {}, fields.get("operationName") or None)


def status_of(answer: Answer, media_type: str) -> int:
    """The HTTP status of an answer: the older media type says 200 to every well-formed request."""
    return 400 if media_type == RESPONSE_JSON and not answer.was_executed else 200
