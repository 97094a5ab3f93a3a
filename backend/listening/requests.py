"""What a client may ask of a stream, as it came, and the same checked."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.errors import InvalidInput
from backend.geo.position import Position
from backend.hearing.aim import Aim
from backend.listening.models import StreamFormat
from backend.projects.models import Bitrate, Project

# As clients and projects say it; the old server's streams of Ogg ended so, too.
FORMATS = {"mp3": StreamFormat.MP3, "opus": StreamFormat.OPUS, "ogg": StreamFormat.OPUS}
OFFERED_KBPS = {
    StreamFormat.MP3: tuple(rate for rate in Bitrate.values if rate >= 64),
    StreamFormat.OPUS: tuple(rate for rate in Bitrate.values if rate <= 128),
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a stream is to be encoded, at so many kbit/s."""

    format: StreamFormat
    bitrate_kbps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """Coordinates in degrees (numbers or their text), `format` mp3, ogg or opus, `bitrate` in kbit/s."""

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

    def encoding(self, project: Project) -> Encoding:
        """What is asked for, else as the project says. Raises InvalidInput."""
        chosen = self._format() or FORMATS.get(project.audio_format.lower(), StreamFormat.MP3)
        return Encoding(chosen, self._bitrate_kbps(chosen) or _nearest(project.bitrate_kbps, chosen))

    def _format(self) -> StreamFormat | None:
        if self.format is None:
            return None
        if self.format.lower() not in FORMATS:
            raise InvalidInput(f"format must be one of {', '.join(FORMATS)}.", field="format")
        return FORMATS[self.format.lower()]

    def _bitrate_kbps(self, chosen: StreamFormat) -> int | None:
        if self.bitrate is None:
            return None
        offered = {str(rate): rate for rate in OFFERED_KBPS[chosen]}
        if str(self.bitrate) not in offered:
            raise InvalidInput(f"bitrate must be one of {', '.join(offered)} for {chosen}.", field="bitrate")
        return offered[str(self.bitrate)]


def _nearest(kbps: int, chosen: StreamFormat) -> int:
    """A project's bit rate need not be one of the format that a client asks for."""
    return min(OFFERED_KBPS[chosen], key=lambda offered: abs(offered - kbps))


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
