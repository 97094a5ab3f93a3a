"""What the engine answers to the few commands that are questions."""

from dataclasses import dataclass

from backend.ids import AssetId, StreamId


@dataclass(frozen=True, slots=True)
class StreamDescription:
    """Whether the engine serves this stream now, and to how many connected listeners."""

    stream_id: StreamId
    is_live: bool
    listeners: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of choosing, by its stable name, and what it says of one asset; `detail` is a sentence."""

    rule: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class AssetExplanation:
    """Every rule in the order in which it is asked; `is_known` is False for a stream that the engine does not serve."""

    stream_id: StreamId
    asset_id: AssetId
    is_known: bool
    reasons: tuple[Reason, ...] = ()


Reply = StreamDescription | AssetExplanation
