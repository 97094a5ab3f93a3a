"""How loud each speaker is where a listener stands, and whether the listener is in range of any."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from backend.geo.earth import Floats
from backend.geo.position import Position
from backend.geo.shapes import MultiPolygon, ShapeField
from backend.ids import SpeakerId


@dataclass(frozen=True, slots=True)
class SpeakerZone:
    """Where one speaker sounds. `polygons` holds polygons of rings of (longitude, latitude); volumes are linear."""

    id: SpeakerId
    min_volume: float
    max_volume: float
    attenuation_metres: float
    polygons: MultiPolygon


@dataclass(frozen=True, slots=True, eq=False)
class SpeakerField:
    """The speakers that may sound in a project; every answer is an array in the order of `ids`."""

    ids: tuple[SpeakerId, ...]
    _min_volumes: Floats
    _max_volumes: Floats
    _ranges: Floats
    attenuation_metres: Floats
    _per_metre: Floats
    shapes: ShapeField

    @classmethod
    def of(cls, zones: Iterable[SpeakerZone]) -> "SpeakerField":
        """The caller leaves out speakers that are not active."""
        zones = tuple(zones)
        low = np.array([zone.min_volume for zone in zones], dtype=np.float64).clip(0, 1)
        high = np.array([zone.max_volume for zone in zones], dtype=np.float64).clip(0, 1)
        attenuation = np.array([zone.attenuation_metres for zone in zones], dtype=np.float64)
        return cls(
            ids=tuple(zone.id for zone in zones),
            _min_volumes=low,
            _max_volumes=high,
            _ranges=high - low,
            attenuation_metres=attenuation,
            _per_metre=1 / np.maximum(attenuation, 1e-6),
            shapes=ShapeField.of([zone.polygons for zone in zones]),
        )

    def gains(self, position: Position | None, *, is_geo: bool) -> Floats:
        """Linear, 0..1: min_volume outside, rising from the boundary to max_volume at attenuation_metres inward.

        Without geo listening all speakers are at max_volume; a geo listener without a position is outside of all.
        """
        if not is_geo:
            return self._max_volumes.copy()
        if position is None:
            return self._min_volumes.copy()
        return self.gains_at_depths(self.shapes.metres_inside(position))

    def gains_at_depths(self, metres_inside: Floats) -> Floats:
        """As `gains`, of how deep somebody stands in each speaker's shape: exact between 0 and its attenuation."""
        depth = np.minimum(np.maximum(metres_inside * self._per_metre, 0), 1)
        return self._min_volumes + self._ranges * depth

    def metres_outside(self, position: Position) -> Floats:
        """Metres to each speaker's shape; 0 inside it, inf without one."""
        return np.maximum(-self.shapes.metres_inside(position), 0)


def is_in_range(field: SpeakerField, position: Position | None, *, is_geo: bool, out_of_range_metres: float) -> bool:
    """Whether a stream may start, or an upload is of this place: some speaker is near enough.

    Always so without geo listening, and when the position is not known.
    """
    if not is_geo or position is None:
        return True
    return bool((field.metres_outside(position) <= out_of_range_metres).any())
