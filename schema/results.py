"""What the mutations of a visit give back when they did what was asked."""

from typing import Any

import strawberry

from backend.accounts.models import User
from backend.accounts.resources import USER
from backend.listening.resources import STREAM
from backend.visits.resources import SESSION
from schema import types
from schema.context import Info
from schema.derive.fetch import fetch_one
from schema.fields import field
from schema.payloads import Success


@strawberry.type
class AccountSuccess(Success):
    """A result that opens an account."""

    account: strawberry.Private[User]
    token: str = strawberry.field(description="Opens the account: send it as `Authorization: Token …`. Shown only now.")

    @field("The account.", types.User)
    def user(self, info: Info) -> Any:
        return fetch_one(USER.rows(self.account).filter(pk=self.account.pk), info._raw_info)


@strawberry.type(description="The device has an account.")
class RegisterDeviceSuccess(AccountSuccess):
    """Of registerDevice."""


@strawberry.type(description="The visit has begun.")
class CreateSessionSuccess(Success):
    session_key: strawberry.Private[int]

    @field("The visit.", types.Session)
    def session(self, info: Info) -> Any:
        return fetch_one(SESSION.rows(info.context.viewer).filter(pk=self.session_key), info._raw_info)


@strawberry.type
class StreamSuccess(Success):
    """A result that shows the stream it changed."""

    stream_key: strawberry.Private[str]

    @field("The stream as it is now.", types.Stream)
    def stream(self, info: Info) -> Any:
        return fetch_one(STREAM.rows(info.context.viewer).filter(pk=self.stream_key), info._raw_info)


@strawberry.type(description="The stream is open.")
class OpenStreamSuccess(StreamSuccess):
    """Of openStream."""


@strawberry.type(description="The listener has moved.")
class MoveListenerSuccess(StreamSuccess):
    """Of moveListener."""


@strawberry.type(description="The tags count from now on.")
class FilterTagsSuccess(StreamSuccess):
    """Of filterTags."""


@strawberry.type(description="The recordings fade out.")
class PauseStreamSuccess(StreamSuccess):
    """Of pauseStream."""


@strawberry.type(description="The recordings play again.")
class ResumeStreamSuccess(StreamSuccess):
    """Of resumeStream."""


@strawberry.type(description="The recordings fade out, and the next one starts.")
class SkipAssetSuccess(StreamSuccess):
    """Of skipAsset."""


@strawberry.type(description="The recording starts.")
class PlayAssetSuccess(StreamSuccess):
    """Of playAsset."""


@strawberry.type(description="The recording that was heard last starts again.")
class ReplayAssetSuccess(StreamSuccess):
    """Of replayAsset."""


@strawberry.type(description="The server knows that the listener is there.")
class HeartbeatSuccess(StreamSuccess):
    """Of heartbeat."""


@strawberry.type(description="The stream has ended.")
class CloseStreamSuccess(StreamSuccess):
    """Of closeStream."""
