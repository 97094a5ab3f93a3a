"""GraphQL over HTTP: what a request asks, and in which media type its answer goes back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson

from schema.execution import Answer, Operation

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"
MULTIPART = "multipart/form-data"
DOCUMENT_ID = re.compile(r"sha256:[0-9a-fA-F]{64}")
ASKING_PARAMETERS = ("query=", "documentId=", "extensions=")
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
    scope: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, scope: Mapping[str, Any]) -> "Request":
        """From an ASGI scope; of a header that comes twice the last counts."""
        headers = {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}
        path = scope.get("root_path", "") + scope["path"]
        return cls(scope["method"], path, scope.get("query_string", b"").decode("latin1"), headers, scope)

    @property
    def wants_page(self) -> bool:
        """Whether a browser opened this address."""
        asks = any(parameter in self.query for parameter in ASKING_PARAMETERS)
        return self.method == "GET" and not asks and _weight(self.headers, "text/html") > 0

    @property
    def is_multipart(self) -> bool:
        """Whether files come with it."""
        return self.method == "POST" and self.headers.get("content-type", "").lower().startswith(MULTIPART)

    @property
    def takes_events(self) -> bool:
        """Whether the answer may be a stream of events."""
        return _accepted(self.headers).get(EVENTS, 0.0) > 0

    @property
    def prefers_events(self) -> bool:
        """Whether it should be one even where a single answer would do: of equals, what is named first."""
        accepted = _accepted(self.headers)
        rivals = [name for name in accepted if name in (RESPONSE_JSON, JSON, EVENTS)]
        return self.takes_events and max(rivals, key=lambda name: accepted[name]) == EVENTS

    def media_type(self) -> str:
        """The one to answer in. Raises BadRequest when the client takes none of ours."""
        if not self.headers.get("accept"):
            return JSON
        new, old = _weight(self.headers, RESPONSE_JSON), _weight(self.headers, JSON)
        if not new and not old:
            if self.takes_events:
                # What can not be followed is said so.
                return RESPONSE_JSON
            raise BadRequest(406, f"The answer is {RESPONSE_JSON}, {JSON} or {EVENTS}.")
        # Who names neither (`*/*`) may be an old client, so the older one goes first.
        return RESPONSE_JSON if new > old or (new == old and RESPONSE_JSON in self.headers["accept"]) else JSON


def _weight(headers: Mapping[str, str], media_type: str) -> float:
    """How much the Accept header wants a media type: 0 to 1, by its most specific match (RFC 9110, 12.5.1)."""
    wanted = [media_type, media_type.partition("/")[0] + "/*", "*/*"]
    accepted = _accepted(headers)
    return next((accepted[name] for name in wanted if name in accepted), 0.0)


def _accepted(headers: Mapping[str, str]) -> dict[str, float]:
    found = {}
    for part in headers.get("accept", "").split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            found[name] = float(quality)
        except ValueError:
            found[name] = 0.0
    return found


def operation_of(request: Request, body: bytes) -> Operation:
    """What a GET or POST asks to be executed. Raises BadRequest."""
    return operation_from(_from_address(request.query) if request.method == "GET" else _from_body(request, body))


def _from_address(query: str) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = {name: values[-1] for name, values in parse_qs(query, max_num_fields=20).items()}
    except ValueError:
        raise BadRequest(400, "The address has too many parameters.") from None
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = read_json(fields[name])
    return fields


def _from_body(request: Request, body: bytes) -> Any:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != JSON:
        raise BadRequest(415, f"Send {JSON}.")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if charset not in TEXT_ENCODINGS:
        raise BadRequest(415, "Send UTF-8.")
    return read_json(body)


def operation_from(fields: Any) -> Operation:
    """What a JSON body or a multipart request's `operations` asks for. Raises BadRequest."""
    if isinstance(fields, list):
        raise BadRequest(400, "One operation a request: batches are not taken.")
    if not isinstance(fields, dict):
        raise BadRequest(400, "An operation is a JSON object.")
    return _operation(fields)


def read_json(text: str | bytes) -> Any:
    """Raises BadRequest for what is no JSON in UTF-8, nor within the numbers and depths that JSON readers share."""
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
        ("documentId", str, "a string"),
    ):
        if not isinstance(fields.get(name), kind | None):
            raise BadRequest(400, f"`{name}` must be {words}.")
    sha256 = sha256_of(fields)
    if not fields.get("query") and sha256 is None:
        raise BadRequest(400, "`query` is missing.")
    # An empty name means none: GraphiQL sends it so.
    operation_name = fields.get("operationName") or None
    return Operation(fields.get("query") or "", fields.get("variables") or {}, operation_name, sha256)


def sha256_of(fields: Mapping[str, Any]) -> str | None:
    """The hash that names a document: in `documentId`, or as automatic persisted queries have it. Raises BadRequest."""
    given: str | None = fields.get("documentId")
    persisted = (fields.get("extensions") or {}).get("persistedQuery")
    if given is None and persisted is not None:
        given = f"sha256:{persisted.get('sha256Hash')}" if isinstance(persisted, dict) else ""
    if given is None:
        return None
    if not DOCUMENT_ID.fullmatch(given):
        raise BadRequest(400, "A document's id is `sha256:` and 64 hex digits.")
    return given.removeprefix("sha256:").lower()


def status_of(answer: Answer, media_type: str) -> int:
    """The HTTP status of an answer: the older media type says 200 to every well-formed request."""
    return 400 if media_type == RESPONSE_JSON and not answer.was_executed else 200
