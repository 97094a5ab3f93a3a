"""Rows as the old API shows them, derived from their declaration; the statements do not grow with the rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import DateTimeField, Field, ForeignKey, QuerySet

from backend.catalogue import CATALOGUE
from backend.projects.models import LocalizedString
from backend.projects.texts import ENGLISH_ID, localized
from backend.resources.resource import Resource, everyone
from backend.resources.viewer import Viewer
from backend.rest.shapes import geo_json, moment

Record = dict[str, Any]
Tell = Callable[[Any], Any]
Languages = Sequence[int]

RESOURCES: dict[type[Any], Resource[Any]] = {resource.model: resource for resource in CATALOGUE}
IN_ENGLISH: Languages = (ENGLISH_ID,)


def _as_they_are(records: list[Record], viewer: Viewer) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Representation:
    """One resource in the old API, as far as that is not its declaration with the `rest_names`.

    `hidden` fields are left out. `texts` become one string, under the key given. `told` changes single values, by key.
    `nested` rows of another resource are shown whole. `aliases` are the names of a filter, when it has several.
    `finish` has the last word on all records together.
    """

    resource: Resource[Any]
    hidden: frozenset[str] = frozenset({"version"})
    texts: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Tell] = field(default_factory=dict)
    nested: Mapping[str, "Representation"] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    finish: Callable[[list[Record], Viewer], None] = _as_they_are

    def key(self, name: str) -> str:
        """What the old API calls a field."""
        column = self.resource.model._meta.get_field(name)
        return self.resource.rest_names.get(name, column.attname if isinstance(column, ForeignKey) else name)

    @cached_property
    def columns(self) -> "dict[str, Field[Any, Any]]":
        """The columns that are shown, by key."""
        names = [name for name in (*self.resource.read, *self.resource.read_own) if name not in self.hidden]
        fields = [(self.key(name), self.resource.model._meta.get_field(name)) for name in names]
        return {key: column for key, column in fields if isinstance(column, Field) and not column.many_to_many}

    @cached_property
    def tellers(self) -> list[tuple[str, Tell]]:
        """How values become JSON, by key, where they are not already; a geometry before `told` has its say."""
        by_type = [
            (key, moment if isinstance(column, DateTimeField) else geo_json)
            for key, column in self.columns.items()
            if isinstance(column, DateTimeField | GeometryField)
        ]
        return [*by_type, *self.told.items()]

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """The relations to many that are shown as ids, with their keys."""
        elsewhere = {*self.hidden, *self.texts, *self.nested}
        keys = [(name, self.key(name)) for name in self.resource.read if name not in elsewhere]
        return [(name, key) for name, key in keys if key not in self.columns]

    @cached_property
    def own_keys(self) -> list[str]:
        """What only those who may write a row are shown of it."""
        return [key for name in self.resource.read_own if (key := self.key(name)) in self.columns]


def present(
    shown: Representation, rows: QuerySet[Any], viewer: Viewer, languages: Languages = IN_ENGLISH
) -> list[Record]:
    """Rows that this viewer may see, in their order; texts in the first of these languages that they have."""
    keys, tellers = tuple(shown.columns), shown.tellers
    names = [column.attname for column in shown.columns.values()]
    records = [dict(zip(keys, values, strict=True)) for values in rows.values_list(*names)]
    if not records:
        return records
    for key, tell in tellers:
        for record in records:
            record[key] = tell(record[key])
    _withhold(shown, records, rows, viewer)
    related = rows.order_by().values("pk")
    for name, key in shown.links:
        _add(key, _linked(shown.resource, name, related, viewer), records)
    for name, key in shown.texts.items():
        texts = _texts(shown.resource, name, related, viewer)
        _add(key, {row: localized(found, languages) for row, found in texts.items()}, records, absent=None)
    for name, inner in shown.nested.items():
        _add(shown.key(name), _nested(shown.resource, name, inner, related, viewer), records)
    shown.finish(records, viewer)
    return records


def _add(key: str, found: Mapping[int, Any], records: list[Record], *, absent: Any = ()) -> None:
    for record in records:
        record[key] = found.get(record["id"], absent)


def _withhold(shown: Representation, records: list[Record], rows: QuerySet[Any], viewer: Viewer) -> None:
    if not shown.own_keys:
        return
    own = {row.pk for row in rows if shown.resource.may_write(viewer, row)}
    for record in records:
        if record["id"] not in own:
            record.update(dict.fromkeys(shown.own_keys))


def _linked(of: Resource[Any], name: str, rows: QuerySet[Any], viewer: Viewer) -> dict[int, list[int]]:
    """The ids that each row is related to, of those that the viewer may see."""
    pairs = of.rows(viewer).filter(pk__in=rows, **{f"{name}__isnull": False})
    related = RESOURCES[pairs.model._meta.get_field(name).related_model]
    if related.visible_to is not everyone:
        pairs = pairs.filter(**{f"{name}__in": related.rows(viewer).values("pk")})
    return _grouped(pairs.order_by("pk", f"{name}__pk").values_list("pk", f"{name}__pk"))


def _texts(of: Resource[Any], name: str, rows: QuerySet[Any], viewer: Viewer) -> dict[int, list[LocalizedString]]:
    """The texts of each row, in all their languages."""
    columns = [f"{name}__{column}" for column in ("pk", "language_id", "text")]
    found = of.rows(viewer).filter(pk__in=rows, **{f"{name}__isnull": False}).order_by().values_list("pk", *columns)
    return _grouped((row, LocalizedString(pk=pk, language_id=code, text=text)) for row, pk, code, text in found)


def _nested(
    of: Resource[Any], name: str, inner: Representation, rows: QuerySet[Any], viewer: Viewer
) -> dict[int, list[Record]]:
    """The rows of another resource that belong to each row."""
    via = of.model._meta.get_field(name).field.name
    records = present(inner, inner.resource.rows(viewer).filter(**{f"{via}__in": rows}), viewer)
    return _grouped((record[inner.key(via)], record) for record in records)


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for row, value in pairs:
        groups[row].append(value)
    return groups
