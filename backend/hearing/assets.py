"""All assets of a project as arrays, so that one question is asked of all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.geo.earth import Floats, places
from backend.geo.position import Position
from backend.geo.shapes import MultiPolygon, ShapeField
from backend.geo.vicinity import PlaceField
from backend.ids import AssetId, LanguageId, TagId

Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]

NO_LANGUAGE = 0
# A position on the line itself is inside, for all that rounding does.
ON_THE_LINE_METRES = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFacts:
    """What is to know of one asset for the question whether it is heard.

    The active region runs from `start_seconds` (absent: 0) to `end_seconds` (absent: `duration_seconds`).
    """

    id: AssetId
    position: Position | None = None
    shape: MultiPolygon | None = None
    language_id: LanguageId | None = None
    tag_ids: frozenset[TagId] = frozenset()
    is_submitted: bool = True
    is_audio: bool = True
    duration_seconds: float | None = None
    start_seconds: float | None = None
    end_seconds: float | None = None
    volume: float = 1.0
    weight: int = 50
    likes: int = 0

    @property
    def region_seconds(self) -> tuple[float, float]:
        """Where its heard part begins and ends; of no length when nothing of it can be played."""
        duration = self.duration_seconds or 0.0
        start = max(self.start_seconds or 0.0, 0.0)
        end = duration if self.end_seconds is None else min(self.end_seconds, duration)
        return start, max(start, end)


@dataclass(frozen=True, slots=True, eq=False)
class AssetField:
    """One array a fact, all in the order of `ids`, which ascend; `shapes` are of those that have one. Made by `of`."""

    ids: Integers
    language_ids: Integers
    is_submitted: Mask
    is_playable: Mask
    start_seconds: Floats
    end_seconds: Floats
    volumes: Floats
    weights: Integers
    likes: Integers
    places: Floats
    place_field: PlaceField
    has_shape: Mask
    shapes: ShapeField
    _index_of: dict[int, int]
    _tags: Mask
    _tag_columns: dict[TagId, int]

    @classmethod
    def of(cls, facts: Iterable[AssetFacts]) -> "AssetField":
        assets = sorted(facts, key=lambda asset: asset.id)
        start, end = _columns([asset.region_seconds for asset in assets])
        longitudes, latitudes = _columns([_coordinates(asset.position) for asset in assets])
        where = places(longitudes, latitudes)
        columns = {tag: column for column, tag in enumerate(sorted({tag for asset in assets for tag in asset.tag_ids}))}
        return cls(
            ids=_integers([asset.id for asset in assets]),
            language_ids=_integers([asset.language_id or NO_LANGUAGE for asset in assets]),
            is_submitted=_mask([asset.is_submitted for asset in assets]),
            is_playable=_mask([asset.is_audio for asset in assets]) & (end > start),
            start_seconds=start,
            end_seconds=end,
            volumes=np.array([asset.volume for asset in assets], dtype=np.float64),
            weights=_integers([asset.weight for asset in assets]),
            likes=_integers([asset.likes for asset in assets]),
            places=where,
            place_field=PlaceField(where),
            has_shape=_mask([bool(asset.shape) for asset in assets]),
            shapes=ShapeField.of([asset.shape for asset in assets if asset.shape]),
            _index_of={asset.id: index for index, asset in enumerate(assets)},
            _tags=_tag_matrix([asset.tag_ids for asset in assets], columns),
            _tag_columns=columns,
        )

    def index_of(self, asset_id: AssetId) -> int | None:
        """Where the asset stands in every array."""
        return self._index_of.get(asset_id)

    def tags_of(self, asset_id: AssetId) -> list[TagId]:
        """The asset's tags, ascending; none for one that is not known."""
        index = self.index_of(asset_id)
        return [] if index is None else [tag for tag, column in self._tag_columns.items() if self._tags[index, column]]

    def meet(self, demands: Iterable[frozenset[TagId]]) -> Mask:
        """Which assets carry at least one tag of each set."""
        result = np.ones(len(self.ids), dtype=np.bool_)
        for alternatives in demands:
            known = [self._tag_columns[tag] for tag in alternatives if tag in self._tag_columns]
            result &= self._tags[:, known].any(axis=1)
        return result


def _coordinates(position: Position | None) -> tuple[float, float]:
    return (np.nan, np.nan) if position is None else (position.longitude, position.latitude)


def _columns(pairs: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    both = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def _integers(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)


def _mask(values: Sequence[bool]) -> Mask:
    return np.array(values, dtype=np.bool_)


def _tag_matrix(tags_of_assets: Sequence[frozenset[TagId]], columns: dict[TagId, int]) -> Mask:
    """Shape (assets, tags)."""
    matrix = np.zeros((len(tags_of_assets), len(columns)), dtype=np.bool_)
    for row, tags in enumerate(tags_of_assets):
        matrix[row, [columns[tag] for tag in tags]] = True
    return matrix
