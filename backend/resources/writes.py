"""The one writer: whichever door asks, a row is changed by the same steps, in one transaction, or not at all."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, RestrictedError

from backend.errors import Conflict, InvalidInput, NotPermitted, Unsupported
from backend.resources.cleaning import cleaned
from backend.resources.resource import Data, Resource, Verb, everyone
from backend.resources.values import bounded, read_relation, read_value
from backend.resources.viewer import Caller, Viewer, signed_in

Row = TypeVar("Row", bound=Model)


class Writer:
    """Writes rows of the resources that it knows; whatever it refuses has changed nothing."""

    def __init__(self, resources: Iterable[Resource[Any]]) -> None:
        self._resources = {resource.model: resource for resource in resources}

    def create(self, resource: Resource[Row], data: Data, *, viewer: Viewer) -> Row:
        """A new row; `data` is by field names, related rows by their keys, shapes as GeoJSON.

        Raises NotAuthenticated, NotFound for a related row, InvalidInput, NotPermitted.
        """
        with _change(resource, Verb.CREATE, viewer) as caller:
            return self._write(resource, resource.model(), data, caller)

    def update(
        self, resource: Resource[Row], key: object, data: Data, *, viewer: Viewer, expected_version: int | None = None
    ) -> Row:
        """The row, changed; what `data` leaves out stays as it is.

        Raises as `create`, NotFound for the row too, and Conflict when it no longer has the version expected.
        """
        with _change(resource, Verb.UPDATE, viewer) as caller:
            (row,) = _locked(resource, [key], caller, field="id")
            _permit(resource, row, caller)
            if expected_version is not None and getattr(row, "version", None) != expected_version:
                raise Conflict("Somebody else has changed it meanwhile.", field="expected_version")
            return self._write(resource, row, data, caller)

    def delete(
        self, resource: Resource[Any], keys: Iterable[object], *, viewer: Viewer, field: str = "ids"
    ) -> list[Any]:
        """The keys of the rows that are gone now: all of them or none. `field` is the input's name.

        Raises NotAuthenticated, NotFound, NotPermitted, and InvalidInput when they are too many or still needed.
        """
        with _change(resource, Verb.DELETE, viewer) as caller:
            rows = _locked(resource, bounded(keys, field=field), caller, field=field)
            for row in rows:
                _permit(resource, row, caller)
            gone = [row.pk for row in rows]
            resource.model._default_manager.filter(pk__in=gone).delete()
            return gone

    def _write(self, resource: Resource[Row], row: Row, data: Data, caller: Caller) -> Row:
        created = row._state.adding
        given = self._set(resource, row, data, caller)
        cleaned(row, changed=None if created else given)
        _permit(resource, row, caller)
        if not created and _has_versions(resource.model):
            versioned: Any = row
            versioned.version += 1
        row.save(force_insert=created)
        for column in resource.model._meta.many_to_many:
            if column.name in given:
                self._link(row, column.name, given[column.name], caller)
        resource.after_save(row, viewer=caller, created=created)
        return row

    def _set(self, resource: Resource[Row], row: Row, data: Data, caller: Caller) -> Data:
        """Sets what the row holds itself; gives all that was said of it, also the rows that it is to be linked with."""
        read = {name: self._read(resource, name, given, caller) for name, given in data.items()}
        prepared = resource.prepare(read, viewer=caller, row=row)
        many = {column.name: column for column in resource.model._meta.many_to_many}
        for name in resource.write if row._state.adding else prepared:
            if name in many and not (many[name].blank or prepared.get(name)):
                raise InvalidInput("At least one is needed.", field=name)
        for name, value in prepared.items():
            if name not in many:
                setattr(row, name, value)
        return prepared

    def _read(self, resource: Resource[Any], name: str, given: object, caller: Caller) -> Any:
        if name not in resource.write:
            raise InvalidInput(f"There is no {name} to write.", field=name)
        column: Any = resource.model._meta.get_field(name)
        if column.is_relation:
            return read_relation(column, given, self._resources[column.related_model], caller)
        return read_value(column, given)

    def _link(self, row: Model, name: str, rows: list[Model], caller: Caller) -> None:
        """Links the row with these rows and no others, but for those that the viewer cannot see: these stay."""
        linked: Any = getattr(row, name)
        resource = self._resources[linked.model]
        hidden = [] if resource.visible_to is everyone else linked.exclude(pk__in=resource.rows(caller).values("pk"))
        linked.set([*rows, *hidden])


@contextmanager
def _change(resource: Resource[Any], verb: Verb, viewer: Viewer) -> Iterator[Caller]:
    """A transaction for somebody who has an account; what the database refuses in the end is said in a sentence."""
    signed_in(viewer)
    if verb not in resource.verbs:
        raise Unsupported(f"No {resource.model._meta.verbose_name} is {verb}d this way.")
    try:
        with transaction.atomic():
            yield Caller.of(viewer)
    except (ProtectedError, RestrictedError):
        raise InvalidInput("Something else still needs it.") from None
    except IntegrityError:
        # Two writers met: each of them had looked before, and seen nothing in its way.
        raise InvalidInput("It clashes with what somebody else has just written or deleted.") from None


def _locked(resource: Resource[Row], keys: Iterable[object], caller: Caller, *, field: str) -> list[Row]:
    """The rows, and those that their keys lead to (which `may_write` asks for), until the end of the transaction."""
    joined = [column.name for column in resource.model._meta.concrete_fields if column.is_relation]
    # Others may point to it meanwhile: who links something to it may hold the project's log, which comes last here.
    rows = resource.rows(caller).select_for_update(of=("self",), no_key=True)
    return resource.among(rows.select_related(*joined) if joined else rows, keys, field=field)


def _permit(resource: Resource[Row], row: Row, caller: Caller) -> None:
    if not resource.may_write(caller, row):
        raise NotPermitted(f"You may not change this {resource.model._meta.verbose_name}.")


def _has_versions(model: type[Model]) -> bool:
    try:
        return model._meta.get_field("version") is not None
    except FieldDoesNotExist:
        return False
