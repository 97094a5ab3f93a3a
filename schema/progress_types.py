"""What uploads and engines look like to those who follow them."""

import datetime as dt
from typing import Any

import strawberry
from strawberry import ID

from backend.assets.resources import ASSET
from realtime.happening import Happening
from schema import types
from schema.context import Info
from schema.enums import UploadState
from schema.event_types import rows_of
from schema.fields import field
from schema.ids import global_id


@strawberry.type(description="How far an upload is.")
class UploadProgress:
    happening: strawberry.Private[Happening]

    @property
    def event(self) -> Any:
        """How far it is."""
        return self.happening.event

    @field("The upload's id.")
    def upload_id(self) -> ID:
        return ID(global_id("AssetUpload", self.event.upload_id))

    @field("What is being done with it; STORED and FAILED are the end.")
    def state(self) -> UploadState:
        return UploadState(self.event.state)

    @field("Why it failed, as a stable code; empty unless it has failed.")
    def error_code(self) -> str:
        return str(self.event.error_code)

    @field("Why it failed, as a sentence; empty unless it has failed.")
    def error_message(self) -> str:
        return str(self.event.error_message)

    @field("What it has become; null until it is stored.", types.Asset | None)
    async def asset(self, info: Info) -> Any:
        key = self.event.asset_id
        return None if key is None else (await rows_of(ASSET, [key], info)).get(key)


@strawberry.type(description="What an engine said of itself last.")
class EngineStatus:
    engine_id: str = strawberry.field(description="Which engine; one that starts anew is another.")
    reported_at: dt.datetime = strawberry.field(description="When it said so.")
    is_silent: bool = strawberry.field(description="Whether it has said nothing for five seconds since.")
    uptime_seconds: float = strawberry.field(description="How long it has been running.")
    load: float = strawberry.field(description="The time that it renders over the time that it has: 1 is all of it.")
    sessions: int = strawberry.field(description="The streams that it serves.")
    listeners: int = strawberry.field(description="Those who are connected to them.")
    late_ticks: int = strawberry.field(description="How often it was late, since its start.")
    underruns: int = strawberry.field(description="How often a listener had nothing left to play, since its start.")
    drops: int = strawberry.field(description="What listeners did not take in time, in pieces, since its start.")
    # Beyond what an Int of GraphQL holds.
    bank_bytes: float = strawberry.field(description="The decoded sounds that it holds open, in bytes.")
    largest_lag_seconds: float = strawberry.field(description="The most that a listener has yet to take, in seconds.")


def shown_engine(happening: Happening) -> EngineStatus:
    """The status as clients see it."""
    event: Any = happening.event
    return EngineStatus(**{name: getattr(event, name) for name in event.__dataclass_fields__})


def shown_upload(happening: Happening) -> UploadProgress:
    """The progress as clients see it."""
    return UploadProgress(happening=happening)
