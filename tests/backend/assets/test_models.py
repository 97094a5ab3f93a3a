"""An asset keeps its point in step with its coordinates."""

import pytest
from django.db import IntegrityError, transaction

from backend.assets.models import Vote, VoteType
from tests.cast import LATITUDE, LONGITUDE, make_asset, make_session


def test_the_point_follows_latitude_and_longitude(walk):
    asset = make_asset(walk.project)
    asset.refresh_from_db()
    assert asset.position.coords == (LONGITUDE, LATITUDE)
    asset.latitude = 61.0
    asset.save(update_fields=["latitude"])
    asset.refresh_from_db()
    assert asset.position.coords == (LONGITUDE, 61.0)


def test_an_asset_of_no_place_has_no_point(walk):
    asset = make_asset(walk.project)
    asset.latitude = asset.longitude = None
    asset.save()
    asset.refresh_from_db()
    assert asset.position is None


def test_saving_something_else_leaves_the_point(walk, django_assert_num_queries):
    asset = make_asset(walk.project)
    asset.latitude, asset.description = 62.0, "moved, but not saved so"
    asset.save(update_fields=["description"])
    asset.refresh_from_db()
    assert (asset.latitude, asset.position.y) == (LATITUDE, LATITUDE)


def test_a_recording_outlives_its_project_and_its_visit(walk, cast):
    session = make_session(walk.project, cast.contributor)
    asset = make_asset(walk.project, session=session, user=cast.contributor)
    cast.contributor.delete()
    walk.project.delete()
    asset.refresh_from_db()
    assert (asset.project, asset.session, asset.user) == (None, None, None)


def test_a_visit_has_one_vote_of_a_type_for_an_asset(walk, cast):
    vote = {"asset": walk.asset, "session": make_session(walk.project, cast.contributor)}
    Vote.objects.create(**vote, vote_type=VoteType.LIKE)
    Vote.objects.create(**vote, vote_type=VoteType.RATE, value=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(**vote, vote_type=VoteType.LIKE)
    assert Vote.objects.count() == 2
