"""A point on the earth."""

import math
from dataclasses import dataclass

from backend.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees on WGS 84; latitude -90..90, longitude -180..180."""

    latitude: float
    longitude: float

    @classmethod
    def checked(cls, latitude: object, longitude: object) -> "Position":
        """A position from what a client sent (numbers or their text). Raises InvalidInput with the field."""
        return cls(_degrees(latitude, "latitude", 90), _degrees(longitude, "longitude", 180))


def _degrees(value: object, field: str, limit: float) -> float:
    try:
        degrees = float(value)  # type: ignore[arg-type]  # anything else is the TypeError below
    except (TypeError, ValueError):
        raise InvalidInput(f"{field} must be a number of degrees.", field=field) from None
    if not math.isfinite(degrees) or abs(degrees) > limit:
        raise InvalidInput(f"{field} must be between -{limit} and {limit} degrees.", field=field)
    return degrees
