"""Which assets are near a listener: the first rule that applies, of beam, range, own shape and radius."""

from typing import NamedTuple, Protocol

import numpy as np

from backend.geo.earth import Floats, Viewpoint
from backend.geo.position import Position
from backend.hearing.assets import ON_THE_LINE_METRES, AssetField, Mask
from backend.hearing.listener import Listener

# Reference 4.2: the width of a beam when none is given, in degrees, and a project's radius, in metres.
DEFAULT_WIDTH = 30.0
DEFAULT_RADIUS_METRES = 1.0
# Who was near has left only this much farther out, as a part of the radius: positions of GPS jitter.
LEAVING = 0.25


class Reach(NamedTuple):
    """How far away an asset that is near may be: its place, and its shape; None where shapes do not count."""

    place_metres: float
    shape_metres: float | None = None

    @classmethod
    def of(cls, listener: Listener, *, radius_metres: float | None, slack: float = 0.0) -> "Reach":
        """As `are_within` has it."""
        if listener.range_max is not None:
            return cls(listener.range_max * (1 + slack))
        if listener.heading is not None:
            return cls(np.inf)
        radius = DEFAULT_RADIUS_METRES if radius_metres is None else radius_metres
        return cls(radius * (1 + slack), max(radius * slack, ON_THE_LINE_METRES))


class Sight(Protocol):
    """Some assets as they are seen from one position; every answer is in their order."""

    @property
    def has_shape(self) -> Mask: ...

    def metres(self) -> Floats:
        """To each of them; NaN for one that has no position."""

    def bearings(self) -> Floats:
        """Degrees clockwise from north."""

    def metres_inside(self) -> Floats:
        """How deep the position lies in the shape of each of those that have one."""


class Panorama:
    """All assets, seen from a position."""

    def __init__(self, assets: AssetField, position: Position) -> None:
        self.has_shape = assets.has_shape
        self._assets = assets
        self._position = position
        self._viewpoint = Viewpoint(position)

    def metres(self) -> Floats:
        return self._viewpoint.metres(self._assets.places)

    def bearings(self) -> Floats:
        return self._viewpoint.bearings(self._assets.places)

    def metres_inside(self) -> Floats:
        return self._assets.shapes.metres_inside(self._position)


def near(assets: AssetField, listener: Listener, *, radius_metres: float | None) -> Mask:
    """Whether each asset is near; without geo listening all are, without a position none."""
    if not listener.is_geo:
        return np.ones(len(assets.ids), dtype=np.bool_)
    if listener.position is None:
        return np.zeros(len(assets.ids), dtype=np.bool_)
    return are_within(Panorama(assets, listener.position), listener, radius_metres=radius_metres)


def are_within(sight: Sight, listener: Listener, *, radius_metres: float | None, slack: float = 0.0) -> Mask:
    """The rule itself, for a listener with a position; `slack` widens it on all sides by a part of its size."""
    if listener.heading is not None:
        return _are_in_ring(sight, listener, slack) & _are_in_beam(sight, listener, slack)
    if listener.range_max is not None:
        return _are_in_ring(sight, listener, slack)
    reach = Reach.of(listener, radius_metres=radius_metres, slack=slack)
    are_close: Mask = sight.metres() <= reach.place_metres
    metres_inside = sight.metres_inside()
    if reach.shape_metres is not None and len(metres_inside):
        are_close[sight.has_shape] = metres_inside >= -reach.shape_metres
    return are_close


def unchanged_for(sight: Sight, listener: Listener, *, radius_metres: float | None) -> float:
    """How many metres a listener may go in any direction before `are_within`, with its slack or without, may change."""
    if listener.heading is not None:
        return 0.0
    near, kept = (Reach.of(listener, radius_metres=radius_metres, slack=slack) for slack in (0.0, LEAVING))
    metres, metres_inside = sight.metres(), sight.metres_inside()
    free = _free(metres, near.place_metres, kept.place_metres)
    if listener.range_max is not None and listener.range_min:
        free = np.minimum(free, _free(metres, listener.range_min, listener.range_min * (1 - LEAVING)))
    if near.shape_metres is not None and kept.shape_metres is not None and len(metres_inside):
        free[sight.has_shape] = _free(metres_inside, -near.shape_metres, -kept.shape_metres)
    return float(free.min()) if len(free) else np.inf


def _free(metres: Floats, edge: float, other_edge: float) -> Floats:
    """How far each is from the nearer of two edges."""
    free: Floats = np.minimum(np.abs(metres - edge), np.abs(metres - other_edge))
    return free


def _are_in_ring(sight: Sight, listener: Listener, slack: float) -> Mask:
    metres = sight.metres()
    farthest = np.inf if listener.range_max is None else listener.range_max
    are_in_ring: Mask = (metres >= (listener.range_min or 0.0) * (1 - slack)) & (metres <= farthest * (1 + slack))
    return are_in_ring


def _are_in_beam(sight: Sight, listener: Listener, slack: float) -> Mask:
    width = DEFAULT_WIDTH if listener.width is None else listener.width
    turned = (sight.bearings() - (listener.heading or 0.0) + 180) % 360 - 180
    are_in_beam: Mask = np.abs(turned) <= width / 2 * (1 + slack)
    return are_in_beam
