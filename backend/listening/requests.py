"""What a client may ask of a stream, as it came, and the same checked."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from backend.errors import InvalidInput, Unsupported
from backend.geo.position import Position
from backend.ids import TagId
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

    def aim(self) -> "Aim":
        """Raises InvalidInput."""
        heading = _number(self.heading, "heading", low=-math.inf, high=math.inf)
        aim = Aim(
            heading=None if heading is None else heading % 360,
            width=_number(self.width, "width", low=0, high=360),
            range_min=_number(self.range_min, "range_min", low=0, high=math.inf),
            range_max=_number(self.range_max, "range_max", low=0, high=math.inf),
        )
        if aim.range_min is not None and aim.range_max is not None and aim.range_min > aim.range_max:
            raise InvalidInput("range_max must not be less than range_min.", field="range_max")
        return aim


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Which way and how far somebody listens: degrees and metres; None leaves it to the project."""

    heading: float | None = None
    width: float | None = None
    range_min: float | None = None
    range_max: float | None = None


NOT_AIMED = Aim()


def checked_tag_ids(tag_ids: Iterable[object]) -> tuple[TagId, ...]:
    """Each once, in order. Raises InvalidInput for what is no id; the tag rule leaves out ids of no tag."""
    return tuple(dict.fromkeys(TagId(_whole(tag_id)) for tag_id in tag_ids))


def _whole(value: object) -> int:
    text = str(value).strip()
    # 18 digits fit every database's integer.
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidInput("tag_ids must be numbers.", field="tag_ids")
    return int(text)


def _number(value: object, field: str, *, low: float, high: float) -> float | None:
    if value is None:
        return None
    try:
        number = float(str(value))
    except ValueError:
        raise InvalidInput(f"{field} must be a number.", field=field) from None
    if not math.isfinite(number) or not low <= number <= high:
        raise InvalidInput(f"{field} must be a number between {low} and {high}.", field=field)
    return number
