"""Declarations are verified at boot, with numbered faults as in Django's own checks."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from django.contrib.gis.db.models import GeometryField
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Field, Model, TextField
from django.db.models.constraints import UniqueConstraint
from django.db.models.fields.reverse_related import ForeignObjectRel

from backend.resources.resource import Resource

AnyField: TypeAlias = "Field[Any, Any] | ForeignObjectRel"


def faults(resources: Iterable[Resource[Model]]) -> list[CheckMessage]:
    """What is wrong with the declarations; empty when all is well."""
    resources = tuple(resources)
    known = {resource.model for resource in resources}
    return [fault for resource in resources for fault in _faults_of(resource, known)]


def _faults_of(resource: Resource[Model], known: set[type[Model]]) -> Iterator[CheckMessage]:
    model = resource.model
    if not (model.__doc__ or "").strip() or (model.__doc__ or "").startswith(f"{model.__name__}("):
        yield Error(f"{model.__name__} has no docstring of its own.", id="earshot.E002")
    shown = {*resource.read, *resource.read_own, *resource.write}
    sought = {*resource.filter, *resource.order}
    for path in sorted(shown | sought | set(resource.rest_names)):
        columns = _columns(model, path)
        if not columns:
            yield Error(f"{model.__name__} has no field {path}.", id="earshot.E001")
            continue
        passed = columns if path in sought else columns[-1:] if path in shown else []
        if any(column.related_model is not None and column.related_model not in known for column in passed):
            yield Error(f"{model.__name__}.{path} leads to a model that is not in the catalogue.", id="earshot.E003")
        if path in sought and not _is_indexed(columns[-1]):
            yield Error(f"{model.__name__}.{path} is sought by and has no index.", id="earshot.E004")


def _columns(model: type[Model], path: str) -> list[AnyField]:
    """The fields along a path such as session__project; empty when one is missing."""
    found: list[AnyField] = []
    step: type[Model] | None = model
    for name in path.split("__"):
        try:
            column = step._meta.get_field(name) if step else None
        except FieldDoesNotExist:
            column = None
        if not isinstance(column, Field | ForeignObjectRel):
            return []
        found.append(column)
        step = column.related_model if isinstance(column.related_model, type) else None
    return found


def _is_indexed(column: AnyField) -> bool:
    if column.is_relation or not isinstance(column, Field):
        return True
    if isinstance(column, GeometryField):
        return column.spatial_index
    if isinstance(column, BooleanField | TextField):
        # Two halves of a table are read like the whole, and a long text is looked through.
        return True
    options = column.model._meta
    together = [index.fields for index in options.indexes]
    together += [rule.fields for rule in options.constraints if isinstance(rule, UniqueConstraint)]
    return (
        column.primary_key
        or column.unique
        or getattr(column, "db_index", False)
        or any(column.name in names for names in together)
    )
