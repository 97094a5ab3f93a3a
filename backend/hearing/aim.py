"""Which way and how far somebody listens."""

import math
from dataclasses import dataclass

from backend.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Angles in degrees, ranges in metres; None leaves it to the project."""

    heading: float | None = None
    width: float | None = None
    range_min: float | None = None
    range_max: float | None = None

    @classmethod
    def checked(cls, *, heading: object, width: object, range_min: object, range_max: object) -> "Aim":
        """An aim from what a client sent (numbers or their text). Raises InvalidInput with the field."""
        turned = _number(heading, "heading", low=-math.inf, high=math.inf)
        nearest = _number(range_min, "range_min", low=0, high=math.inf)
        farthest = _number(range_max, "range_max", low=0, high=math.inf)
        if nearest is not None and farthest is not None and nearest > farthest:
            raise InvalidInput("range_max must not be less than range_min.", field="range_max")
        return cls(
            heading=None if turned is None else turned % 360,
            width=_number(width, "width", low=0, high=360),
            range_min=nearest,
            range_max=farthest,
        )

    @property
    def decides(self) -> bool:
        """Whether `nearness` asks a beam or a range, and not the assets' own shapes and the project's radius."""
        return self.heading is not None or self.range_max is not None


NOT_AIMED = Aim()


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
