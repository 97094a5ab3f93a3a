"""The pattern: what of one model the doors show and change, and to whom."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet

from backend.errors import NotFound
from backend.resources.viewer import Viewer

Row = TypeVar("Row", bound=Model)
Row_contra = TypeVar("Row_contra", bound=Model, contravariant=True)
Data = Mapping[str, Any]

# What Django raises of a value that cannot be a key.
NO_KEY = (ValidationError, ValueError, TypeError, OverflowError)


class Verb(StrEnum):
    """What a door may derive besides reading."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Prepare(Protocol[Row_contra]):
    """Turns what a client sent into what is set on the row. Raises DomainError.

    The writer gives the rows that were named, not their keys, and sets what comes back without asking who may see it.
    """

    def __call__(self, data: Data, *, viewer: Viewer, row: Row_contra) -> Data: ...


class AfterSave(Protocol[Row_contra]):
    """Does what follows from a saved row, in its transaction."""

    def __call__(self, row: Row_contra, *, viewer: Viewer, created: bool) -> None: ...


def everyone(rows: QuerySet[Row], viewer: Viewer) -> QuerySet[Row]:
    """Visible to all."""
    return rows


def only_staff(viewer: Viewer, row: Model) -> bool:
    """Writable by staff."""
    return viewer.is_staff


def _as_sent(data: Data, *, viewer: Viewer, row: Model) -> Data:
    return data


def _nothing_follows(row: Model, *, viewer: Viewer, created: bool) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[Row]):
    """One model as the doors may show it. Nothing is shown or written that is not named here.

    `read_own` is read by those who may write the row. `filter` and `order` are columns, a related one with `__`.
    `rest_names` gives the names of the old API where they are not ours.
    """

    model: type[Row]
    read: tuple[str, ...]
    read_own: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    filter: tuple[str, ...] = ()
    order: tuple[str, ...] = ("id",)
    verbs: tuple[Verb, ...] = ()
    rest_names: Mapping[str, str] = field(default_factory=dict, hash=False)

    visible_to: Callable[[QuerySet[Row], Viewer], QuerySet[Row]] = everyone
    may_write: Callable[[Viewer, Row], bool] = only_staff
    prepare: Prepare[Row] = _as_sent
    after_save: AfterSave[Row] = _nothing_follows

    def rows(self, viewer: Viewer) -> QuerySet[Row]:
        """All that this viewer may see."""
        return self.visible_to(self.model._default_manager.all(), viewer)

    def find(self, key: object, viewer: Viewer, *, field: str | None = None, joined: tuple[str, ...] = ()) -> Row:
        """The row with this id (a number, a UUID or their text).

        `field` is the input's name, `joined` are relations to fetch along. Raises NotFound, also for a row that the
        viewer may not see and for what is no id.
        """
        try:
            return self.rows(viewer).select_related(*(joined or [None])).get(pk=key)
        except (ObjectDoesNotExist, *NO_KEY):
            raise self._not_found(field) from None

    def find_all(self, keys: Iterable[object], viewer: Viewer, *, field: str | None = None) -> list[Row]:
        """The rows with these ids, in their order. Raises NotFound, as `find` does, when one is missing."""
        return self.among(self.rows(viewer), keys, field=field)

    def among(self, rows: QuerySet[Row], keys: Iterable[object], *, field: str | None = None) -> list[Row]:
        """Those of `rows` with these ids, in their order, in one statement. Raises NotFound when one is missing."""
        try:
            wanted = [self.model._meta.pk.to_python(key) for key in keys]
            found = {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}
            return [found[key] for key in wanted]
        except (KeyError, *NO_KEY):
            raise self._not_found(field) from None

    def _not_found(self, field: str | None) -> NotFound:
        return NotFound(f"{self.model._meta.verbose_name} not found.".capitalize(), field=field)
