"""Rows as the old API shows them, derived from their declaration; the statements do not grow with the rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db.models import DateTimeField, Field, ForeignKey, QuerySet

from backend.catalogue import reader
from backend.geo.coordinates import coordinates
from backend.projects.models import LocalizedString
from backend.projects.texts import ENGLISH_ID, localized
from backend.resources.reads import Record, keys_of
from backend.resources.resource import Resource
from backend.resources.viewer import Viewer
from backend.rest.profile import API_2, Profile

Tell = Callable[[Any], Any]
Texts = dict[int, list[LocalizedString]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who reads, and how: `languages`, best first, and any other unless `strict`; all of them too for an `admin`."""

    viewer: Viewer
    languages: Sequence[int] = (ENGLISH_ID,)
    strict: bool = False
    admin: bool = False
    profile: Profile = API_2

    def text(self, texts: Iterable[LocalizedString]) -> str | None:
        """The one text to show."""
        wanted = [text for text in texts if not self.strict or text.language_id == self.languages[0]]
        return localized(wanted, self.languages)


def _as_they_are(records: list[Record], reading: Reading) -> None: ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Representation:
    """One resource in the old API, as far as that is not its declaration with the `rest_names`.

    `hidden` fields are left out, columns of related rows `joined` by key. `texts` become one string, under the key
    given; `admin` names the key of all of them, for who asks. `told` changes single values, by key. Rows that lead to
    a row are `nested` in it, the one that it leads to `embedded`. `spellings` are further names of a field, `aliases`
    all names of a filter where it has others; `lookups` is what it compares where that is not the usual, `scales` what
    numbers under a name count in. `seek` narrows by what no column is, under the names `sought`; `finish` has the last
    word on all records.
    """

    resource: Resource[Any]
    hidden: frozenset[str] = frozenset({"version"})
    joined: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    admin: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Tell] = field(default_factory=dict)
    nested: Mapping[str, "Representation"] = field(default_factory=dict)
    embedded: Mapping[str, "Representation"] = field(default_factory=dict)
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lookups: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    sought: tuple[str, ...] = ()
    seek: Callable[[QuerySet[Any], Any, Viewer], QuerySet[Any]] = lambda rows, query, viewer: rows
    finish: Callable[[list[Record], Reading], None] = _as_they_are
    wrapper: str | None = None

    def key(self, name: str) -> str:
        """What the old API calls a field."""
        if name in self.embedded:
            return name
        column = self.resource.model._meta.get_field(name)
        return self.resource.rest_names.get(name, column.attname if isinstance(column, ForeignKey) else name)

    def names(self, path: str) -> tuple[str, ...]:
        """What a client may seek by this column with."""
        usual = (self.resource.rest_names.get(path, path), *self.spellings.get(path, ()))
        return self.aliases.get(path, usual)

    @cached_property
    def columns(self) -> "dict[str, Field[Any, Any]]":
        """The columns of its own that are shown, by key."""
        names = [name for name in (*self.resource.read, *self.resource.read_own) if name not in self.hidden]
        fields = [(self.key(name), self.resource.model._meta.get_field(name)) for name in names]
        return {key: column for key, column in fields if isinstance(column, Field) and not column.many_to_many}

    @cached_property
    def paths(self) -> dict[str, str]:
        """All columns that are shown, by key."""
        return {key: column.attname for key, column in self.columns.items()} | dict(self.joined)

    @cached_property
    def links(self) -> dict[str, str]:
        """The relations to many that are shown as ids, with their keys."""
        elsewhere = {*self.hidden, *self.texts, *self.nested}
        names = {name: self.key(name) for name in self.resource.read if name not in elsewhere}
        return {name: key for name, key in names.items() if key not in self.columns}

    @cached_property
    def own_keys(self) -> list[str]:
        """What only those who may write a row are shown of it."""
        return [key for name in self.resource.read_own if (key := self.key(name)) in self.columns]

    def tellers(self, profile: Profile) -> list[tuple[str, Tell]]:
        """How values become JSON, by key, where they are not already; a geometry before `told` has its say."""
        by_type = [
            (key, profile.moment if isinstance(column, DateTimeField) else _geo_json)
            for key, column in self.columns.items()
            if isinstance(column, DateTimeField | GeometryField)
        ]
        return [*by_type, *self.told.items()]


def present(shown: Representation, rows: QuerySet[Any], reading: Reading) -> list[Record]:
    """Rows that the viewer may see, in their order."""
    records, model = reader.records(rows, shown.paths), shown.resource.model
    if not records:
        return records
    for key, tell in shown.tellers(reading.profile):
        for record in records:
            record[key] = tell(record[key])
    keys = keys_of(rows, [record["id"] for record in records])
    if shown.own_keys:
        _withhold(shown, records, reader.writable(shown.resource, rows, reading.viewer))
    for name, found in reader.links(model, list(shown.links), keys, reading.viewer).items():
        _add(shown.links[name], found, records, ())
    for name in dict.fromkeys([*shown.texts, *(shown.admin if reading.admin else ())]):
        _add_texts(shown, name, reader.related(model, name, keys, reading.viewer, *_TEXT), records, reading)
    for name in shown.nested:
        _nest(shown, name, keys, records, reading)
    for name, inner in shown.embedded.items():
        _embed(name, inner, records, reading)
    shown.finish(records, reading)
    return records


def _geo_json(value: Any) -> dict[str, Any] | None:
    """A geometry of GEOS, longitude first."""
    return None if value is None else {"type": value.geom_type, "coordinates": coordinates(value)}


# LocalizedString(id, text, language_id), and what admins are told.
_TEXT = ("pk", "text", "language_id", "language__code")
_TEXT_KEYS = ("id", "text", "language_id", "language")


def _add(key: str, found: Mapping[int, Any], records: list[Record], absent: Any) -> None:
    for record in records:
        record[key] = found.get(record["id"], absent)


def _withhold(shown: Representation, records: list[Record], own: set[Any]) -> None:
    for record in records:
        if record["id"] not in own:
            record.update(dict.fromkeys(shown.own_keys))


def _add_texts(
    shown: Representation, name: str, found: Mapping[int, list[Any]], records: list[Record], reading: Reading
) -> None:
    if name in shown.texts:
        one = {row: reading.text(LocalizedString(*text[:3]) for text in texts) for row, texts in found.items()}
        _add(shown.texts[name], one, records, None)
    if reading.admin and name in shown.admin:
        told = {row: [dict(zip(_TEXT_KEYS, text, strict=True)) for text in texts] for row, texts in found.items()}
        _add(shown.admin[name], told, records, ())


def _nest(shown: Representation, name: str, keys: Any, records: list[Record], reading: Reading) -> None:
    """The rows of another resource that belong to each row."""
    inner, via = shown.nested[name], shown.resource.model._meta.get_field(name).field.name
    by_row: dict[int, list[Any]] = {record["id"]: [] for record in records}
    rows = inner.resource.rows(reading.viewer).filter(**{f"{via}__in": keys}).order_by("pk")
    for row in present(inner, rows, reading):
        by_row[row[inner.key(via)]].append(row)
    _add(shown.key(name), by_row, records, ())


def _embed(name: str, inner: Representation, records: list[Record], reading: Reading) -> None:
    """The row that each row leads to."""
    ids = {record[name] for record in records} - {None}
    rows = inner.resource.rows(reading.viewer).filter(pk__in=ids)
    found = {row["id"]: row for row in (present(inner, rows, reading) if ids else ())}
    for record in records:
        record[name] = found.get(record[name])
