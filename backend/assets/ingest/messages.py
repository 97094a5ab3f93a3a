"""What gateway and worker say to each other: never a pickle, for a worker may have been taken over by what it read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.result import Ingested

# A message is one packet of the socket; the longest, a text with its waveform's room, stays well below.
MOST_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Job:
    """The one question."""

    source: str
    kind: str
    into: str
    limits: IngestLimits


class Progressed(msgspec.Struct, frozen=True, tag=True):
    """How far it has come."""

    stage: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """It is finished."""

    ingested: Ingested


class Refused(msgspec.Struct, frozen=True, tag=True):
    """A DomainError."""

    code: str
    message: str
    field: str | None


class DiskFailed(msgspec.Struct, frozen=True, tag=True):
    """An OSError, such as that the disk is full."""

    errno: int
    message: str


class Ended(msgspec.Struct, frozen=True, tag=True):
    """The last message of each job: the child is gone, by this signal (0: by itself)."""

    signal: int


Outcome: TypeAlias = Done | Refused | DiskFailed
Answer: TypeAlias = Progressed | Outcome | Ended

job_bytes = msgspec.msgpack.Encoder().encode
answer_bytes = msgspec.msgpack.Encoder().encode
job_of: Callable[[bytes], Job] = msgspec.msgpack.Decoder(Job).decode
answer_of: Callable[[bytes], Answer] = msgspec.msgpack.Decoder(Answer).decode
