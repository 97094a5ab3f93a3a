"""A grid over the earth, for places that are not to be known exactly."""

import math

from backend.geo.position import Position

# On the mean meridian of WGS 84; of the equator it is 0.1 % less than the truth.
METRES_PER_DEGREE = 111_200.0
# A centimetre.
DECIMALS = 7


def on_grid(position: Position, metres: float) -> Position:
    """The nearest point of a grid of cells `metres` wide, the same for all who ask; 0 leaves the position as it is."""
    if not metres:
        return position
    step = metres / METRES_PER_DEGREE
    latitude = max(-90.0, min(90.0, round(position.latitude / step) * step))
    # A whole number of cells lies on every parallel: the grid has no seam at the date line.
    around = max(1, round(360 * math.cos(math.radians(latitude)) / step))
    east = round(position.longitude * around / 360) * 360 / around
    return Position(round(latitude, DECIMALS), round((east + 180) % 360 - 180, DECIMALS))
