"""Documents that are asked for by their hash, and what happens to those that nobody has registered."""

import logging
import time
from dataclasses import dataclass

from django.conf import settings
from graphql import GraphQLError

from backend.documents.actions import sha256_of
from backend.documents.queries import document_text
from backend.errors import DomainError, InvalidInput
from schema.documents import Refused
from schema.limits import MOST_CHARACTERS
from schema.recent import Recent

log = logging.getLogger(__name__)

WARN, ENFORCE = "warn", "enforce"
REMEMBERED_CHARACTERS = 1_000_000
# One that is withdrawn is refused by every process after this time; one that is registered is known at once.
REMEMBERED_SECONDS = 10.0
# By these words and this code clients of automatic persisted queries know that they have to send the text.
NOT_FOUND = GraphQLError("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})
UNREGISTERED = "This document is not registered; it may be refused one day."


class DocumentRequired(DomainError):
    """Nobody has registered this document, and only registered ones are executed."""

    code = "PERSISTED_DOCUMENT_REQUIRED"


class HashMismatch(InvalidInput):
    """The document has another hash than the one that was sent with it."""

    code = "PERSISTED_QUERY_HASH_MISMATCH"


@dataclass(frozen=True, slots=True)
class Known:
    """A document's text, and what its sender should know."""

    text: str
    warnings: tuple[str, ...] = ()


_texts: Recent[str, tuple[float, str]] = Recent(REMEMBERED_CHARACTERS)


def known_document(text: str, sha256: str | None) -> Known:
    """The document that is meant; for threads that may use the database.

    Raises Refused for a hash that nobody has registered (its sender may try again with the text), HashMismatch, and
    DocumentRequired where the settings say so.
    """
    if not text:
        registered = _registered(sha256 or "")
        if registered is None:
            raise Refused(NOT_FOUND)
        return Known(registered)
    if sha256 is None and settings.GRAPHQL_DOCUMENTS not in (WARN, ENFORCE):
        return Known(text)
    actual = sha256_of(text[: MOST_CHARACTERS + 1])
    if sha256 not in (None, actual):
        raise HashMismatch("The document has another hash.")
    return Known(text, _warnings(actual))


def forget() -> None:
    """All texts, as if the process had just begun."""
    _texts.forget()


def _warnings(sha256: str) -> tuple[str, ...]:
    if settings.GRAPHQL_DOCUMENTS not in (WARN, ENFORCE) or _registered(sha256):
        return ()
    if settings.GRAPHQL_DOCUMENTS == ENFORCE:
        raise DocumentRequired("Only registered documents are executed here.")
    log.warning("The document %s is not registered", sha256)
    return (UNREGISTERED,)


def _registered(sha256: str) -> str | None:
    until, text = _texts.get(sha256) or (0.0, "")
    if text and time.monotonic() < until:
        return text
    found = document_text(sha256)
    if found is not None:
        _texts.keep(sha256, (time.monotonic() + REMEMBERED_SECONDS, found), weight=len(found))
    return found
