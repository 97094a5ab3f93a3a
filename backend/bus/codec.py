"""Messages as bytes and back: JSON with the name of the dataclass beside its fields."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, get_args

import msgspec

from backend.bus.commands import Command
from backend.bus.cursor import Stamp
from backend.bus.events import Change, EngineReported, Event, MixPlanned, StreamEvent
from backend.bus.replies import Reply

Message: TypeAlias = Command | Event | Reply


class Topic(StrEnum):
    """Where a message goes: one letter on the wire."""

    COMMANDS = "c"
    CHANGES = "d"
    EVENTS = "e"
    REPLIES = "r"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as it travels. `question` ties a reply to its command; empty when no answer is expected.

    `stamp` says where an event stands in its project's log; what is not logged has none.
    """

    message: Message
    question: str = ""
    stamp: Stamp | None = None

    @property
    def topic(self) -> Topic:
        """The topic that this message's kind belongs to."""
        return _TOPICS[type(self.message)]


class UnknownMessage(ValueError):
    """The bytes are no message of this version."""


class _Wire(msgspec.Struct, omit_defaults=True):
    kind: str
    body: msgspec.Raw
    question: str = ""
    stamp: Stamp | None = None


_TOPICS: dict[type, Topic] = {
    kind: topic
    for union, topic in (
        (Command, Topic.COMMANDS),
        (Change, Topic.CHANGES),
        (StreamEvent, Topic.EVENTS),
        (MixPlanned, Topic.EVENTS),
        (EngineReported, Topic.EVENTS),
        (Reply, Topic.REPLIES),
    )
    for kind in get_args(union) or (union,)
}
_KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in _TOPICS}


def encode(envelope: Envelope) -> bytes:
    """The wire form of a message."""
    body = msgspec.Raw(msgspec.json.encode(envelope.message))
    return msgspec.json.encode(_Wire(type(envelope.message).__name__, body, envelope.question, envelope.stamp))


def decode(data: bytes) -> Envelope:
    """The message in `data`. Raises UnknownMessage when it is none of ours or malformed."""
    try:
        wire = msgspec.json.decode(data, type=_Wire)
        return Envelope(msgspec.json.decode(wire.body, type=_KINDS[wire.kind]), wire.question, wire.stamp)
    except (msgspec.MsgspecError, KeyError) as error:
        raise UnknownMessage(f"not a message of this version: {error}") from error
