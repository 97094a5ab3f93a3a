"""What a client is given to play: its stream, or an address of the project instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backend.listening.models import Stream, StreamState
from backend.listening.queries import stream_url
from backend.projects.models import LocalizedString
from backend.projects.texts import localized, reading_order
from backend.resources.addresses import absolute
from backend.visits.models import Session

OUT_OF_RANGE_MESSAGE = "You are out of range of this project. Please go somewhere within range and try again."


class OfferKind(StrEnum):
    """Why this address."""

    LIVE = "live"
    DEMO = "demo"
    OUT_OF_RANGE = "out_of_range"


@dataclass(frozen=True, slots=True)
class Offer:
    """An address, and what to tell the listener about it, in the language of the visit."""

    kind: OfferKind
    url: str
    message: str = ""


def offer(stream: Stream) -> Offer:
    """What to play for this stream, and what to say about it."""
    kind, url = address(stream)
    visit, project = stream.session, stream.session.project
    if project is None or kind is OfferKind.LIVE:
        return Offer(kind, url)
    if kind is OfferKind.DEMO:
        return Offer(kind, url, _read(project.demo_stream_message_texts.all(), visit) or "")
    return Offer(kind, url, _read(project.out_of_range_message_texts.all(), visit) or OUT_OF_RANGE_MESSAGE)


def address(stream: Stream) -> tuple[OfferKind, str]:
    """What to play for this stream. A project without an address of its own for a case gives the live one."""
    project = stream.session.project
    if project is not None and stream.session.demo_stream_enabled and project.demo_stream_url:
        return OfferKind.DEMO, absolute(project.demo_stream_url)
    if project is not None and stream.state == StreamState.OUT_OF_RANGE:
        return OfferKind.OUT_OF_RANGE, absolute(project.out_of_range_url) or stream_url(stream)
    return OfferKind.LIVE, stream_url(stream)


def _read(texts: Iterable[LocalizedString], visit: Session) -> str | None:
    return localized(texts, reading_order(visit.project, visit.language_id))
