"""What can be asked about a stream that sounds."""

from typing import Annotated

import strawberry
from strawberry import ID

from backend.assets.resources import ASSET
from backend.bus import replies
from backend.listening.queries import explain_asset
from backend.listening.resources import STREAM
from schema.context import Info
from schema.cost import POINTS
from schema.fields import field
from schema.ids import key_of

StreamId = Annotated[ID, strawberry.argument(description="A stream of your own; staff may ask about any.")]
AssetId = Annotated[ID, strawberry.argument(description="A recording of the stream's project.")]


@strawberry.type(description="One rule of choosing, and what it says of a recording.")
class Reason:
    rule: str = strawberry.field(description="The rule, as a stable name to decide by.")
    passed: bool = strawberry.field(description="Whether the rule lets the recording play.")
    detail: str = strawberry.field(description="The same as a sentence for a person.")

    @classmethod
    def of(cls, reason: replies.Reason) -> "Reason":
        """The engine's reason as clients see it."""
        return cls(rule=reason.rule, passed=reason.passed, detail=reason.detail)


@strawberry.type(description="Why a recording would play in a stream now, or would not.")
class AssetExplanation:
    playable: bool = strawberry.field(description="Whether it may be chosen now: all rules let it play.")
    reasons: list[Reason] = strawberry.field(description="All rules, in the order in which they are asked.")


@strawberry.type
class StreamQuestions:
    """A part of Query."""

    @field(
        "Why a recording plays in a stream now, or why not: answered by what chooses the recordings.",
        metadata={POINTS: 1_000},
    )
    def explain_asset(self, info: Info, stream_id: StreamId, asset_id: AssetId) -> AssetExplanation:
        found = explain_asset(
            key_of(STREAM, stream_id, field="stream_id"),
            key_of(ASSET, asset_id, field="asset_id"),
            info.context.viewer,
        )
        reasons = [Reason.of(reason) for reason in found.reasons]
        return AssetExplanation(playable=all(reason.passed for reason in reasons), reasons=reasons)
