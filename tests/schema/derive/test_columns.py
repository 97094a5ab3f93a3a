"""The types of columns: strawberry-django's, and ours where they are better."""

import pytest
import strawberry_django
from django.contrib.gis.db import models
from django.test.utils import isolate_apps
from strawberry import Schema
from strawberry.schema.config import StrawberryConfig

from backend.projects.models import RepeatMode
from schema.derive.columns import column_type
from schema.scalars import SCALARS


@isolate_apps("backend.projects")
def type_of(column):
    """The GraphQL type of a column in a model of its own."""

    class Thing(models.Model):
        value = column

        class Meta:
            app_label = "projects"

    made = type("Query", (), {"__annotations__": {"value": column_type(Thing._meta.get_field("value"))}})
    schema = Schema(strawberry_django.type(Thing)(made), config=StrawberryConfig(scalar_map=SCALARS))
    return str(schema._schema.query_type.fields["value"].type)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (models.CharField(max_length=9), "String!"),
        (models.URLField(), "String!"),
        (models.PositiveSmallIntegerField(), "Int!"),
        (models.FloatField(null=True), "Float"),
        (models.BooleanField(), "Boolean!"),
        (models.DateTimeField(null=True), "DateTime"),
        (models.BigIntegerField(), "BigInt!"),
        (models.PositiveBigIntegerField(null=True), "BigInt"),
        (models.UUIDField(), "ID!"),
        (models.PointField(), "GeoJSON!"),
        (models.MultiPolygonField(null=True), "GeoJSON"),
        (models.GeometryField(), "GeoJSON!"),
        (models.CharField(max_length=9, choices=RepeatMode.choices), "RepeatMode!"),
        (models.CharField(max_length=9, choices=RepeatMode.choices, null=True), "RepeatMode"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_column_has_the_type(column, kind):
    assert type_of(column) == kind


def test_a_closed_set_that_nobody_explained_is_refused():
    with pytest.raises(LookupError, match=r"Thing\.value has choices without an enum"):
        type_of(models.CharField(max_length=9, choices=[("a", "A")]))


def test_a_kind_of_column_that_has_no_type_is_refused():
    with pytest.raises(TypeError, match=r"Thing\.value' has not been implemented"):
        type_of(models.BinaryField())
