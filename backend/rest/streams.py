"""Streams, which the old API names by their session."""

from collections.abc import Callable

from rest_framework.request import Request
from rest_framework.response import Response

from backend.listening.actions import heartbeat, open_stream
from backend.listening.changes import StreamChange, change_stream
from backend.listening.models import Stream
from backend.listening.offers import Offer, OfferKind, offer
from backend.listening.queries import is_live, stream_of_session
from backend.listening.requests import MoveRequest, OpenRequest
from backend.rest.parameters import Parameters
from backend.rest.representation import Record
from backend.rest.views import Door

Verb = Callable[..., Stream]

MESSAGE_KEYS = {OfferKind.DEMO: "demo_stream_message", OfferKind.OUT_OF_RANGE: "user_message"}


class Streams(Door):
    """A stream opens."""

    old_names = {"format": "audio_format", "bitrate": "audio_stream_bitrate"}
    sent_ids = frozenset({"session_id"})

    def post(self, request: Request) -> Response:
        """Where to hear it; a stream that is open is moved."""
        sent = self.body
        wanted = OpenRequest(
            latitude=sent.number("latitude"),
            longitude=sent.number("longitude"),
            tag_ids=sent.ids("tag_ids", "tags") or (),
            format=sent.text("audio_format"),
            bitrate=sent.text("audio_stream_bitrate"),
        )
        stream = open_stream(sent.required_id("session_id"), viewer=self.viewer, request=wanted)
        return Response({"stream_id": stream.session_id} | _offered(offer(stream)))


class StreamItem(Door):
    """A stream changes."""

    old_names = {
        "heading": "listener_heading",
        "width": "listener_width",
        "range_min": "listener_range_min",
        "range_max": "listener_range_max",
    }

    def patch(self, request: Request, pk: str) -> Response:
        """Moved, filtered, in another language: any of these, or none when one of them is refused."""
        change = StreamChange(
            move=_move(self.body),
            tag_ids=self.body.ids("tag_ids", "tags"),
            language_code=self.body.text("language"),
        )
        stream = change_stream(stream_of_session(pk, self.viewer).pk, change, viewer=self.viewer)
        return Response({"stream_id": stream.session_id, "success": True})


class StreamVerb(Door):
    """Something is done with a stream; each address names its own verb."""

    verb: Verb = staticmethod(heartbeat)

    def post(self, request: Request, pk: str) -> Response:
        """Done."""
        stream = self.verb(stream_of_session(pk, self.viewer).pk, viewer=self.viewer)
        return Response({"stream_id": stream.session_id, "success": True})


class StreamIsActive(Door):
    """Whether the engine serves a stream."""

    def get(self, request: Request, pk: str) -> Response:
        """The engine is asked."""
        stream = stream_of_session(pk, self.viewer)
        return Response({"stream_id": stream.session_id, "active": is_live(stream)})


def _move(sent: Parameters) -> MoveRequest | None:
    latitude, longitude = sent.number("latitude"), sent.number("longitude")
    if latitude is None and longitude is None:
        return None
    return MoveRequest(
        latitude=latitude,
        longitude=longitude,
        heading=sent.number("listener_heading", "listen_heading"),
        width=sent.number("listener_width", "listen_width"),
        range_min=sent.number("listener_range_min", "listen_range_min"),
        range_max=sent.number("listener_range_max", "listen_range_max"),
    )


def _offered(given: Offer) -> Record:
    told = {MESSAGE_KEYS[given.kind]: given.message} if given.kind in MESSAGE_KEYS else {}
    return {"stream_url": given.url} | told
