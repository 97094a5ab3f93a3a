"""What rows about assets can be counted by: one value of an expression is one group."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Case, F, TextChoices, When
from django.db.models.functions import Floor, TruncDate

from backend.assets.models import MediaType
from backend.geo.geohash import Grid
from backend.geo.position import Position

Values = Mapping[str, Any]


class AssetGroupBy(TextChoices):
    """What assets, and what was heard of them, can be counted by."""

    TAG = "tag"
    DAY = "day"
    LANGUAGE = "language"
    MEDIA_TYPE = "media_type"
    GEOHASH = "geohash"


@dataclass(frozen=True, slots=True)
class Group:
    """What rows have in common; the key is None for those that have no such thing."""

    key: int | str | None
    label: str
    middle: Position | None = None


@dataclass(frozen=True, slots=True)
class Grouping:
    """The expressions that make a group, the group that their values mean, and the order of groups."""

    columns: Mapping[str, Any]
    group: Callable[[Values], Group]
    order: tuple[Any, ...] = ("-count", F("key").asc(nulls_last=True))


def grouping(by: AssetGroupBy, *, grid: Grid, asset: str = "", moment: str = "created_at") -> Grouping:
    """What carries two tags counts in both; days are those of UTC, the newest first.

    `asset` leads to the asset, as in `asset__`, and `moment` is the column that the day is taken from.
    """
    match by:
        case AssetGroupBy.TAG:
            return Grouping({"key": F(f"{asset}tags"), "label": F(f"{asset}tags__value")}, labelled)
        case AssetGroupBy.DAY:
            return Grouping({"key": TruncDate(moment, tzinfo=UTC)}, _day, ("-key",))
        case AssetGroupBy.LANGUAGE:
            columns = {"key": F(f"{asset}language__code"), "label": F(f"{asset}language__name")}
            return Grouping(columns, labelled)
        case AssetGroupBy.MEDIA_TYPE:
            return Grouping({"key": F(f"{asset}media_type")}, _media_type)
        case AssetGroupBy.GEOHASH:
            return _by_cell(grid, asset)


def labelled(values: Values) -> Group:
    """A group whose expressions are its key and its label."""
    return Group(values["key"], values["label"] or "")


def _media_type(values: Values) -> Group:
    return Group(values["key"], MediaType(values["key"]).label)


def _day(values: Values) -> Group:
    day = str(values["key"])
    return Group(day, day)


def _by_cell(grid: Grid, asset: str) -> Grouping:
    def group(values: Values) -> Group:
        if values["column"] is None or values["row"] is None:
            return Group(None, "")
        column, row = int(values["column"]), int(values["row"])
        name = grid.name(column, row)
        return Group(name, name, grid.middle(column, row))

    columns = {
        "column": _cell(f"{asset}longitude", 180, grid.columns),
        "row": _cell(f"{asset}latitude", 90, grid.rows),
    }
    return Grouping(columns, group, ("-count", F("column").asc(nulls_last=True), "row"))


def _cell(column: str, limit: int, cells: int) -> Any:
    """The number of the cell that holds these degrees; the limit itself belongs to the last one."""
    number = Floor((F(column) + float(limit)) * (cells / (2.0 * limit)))
    return Case(When(**{f"{column}__gte": limit}, then=float(cells - 1)), default=number)
