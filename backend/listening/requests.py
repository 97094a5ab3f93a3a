"""What a client may ask of a stream, as it came, and the same checked."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.errors import InvalidInput, Unsupported
from backend.geo.position import Position
from backend.hearing.aim import Aim
from backend.listening.models import StreamFormat
from backend.projects.models import Bitrate


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """Coordinates in degrees (numbers or their text), `format` mp3 or opus, `bitrate` in kbit/s."""

    latitude: object = None
    longitude: object = None
    tag_ids: Iterable[object] = ()
    format: str | None = None
    bitrate: object = None

    def position(self, *, is_required: bool) -> Position | None:
        """Where the listener is. Raises InvalidInput for what is no place, and when it is required and absent."""
        if self.latitude is None and self.longitude is None:
            if is_required:
                message = "latitude and longitude required for geo_listen_enabled project"
                raise InvalidInput(message, field="latitude")
            return None
        return Position.checked(self.latitude, self.longitude)

    def checked_format(self) -> StreamFormat:
        """Raises InvalidInput, and Unsupported for what is to come."""
        try:
            chosen = StreamFormat((self.format or StreamFormat.MP3).lower())
        except ValueError:
            raise InvalidInput("format must be mp3.", field="format") from None
        if chosen is not StreamFormat.MP3:
            raise Unsupported(f"Streams are not offered as {chosen} yet.", field="format")
        return chosen

    def checked_bitrate(self, *, default: int) -> int:
        """Raises InvalidInput."""
        if self.bitrate is None:
            return default
        offered = {str(bitrate): bitrate for bitrate in Bitrate.values}
        if str(self.bitrate) not in offered:
            raise InvalidInput(f"bitrate must be one of {', '.join(offered)}.", field="bitrate")
        return offered[str(self.bitrate)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRequest:
    """Coordinates and angles in degrees, ranges in metres; numbers or their text."""

    latitude: object
    longitude: object
    heading: object = None
    width: object = None
    range_min: object = None
    range_max: object = None

    def aim(self) -> Aim:
        """Raises InvalidInput."""
        return Aim.checked(heading=self.heading, width=self.width, range_min=self.range_min, range_max=self.range_max)
