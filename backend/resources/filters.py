"""Which rows somebody seeks: a tree of narrow lookups becomes one condition, for every door alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from backend.errors import InvalidInput
from backend.geo.geojson import multi_polygon
from backend.geo.regions import MOST_METRES, Box, is_within_metres, lies_within, meets
from backend.resources import lookup_values as read
from backend.resources.kinds import LOOKUPS, AnyField, Kind, columns_along, kind_of
from backend.resources.resource import Resource
from backend.resources.spelling import contains, starts_with
from backend.resources.viewer import Viewer

Wanted = Mapping[str, Any]

MOST_CONDITIONS = 50
# How many levels of `and`, `or` and `not` may stand within each other.
MOST_LEVELS = 3

ALL, NONE = Q(pk__isnull=False), Q(pk__in=[])


class Filters:
    """Makes conditions on the rows of the resources that it knows."""

    def __init__(self, resources: Iterable[Resource[Any]]) -> None:
        self._resources = {resource.model: resource for resource in resources}

    def condition(self, resource: Resource[Any], wanted: Wanted, viewer: Viewer, *, field: str = "filter") -> Q:
        """The rows that fit `wanted`, each once.

        `wanted` is by the paths that the declaration names, for each the lookups that `kinds.LOOKUPS` has for it with
        their values; beside them `and`, `or` (lists of the same) and `not`. Nothing is learnt of related rows that
        the viewer may not see: they are as rows that are not there. Raises InvalidInput with the path from `field`.
        """
        return _Search(self._resources, viewer).group(resource, wanted, field, MOST_LEVELS)


class _Search:
    """One condition in the making."""

    def __init__(self, resources: Mapping[type[Model], Resource[Any]], viewer: Viewer) -> None:
        self._resources = resources
        self._viewer = viewer
        self._conditions = 0

    def group(self, resource: Resource[Any], wanted: Wanted, at: str, levels: int) -> Q:
        """All that `wanted` says."""
        self._count(at)
        if levels < 0:
            raise InvalidInput(f"Nested more than {MOST_LEVELS} levels deep.", field=at)
        if not isinstance(wanted, Mapping):
            raise InvalidInput("Must be an object of conditions.", field=at)
        return _every(self._part(resource, name, value, f"{at}.{name}", levels) for name, value in wanted.items())

    def _part(self, resource: Resource[Any], name: str, value: Any, at: str, levels: int) -> Q:
        if name == "not":
            return ~self.group(resource, value, at, levels - 1)
        if name in ("and", "or"):
            parts = [self.group(resource, each, at, levels - 1) for each in read.listed(value, at)]
            return _every(parts) if name == "and" else _some(parts)
        if name not in resource.filter or not isinstance(value, Mapping):
            raise InvalidInput(f"There is no {name} to seek by.", field=at)
        columns = columns_along(resource.model, name)
        return _every(self._along(columns, lookup, given, f"{at}.{lookup}") for lookup, given in value.items())

    def _along(self, columns: Sequence[AnyField], lookup: str, given: Any, at: str) -> Q:
        """The lookup at the end of a path; every row on the way must be one that the viewer may see."""
        column, *rest = columns
        if rest:
            seen = self._seen(column).filter(self._along(rest, lookup, given, at))
            return Q(**{f"{column.name}__in": seen.values("pk")})
        self._count(at)
        if lookup not in LOOKUPS[kind_of(column)]:
            raise InvalidInput(f"There is no {lookup} to seek by.", field=at)
        if given is None:
            raise InvalidInput("Must not be null: what is absent is sought by a lookup of its own.", field=at)
        if column.is_relation:
            return self._related(column, lookup, given, at)
        return _HELD.get(lookup, _compared)(column, lookup, given, at)

    def _related(self, column: AnyField, lookup: str, given: Any, at: str) -> Q:
        seen = self._seen(column)
        if lookup == "is_null":
            is_there = Q(**{f"{column.name}__in": seen.values("pk")})
            return ~is_there if read.flag(given, at) else is_there
        keys = read.values(seen.model._meta.pk, [given] if lookup == "exact" else given, at)
        found = seen.filter(pk__in=keys).values("pk") if seen.query.where else keys
        if kind_of(column) is Kind.KEYS:
            return _linked(column, found, len(set(keys)) if lookup == "all" else 1)
        return Q(**{f"{column.name}__in": found})

    def _count(self, at: str) -> None:
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS:
            raise InvalidInput(f"More than {MOST_CONDITIONS} conditions.", field=at)

    def _seen(self, column: AnyField) -> QuerySet[Any]:
        model: Any = column.related_model
        return self._resources[model].rows(self._viewer)


def _linked(column: AnyField, found: "QuerySet[Any] | list[Any]", least: int) -> Q:
    """The rows that lead to at least so many of those found. A subquery, so that none is there twice."""
    links = column.model._base_manager.filter(**{f"{column.name}__in": found}).values("pk")
    if least > 1:
        links = links.annotate(links=Count(column.name, distinct=True)).filter(links__gte=least).values("pk")
    return Q(pk__in=links) if least else ALL


def _compared(column: Any, lookup: str, given: Any, at: str) -> Q:
    return Q(**{f"{column.name}__{lookup}": read.value(column, given, at)})


def _one_of(column: Any, lookup: str, given: Any, at: str) -> Q:
    return Q(**{f"{column.name}__in": read.values(column, given, at)})


def _containing(column: Any, lookup: str, given: Any, at: str) -> Q:
    return contains(column.name, read.value(column, given, at))


def _starting(column: Any, lookup: str, given: Any, at: str) -> Q:
    return starts_with(column.name, read.value(column, given, at))


def _absent(column: Any, lookup: str, given: Any, at: str) -> Q:
    return Q(**{f"{column.name}__isnull": read.flag(given, at)})


def _within(column: Any, lookup: str, given: Any, at: str) -> Q:
    return lies_within(column.name, multi_polygon(given, field=at))


def _within_metres(column: Any, lookup: str, given: Any, at: str) -> Q:
    metres = read.number(read.member(given, "metres", at), f"{at}.metres", 0, MOST_METRES)
    return is_within_metres(column.name, read.position(given, at), metres)


def _in_box(column: Any, lookup: str, given: Any, at: str) -> Q:
    west, south, east, north = (
        read.number(read.member(given, name, at), f"{at}.{name}", -limit, limit)
        for name, limit in (("west", 180), ("south", 90), ("east", 180), ("north", 90))
    )
    return meets(column.name, Box.shown(west, south, east, north, field=at))


_HELD: dict[str, Callable[[Any, str, Any, str], Q]] = {
    "in": _one_of,
    "contains": _containing,
    "starts_with": _starting,
    "is_null": _absent,
    "within": _within,
    "within_metres": _within_metres,
    "bbox": _in_box,
}


def _every(conditions: Iterable[Q]) -> Q:
    # An empty Q would vanish beside others in an `or`.
    return reduce(and_, conditions, Q()) or ALL


def _some(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, NONE)
