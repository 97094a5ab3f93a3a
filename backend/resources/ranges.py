"""Constraints on numbers that say which field was wrong; the database holds them too."""

import math
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q


class _FieldConstraint(models.CheckConstraint):
    """A check that full_clean() answers in Python (Django's own asks the database, once a constraint)."""

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """As Django's own constraint, so that migrations need nothing of ours."""
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs


class Within(_FieldConstraint):
    """`low <= field <= high`; no upper end when `high` is None. Null passes."""

    def __init__(self, field: str, low: float, high: float | None = None) -> None:
        self.field, self.low, self.high = field, low, high
        condition = Q(**{f"{field}__gte": low})
        if high is not None:
            condition &= Q(**{f"{field}__lte": high})
        super().__init__(condition=condition, name=f"%(class)s_{field}_within")

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        value = getattr(instance, self.field)
        if value is None or self.field in (exclude or ()):
            return
        if not math.isfinite(value) or value < self.low or (self.high is not None and value > self.high):
            wanted = f"at least {self.low}" if self.high is None else f"between {self.low} and {self.high}"
            raise ValidationError({self.field: f"Must be {wanted}."})

    def clone(self) -> "Within":
        copy = Within(self.field, self.low, self.high)
        copy.name = self.name
        return copy


class Ordered(_FieldConstraint):
    """`low_field <= high_field`. Null passes."""

    def __init__(self, low_field: str, high_field: str) -> None:
        self.low_field, self.high_field = low_field, high_field
        super().__init__(
            condition=Q(**{f"{high_field}__gte": F(low_field)}), name=f"%(class)s_{high_field}_not_below_{low_field}"
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        if {self.low_field, self.high_field} & set(exclude or ()):
            return
        low, high = getattr(instance, self.low_field), getattr(instance, self.high_field)
        if low is not None and high is not None and high < low:
            raise ValidationError({self.high_field: f"Must not be less than {self.low_field}."})

    def clone(self) -> "Ordered":
        copy = Ordered(self.low_field, self.high_field)
        copy.name = self.name
        return copy


def on_earth() -> list[models.BaseConstraint]:
    """The constraints of a model with `latitude` and `longitude` in degrees."""
    return [Within("latitude", -90, 90), Within("longitude", -180, 180)]
