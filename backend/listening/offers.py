"""What a client is given to play: its stream, or an address of the project instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backend.listening.models import Stream, StreamState
from backend.listening.queries import stream_url
from backend.projects.models import LocalizedString
from backend.projects.texts import localized, reading_order
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
    """What to play for this stream. A project without an address of its own for a case gives the live one."""
    visit, project = stream.session, stream.session.project
    live = stream_url(stream)
    if project is None:
        return Offer(OfferKind.LIVE, live)
    if visit.demo_stream_enabled and project.demo_stream_url:
        message = _read(project.demo_stream_message_texts.all(), visit)
        return Offer(OfferKind.DEMO, project.demo_stream_url, message or "")
    if stream.state == StreamState.OUT_OF_RANGE:
        message = _read(project.out_of_range_message_texts.all(), visit)
        return Offer(OfferKind.OUT_OF_RANGE, project.out_of_range_url or live, message or OUT_OF_RANGE_MESSAGE)
    return Offer(OfferKind.LIVE, live)


def _read(texts: Iterable[LocalizedString], visit: Session) -> str | None:
    return localized(texts, reading_order(visit.project, visit.language_id))
