"""Where a stream's listener is, and whether anything is heard there."""

from backend.geo.position import Position
from backend.hearing.aim import Aim
from backend.listening.liveness import WITHIN_RANGE
from backend.listening.models import Stream, StreamState
from backend.soundscape.queries import is_within_reach

PLACE_FIELDS = ("latitude", "longitude", "heading", "width", "range_min", "range_max")


def place(stream: Stream, position: Position | None, aim: Aim) -> None:
    """Set PLACE_FIELDS; they are not stored."""
    stream.latitude, stream.longitude = (position.latitude, position.longitude) if position else (None, None)
    stream.heading, stream.width = aim.heading, aim.width
    stream.range_min, stream.range_max = aim.range_min, aim.range_max


def reaches(stream: Stream, position: Position | None) -> bool:
    """Whether some speaker of the visited project is near enough to this place."""
    project = stream.session.project
    return project is not None and is_within_reach(project, position, is_geo=stream.session.geo_listen_enabled)


def enter_range(stream: Stream) -> None:
    """The engine will say so, too; but who asks shall read it in the answer."""
    Stream.objects.filter(pk=stream.pk, state=StreamState.OUT_OF_RANGE).update(state=WITHIN_RANGE)
    stream.refresh_from_db(fields=["state"])
