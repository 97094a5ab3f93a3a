"""One listener on their way: the same answers as for a single position, at little cost a step."""

from dataclasses import dataclass

import numpy as np

from backend.geo.earth import Floats
from backend.geo.position import Position
from backend.geo.shapes import Indices, Plane
from backend.geo.vicinity import Ground, NearShapes
from backend.hearing.assets import AssetField, Mask
from backend.hearing.listener import Listener
from backend.hearing.nearness import LEAVING, Reach, are_within, unchanged_for
from backend.hearing.speakers import SpeakerField, is_in_range

# How far a listener walks before their vicinity is looked at anew: a walker takes a minute or two.
VICINITY_METRES = 120.0

# Among more than these some is always about to be near, or not to be: it is not worth while to ask when.
FEW_ASSETS = 60

# Heading, width and least range.
LastAim = tuple[float | None, float | None, float | None]
NO_AIM: LastAim = (None, None, None)


@dataclass(frozen=True, slots=True, eq=False)
class SpeakersHeard:
    """Gains as of `SpeakerField.gains`, and whether any speaker is near enough."""

    gains: Floats
    is_in_range: bool


class SpeakersOnTheWay:
    """What one listener hears of the speakers wherever they go."""

    def __init__(self, field: SpeakerField, *, out_of_range_metres: float) -> None:
        self._field = field
        self._out_of_range_metres = out_of_range_metres
        self._vicinity: _SpeakerVicinity | None = None
        self._depths: Floats | None = None
        self._heard = SpeakersHeard(field.gains(None, is_geo=True), is_in_range=True)

    def heard_by(self, listener: Listener) -> SpeakersHeard:
        """The speakers from where the listener is now; the same object while it is the same."""
        position = listener.position
        if not listener.is_geo or position is None:
            return SpeakersHeard(self._field.gains(position, is_geo=listener.is_geo), is_in_range=True)
        vicinity, point = self._vicinity_of(position)
        depths, is_in_range = vicinity.shapes.metres_inside(point), vicinity.is_in_range
        if is_in_range is None:
            is_in_range = self._is_in_range(position)
        if depths is not self._depths or is_in_range != self._heard.is_in_range:
            self._depths = depths
            self._heard = SpeakersHeard(self._field.gains_at_depths(depths), is_in_range)
        return self._heard

    def _is_in_range(self, position: Position) -> bool:
        return is_in_range(self._field, position, is_geo=True, out_of_range_metres=self._out_of_range_metres)

    def _vicinity_of(self, position: Position) -> tuple["_SpeakerVicinity", complex]:
        """One that holds the position, and where in it."""
        if self._vicinity is not None:
            point = self._vicinity.ground.point(position)
            if abs(point) <= VICINITY_METRES:
                return self._vicinity, point
        self._vicinity = _SpeakerVicinity(self._field, position, self._out_of_range_metres)
        return self._vicinity, 0j


@dataclass(frozen=True, slots=True, eq=False)
class AssetsSeen:
    """Indices of a field's assets, ascending: those that are near, and those that the listener has not left yet."""

    near: Indices
    kept: Indices


class AssetsOnTheWay:
    """Which assets are near one listener wherever they go."""

    def __init__(self, assets: AssetField, *, radius_metres: float | None) -> None:
        self._assets = assets
        self._radius_metres = radius_metres
        self._vicinity: _AssetVicinity | None = None
        everything = np.arange(len(assets.ids))
        self._all, self._none = AssetsSeen(everything, everything), AssetsSeen(everything[:0], everything[:0])
        self._seen = self._none

    def seen_by(self, listener: Listener) -> AssetsSeen:
        """The assets from where the listener is now, and with their aim; the same object while they are the same."""
        if not listener.is_geo:
            return self._all
        if listener.position is None:
            return self._none
        vicinity, point = self._vicinity_of(listener, listener.position)
        aim = (listener.heading, listener.width, listener.range_min)
        if abs(point - vicinity.last_point) >= vicinity.unchanged_for or aim != vicinity.last_aim:
            self._look(vicinity, listener, point)
            vicinity.last_aim = aim
        return self._seen

    def _look(self, vicinity: "_AssetVicinity", listener: Listener, point: complex) -> None:
        glimpse, radius = _Glimpse(vicinity, point), self._radius_metres
        near = vicinity.indices[are_within(glimpse, listener, radius_metres=radius)]
        kept = vicinity.indices[are_within(glimpse, listener, radius_metres=radius, slack=LEAVING)]
        if near.tobytes() != self._seen.near.tobytes() or kept.tobytes() != self._seen.kept.tobytes():
            self._seen = AssetsSeen(near, kept)
        vicinity.last_point, vicinity.unchanged_for = point, 0.0
        if len(vicinity.indices) <= FEW_ASSETS:
            vicinity.unchanged_for = unchanged_for(glimpse, listener, radius_metres=radius)

    def _vicinity_of(self, listener: Listener, position: Position) -> tuple["_AssetVicinity", complex]:
        """One that holds the position and all that this listener's aim reaches from there, and where in it."""
        reach = Reach.of(listener, radius_metres=self._radius_metres, slack=LEAVING)
        if self._vicinity is not None and self._vicinity.reach == reach:
            point = self._vicinity.ground.point(position)
            if abs(point) <= VICINITY_METRES:
                return self._vicinity, point
        self._vicinity = _AssetVicinity(self._assets, position, reach)
        return self._vicinity, 0j


class _SpeakerVicinity:
    """The speakers around a position, and whether all of it is in range: None where that differs."""

    def __init__(self, field: SpeakerField, position: Position, out_of_range_metres: float) -> None:
        self.ground = Ground(position)
        self.shapes = NearShapes(
            field.shapes,
            position,
            metres=VICINITY_METRES,
            low=np.zeros(len(field.ids)),
            high=field.attenuation_metres,
        )
        outside = -float(np.max(self.shapes.here, initial=-np.inf))
        self.is_in_range: bool | None = None
        if outside + VICINITY_METRES <= out_of_range_metres:
            self.is_in_range = True
        elif outside - VICINITY_METRES > out_of_range_metres:
            self.is_in_range = False


class _AssetVicinity:
    """The assets that may be near from somewhere around a position; where shapes count, they are in place of places."""

    def __init__(self, assets: AssetField, position: Position, reach: Reach) -> None:
        self.reach = reach
        self.ground = Ground(position)
        # What was seen last was seen from there, with this aim, and is the same so many metres around it.
        self.last_point, self.last_aim, self.unchanged_for = 0j, NO_AIM, 0.0
        placed, plane = assets.place_field.within(position, reach.place_metres + VICINITY_METRES)
        rows = np.empty(0, dtype=np.intp)
        if reach.shape_metres is not None:
            is_point = ~assets.has_shape[placed]
            placed, plane = placed[is_point], plane[is_point]
            rows = assets.shapes.within(position, reach.shape_metres + VICINITY_METRES)
        shaped = np.flatnonzero(assets.has_shape)[rows]
        order = np.argsort(np.concatenate([placed, shaped]))
        self.indices: Indices = np.concatenate([placed, shaped])[order]
        self.plane: Plane = np.concatenate([plane, np.zeros(len(shaped))])[order]
        self.has_shape: Mask = order >= len(placed)
        bounds = np.full(len(shaped), reach.shape_metres or 0.0)
        self.shapes = NearShapes(
            assets.shapes.take(rows), position, metres=VICINITY_METRES, low=-bounds - 1, high=np.ones(len(shaped))
        )


class _Glimpse:
    """What is seen of a vicinity from one of its points."""

    def __init__(self, vicinity: _AssetVicinity, point: complex) -> None:
        self.has_shape = vicinity.has_shape
        self._away = vicinity.plane - point
        self._metres = np.abs(self._away)
        self._metres_inside = vicinity.shapes.metres_inside(point)

    def metres(self) -> Floats:
        return self._metres

    def bearings(self) -> Floats:
        # Turned by a quarter: from north, clockwise.
        return np.angle(1j * self._away.conj(), deg=True)

    def metres_inside(self) -> Floats:
        return self._metres_inside
