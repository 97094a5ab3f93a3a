"""Ranges are held by the forms, which name the field, and by the database."""

import math

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from backend.assets.models import Asset, TimedAsset
from backend.listening.models import Stream
from backend.projects.models import Project
from backend.soundscape.models import Audiotrack, Speaker
from backend.visits.models import Session

BROKEN = [
    (Audiotrack, {"min_pan_position": -1.01}, "min_pan_position"),
    (Audiotrack, {"max_pan_position": 1.01}, "max_pan_position"),
    (Audiotrack, {"min_volume": -0.1}, "min_volume"),
    (Audiotrack, {"min_duration_seconds": 5, "max_duration_seconds": 4}, "max_duration_seconds"),
    (Audiotrack, {"min_dead_air_seconds": -1}, "min_dead_air_seconds"),
    (Speaker, {"min_volume": -0.1}, "min_volume"),
    (Speaker, {"min_volume": 0.6, "max_volume": 0.5}, "max_volume"),
    (Speaker, {"attenuation_metres": -1}, "attenuation_metres"),
    (Asset, {"weight": 100}, "weight"),
    (Asset, {"volume": -1}, "volume"),
    (Asset, {"latitude": 90.5, "longitude": 0}, "latitude"),
    (Asset, {"latitude": 0, "longitude": -180.5}, "longitude"),
    (Asset, {"start_seconds": 2, "end_seconds": 1}, "end_seconds"),
    (TimedAsset, {"start_seconds": 2, "end_seconds": 1}, "end_seconds"),
    (TimedAsset, {"start_seconds": -2, "end_seconds": 1}, "start_seconds"),
    (Project, {"latitude": -91, "longitude": 0}, "latitude"),
    (Project, {"recording_radius_metres": -1}, "recording_radius_metres"),
    (Stream, {"width": 361}, "width"),
    (Stream, {"range_min": 2, "range_max": 1}, "range_max"),
]


def needed(model, walk, cast):
    """What a row of this model cannot do without."""
    return {
        Project: {"name": "x", "latitude": 0, "longitude": 0},
        Session: {},
        Stream: {"session_id": 1},
        TimedAsset: {"project": walk.project, "asset": walk.asset},
        Speaker: {"project": walk.project, "code": "x"},
    }.get(model, {"project": walk.project})


@pytest.mark.parametrize(("model", "values", "field"), BROKEN)
def test_what_is_out_of_its_range_is_refused_with_the_field_and_by_the_database(walk, cast, model, values, field):
    row = model(**{**needed(model, walk, cast), **values})
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert list(refusal.value.message_dict) == [field]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_finite_number_is_refused(walk, value):
    with pytest.raises(ValidationError) as refusal:
        Speaker(project=walk.project, code="x", attenuation_metres=value).validate_constraints()
    assert list(refusal.value.message_dict) == ["attenuation_metres"]


def test_the_ends_of_a_range_and_null_are_allowed(walk):
    Audiotrack(project=walk.project, min_pan_position=-1, max_pan_position=1).validate_constraints()
    Asset(project=walk.project, weight=99, latitude=-90, longitude=180).validate_constraints()
    Asset(project=walk.project, latitude=None, longitude=None, start_seconds=1, end_seconds=None).validate_constraints()


def test_a_field_that_a_form_leaves_out_is_not_checked(walk):
    Speaker(project=walk.project, code="x", min_volume=2, max_volume=1).validate_constraints(exclude={"min_volume"})


def test_of_a_place_latitude_and_longitude_come_together(walk):
    row = Asset(project=walk.project, latitude=60.0, longitude=None)
    with pytest.raises(ValidationError):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_session_has_a_project_unless_it_is_the_one_for_staff(db):
    assert Session.objects.get(pk=1).project is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create()
