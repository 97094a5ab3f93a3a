"""The one reader of doors that show plain values: however many the rows, the statements are as many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet, Value

from backend.resources.resource import Resource, everyone
from backend.resources.viewer import Viewer

Record = dict[str, Any]
Keys: TypeAlias = "QuerySet[Any] | list[Any]"

# Fewer keys are named one by one; more are found again by the statement that found them.
MOST_NAMED = 500


class Reader:
    """Reads rows of the resources that it knows, and what they lead to."""

    def __init__(self, resources: Iterable[Resource[Any]]) -> None:
        self._resources = {resource.model: resource for resource in resources}

    def records(self, rows: QuerySet[Any], columns: Mapping[str, str]) -> list[Record]:
        """The rows in their order, each as its values by the keys of `columns`, which name a path for each key."""
        keys = tuple(columns)
        return [dict(zip(keys, values, strict=True)) for values in rows.values_list(*columns.values())]

    def links(
        self, model: type[Model], names: Sequence[str], keys: Keys, viewer: Viewer
    ) -> dict[str, dict[Any, list[Any]]]:
        """The ids that the rows with these keys lead to by each of these relations, of what the viewer may see.

        By name and key, in their order; one statement for all names.
        """
        parts = [self._seen(model, name, keys, viewer).annotate(via=Value(name)) for name in names]
        pairs = [part.values_list("via", "pk", f"{name}__pk") for part, name in zip(parts, names, strict=True)]
        found: dict[str, dict[Any, list[Any]]] = {name: defaultdict(list) for name in names}
        for name, key, linked in pairs[0].union(*pairs[1:], all=True) if pairs else ():
            found[name][key].append(linked)
        for ids in (ids for by_key in found.values() for ids in by_key.values()):
            ids.sort()
        return found

    def related(
        self, model: type[Model], name: str, keys: Keys, viewer: Viewer, *columns: str
    ) -> dict[Any, list[tuple[Any, ...]]]:
        """What the rows with these keys lead to by the relation `name`, of what the viewer may see.

        By key: a tuple of `columns` for each, in the order of their own keys.
        """
        pairs = self._seen(model, name, keys, viewer).order_by("pk", f"{name}__pk")
        found: defaultdict[Any, list[tuple[Any, ...]]] = defaultdict(list)
        for key, *values in pairs.values_list("pk", *(f"{name}__{column}" for column in columns)):
            found[key].append(tuple(values))
        return found

    def writable(self, resource: Resource[Any], rows: QuerySet[Any], viewer: Viewer) -> set[Any]:
        """The keys of those rows that the viewer may write."""
        return {row.pk for row in rows if resource.may_write(viewer, row)}

    def _seen(self, model: type[Model], name: str, keys: Keys, viewer: Viewer) -> QuerySet[Any]:
        """The rows with these keys, once for each row that they lead to and the viewer may see."""
        relation: Any = model._meta.get_field(name)
        target = self._resources[relation.related_model]
        asked: dict[str, Any] = {"pk__in": keys, f"{name}__isnull": False}
        if target.visible_to is not everyone:
            asked[f"{name}__in"] = target.rows(viewer).values("pk")
        # All in one filter: another one would follow the relation anew, and hide nothing of what the first has found.
        return model._base_manager.filter(**asked).order_by()


def keys_of(rows: QuerySet[Any], keys: list[Any]) -> Keys:
    """The keys of these rows, for a condition: as they are, or as the statement that finds them."""
    return keys if len(keys) <= MOST_NAMED else rows.order_by().values("pk")
