"""HTTP answers as bytes. Every connection carries one: `Connection: close` ends the body, also for HTTP/1.0."""

from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus

import orjson

from audio_engine.delivery.broadcast import Broadcast
from audio_engine.delivery.icy import METAINT_BYTES

_EVERYWHERE = {
    "Server": "Earshot",
    "Connection": "close",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "icy-metaint, icy-br, icy-name, retry-after",
}


class Refusal(Enum):
    """Why somebody does not get to listen: status, code for clients, sentence for a person."""

    # One answer for a stream that is not there and for a key that is wrong, so that nobody learns which.
    NOT_FOUND = (HTTPStatus.NOT_FOUND, "NOT_FOUND", "There is no such stream.")
    OVERLOADED = (HTTPStatus.SERVICE_UNAVAILABLE, "OVERLOADED", "The engine is busy. Try again in a few seconds.")
    METHOD_NOT_ALLOWED = (HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "Only GET, HEAD and OPTIONS are known.")
    BAD_REQUEST = (HTTPStatus.BAD_REQUEST, "BAD_REQUEST", "This is not a request that can be understood.")
    HEADERS_TOO_LARGE = (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "HEADERS_TOO_LARGE", "The headers are too large.")


_RETRY_SECONDS = 5
_REFUSAL_HEADERS = {
    Refusal.OVERLOADED: {"Retry-After": str(_RETRY_SECONDS)},
    Refusal.METHOD_NOT_ALLOWED: {"Allow": "GET, HEAD, OPTIONS"},
}


def head(status: HTTPStatus, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
    lines += [f"{name}: {value}" for name, value in {**_EVERYWHERE, **headers}.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def whole(status: HTTPStatus, content_type: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    described = {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}
    return head(status, described) + body


def refusal(reason: Refusal) -> bytes:
    status, code, message = reason.value
    body = orjson.dumps({"code": code, "message": message})
    return whole(status, "application/json", body, _REFUSAL_HEADERS.get(reason))


def stream_head(broadcast: Broadcast, *, with_titles: bool) -> bytes:
    """The head of an endless answer, to a request with a Range too.

    iOS asks for bytes 0-1 first. After 206 it asks for 0-1073741822, and forgets to ask for titles; after 200 it asks
    again without a range, with Icy-MetaData (karlheyes/icecast-kh, issue 441). Some let the first answer go on
    beside the second (issue 400 there), so such a probe gives way: see Broadcast.attach.
    """
    headers = {"Content-Type": broadcast.framing.content_type, "Accept-Ranges": "none"}
    if broadcast.framing.has_titles:
        headers |= _icy(broadcast, with_titles=with_titles)
    return head(HTTPStatus.OK, headers)


def _icy(broadcast: Broadcast, *, with_titles: bool) -> dict[str, str]:
    name = " ".join(broadcast.name.split())
    headers = {"icy-name": name, "icy-br": str(broadcast.bitrate_kbps), "icy-pub": "0"}
    return headers | ({"icy-metaint": str(METAINT_BYTES)} if with_titles else {})


def preflight() -> bytes:
    return head(
        HTTPStatus.NO_CONTENT,
        {
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "icy-metadata, range",
            "Access-Control-Max-Age": "86400",
        },
    )
