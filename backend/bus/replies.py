"""What the engine answers to the few commands that are questions."""

from dataclasses import dataclass

from backend.ids import StreamId


@dataclass(frozen=True, slots=True)
class StreamDescription:
    """Whether the engine serves this stream now, and to how many connected listeners."""

    stream_id: StreamId
    is_live: bool
    listeners: int


Reply = StreamDescription
