"""Streams, which the old API names by their session."""

from collections.abc import Callable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from backend.listening.actions import heartbeat, open_stream, play_asset
from backend.listening.changes import StreamChange, change_stream
from backend.listening.models import Stream
from backend.listening.offers import OfferKind, offer
from backend.listening.queries import is_live, stream_of_session
from backend.listening.requests import MoveRequest, OpenRequest
from backend.rest.derive.fields import Body, IdField, IdsField, NumberField, WordField
from backend.rest.derive.views import Door

Verb = Callable[..., Stream]

MESSAGE_KEYS = {OfferKind.DEMO: "demo_stream_message", OfferKind.OUT_OF_RANGE: "user_message"}


class StreamBody(Body):
    """Where somebody wants to listen, and to what."""

    session_id = IdField()
    latitude = NumberField(required=False)
    longitude = NumberField(required=False)
    tag_ids = IdsField(required=False)
    audio_format = WordField(required=False, source="format")
    audio_stream_bitrate = NumberField(required=False, source="bitrate")
    other_names = {"session_id": ("session",), "tag_ids": ("tags",)}


class Streams(Door):
    """A stream opens."""

    body_class = StreamBody

    def post(self, request: Request) -> Response:
        """Where to hear it; a stream that is open is moved."""
        said = self.said()
        stream = open_stream(said.pop("session_id"), viewer=self.viewer, request=OpenRequest(**said))
        offered = offer(stream)
        message = {MESSAGE_KEYS[offered.kind]: offered.message} if offered.kind in MESSAGE_KEYS else {}
        return Response({"stream_id": stream.session_id, "stream_url": offered.url, **message})


class ChangeBody(Body):
    """Where somebody is now, and what they want to hear."""

    latitude = NumberField(required=False)
    longitude = NumberField(required=False)
    listener_heading = NumberField(required=False, source="heading")
    listener_width = NumberField(required=False, source="width")
    listener_range_min = NumberField(required=False, source="range_min")
    listener_range_max = NumberField(required=False, source="range_max")
    tag_ids = IdsField(required=False)
    language = WordField(required=False)
    other_names = {
        "tag_ids": ("tags",),
        **{f"listener_{name}": (f"listen_{name}",) for name in ("heading", "width", "range_min", "range_max")},
    }


class StreamItem(Door):
    """A stream changes."""

    body_class = ChangeBody

    def patch(self, request: Request, pk: str) -> Response:
        """Moved, filtered, in another language: any of these, or none when one of them is refused."""
        said = self.said()
        tag_ids, language = said.pop("tag_ids", None), said.pop("language", None)
        change = StreamChange(move=_move(said), tag_ids=tag_ids, language_code=language)
        stream = change_stream(stream_of_session(pk, self.viewer).pk, change, viewer=self.viewer)
        return Response({"stream_id": stream.session_id, "success": True})


def _move(said: dict[str, Any]) -> MoveRequest | None:
    place = {name: said.pop(name, None) for name in ("latitude", "longitude")}
    return None if set(place.values()) == {None} else MoveRequest(**place, **said)


class StreamVerb(Door):
    """Something is done with a stream; each address names its own verb."""

    verb: Verb = staticmethod(heartbeat)

    def post(self, request: Request, pk: str) -> Response:
        """Done."""
        stream = self.verb(stream_of_session(pk, self.viewer).pk, viewer=self.viewer)
        return Response({"stream_id": stream.session_id, "success": True})


class PlayBody(Body):
    """A recording."""

    asset_id = IdField()
    other_names = {"asset_id": ("asset",)}


class StreamPlays(Door):
    """A recording plays at once."""

    body_class = PlayBody

    def post(self, request: Request, pk: str) -> Response:
        """Done."""
        stream = play_asset(stream_of_session(pk, self.viewer).pk, self.said()["asset_id"], viewer=self.viewer)
        return Response({"stream_id": stream.session_id, "success": True})


class StreamIsActive(Door):
    """Whether the engine serves a stream."""

    def get(self, request: Request, pk: str) -> Response:
        """The engine is asked."""
        stream = stream_of_session(pk, self.viewer)
        return Response({"stream_id": stream.session_id, "active": is_live(stream)})
