"""Who sees an asset, and who may write it."""

import pytest

from backend.assets import queries
from backend.assets.models import Asset, TimedAsset, Vote, VoteType
from backend.assets.resources import ASSET, ENVELOPE, TIMED_ASSET, VOTE
from backend.errors import NotFound, NotPermitted
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_asset, make_envelope, make_project, make_session

EVERYBODY = ("owner", "contributor", "stranger", "curator")


def viewers(cast):
    return [*vars(cast).values(), ANONYMOUS]


def seen_by(resource, cast, row):
    """The names of those of the cast who see the row."""
    return {getattr(viewer, "username", "nobody") for viewer in viewers(cast) if row in resource.rows(viewer)}


def written_by(resource, cast, row):
    """The names of those of the cast who may write the row."""
    return {getattr(viewer, "username", "nobody") for viewer in viewers(cast) if resource.may_write(viewer, row)}


def test_what_is_submitted_is_seen_by_all(walk, cast):
    assert seen_by(ASSET, cast, walk.asset) == {*EVERYBODY, "nobody"}


def test_what_is_not_is_seen_by_whose_it_is_the_owners_and_staff(walk, cast):
    session = make_session(walk.project, cast.contributor)
    by_name = make_asset(walk.project, submitted=False, user=cast.contributor)
    by_visit = make_asset(walk.project, submitted=False, session=session)
    for asset in (by_name, by_visit):
        assert seen_by(ASSET, cast, asset) == {"owner", "contributor", "curator"}
        assert written_by(ASSET, cast, asset) == {"owner", "contributor", "curator"}


def test_what_belongs_to_nobody_is_staffs(walk, cast):
    asset = make_asset(None, submitted=False)
    assert seen_by(ASSET, cast, asset) == {"curator"}
    assert written_by(ASSET, cast, asset) == {"curator"}


@pytest.mark.parametrize(("field", "value"), [("submitted", True), ("weight", 99)])
def test_contributors_cannot_pass_their_own_asset_by_the_review(walk, cast, field, value):
    asset = make_asset(walk.project, submitted=False, user=cast.contributor)
    with pytest.raises(NotPermitted) as refusal:
        ASSET.prepare({field: value, "description": "x"}, viewer=cast.contributor, row=asset)
    assert refusal.value.field == field
    for editor in (cast.owner, cast.curator):
        assert ASSET.prepare({field: value}, viewer=editor, row=asset)[field] == value


def test_contributors_may_withdraw_their_own_asset(walk, cast):
    data = {"submitted": False, "description": "x"}
    asset = make_asset(walk.project, user=cast.contributor)
    assert ASSET.prepare(data, viewer=cast.contributor, row=asset) == data


def test_owners_of_another_project_see_nothing_here(cast):
    another = make_project(name="Another")
    asset = make_asset(another, submitted=False)
    assert seen_by(ASSET, cast, asset) == {"curator"}


def test_an_asset_of_ones_own_is_listed_once(walk, cast):
    session = make_session(walk.project, cast.owner)
    asset = make_asset(walk.project, user=cast.owner, session=session)
    assert list(ASSET.rows(cast.owner).filter(pk=asset.pk)) == [asset]


def test_envelopes_are_open_and_their_owners_write_them(walk, cast):
    envelope = make_envelope(make_session(walk.project, cast.contributor), walk.asset)
    assert seen_by(ENVELOPE, cast, envelope) == {*EVERYBODY, "nobody"}
    assert written_by(ENVELOPE, cast, envelope) == {"owner", "contributor", "curator"}


def test_a_vote_is_between_the_voter_and_the_project(walk, cast):
    session = make_session(walk.project, cast.contributor)
    vote = Vote.objects.create(asset=walk.asset, session=session, vote_type=VoteType.BLOCK_USER)
    assert seen_by(VOTE, cast, vote) == {"owner", "contributor", "curator"}
    assert written_by(VOTE, cast, vote) == {"contributor", "curator"}


def test_a_timing_is_seen_by_whom_its_asset_is_seen(walk, cast):
    hidden = make_asset(walk.project, submitted=False)
    times = {"project": walk.project, "start_seconds": 0, "end_seconds": 9}
    shown_timing = TimedAsset.objects.create(asset=walk.asset, **times)
    hidden_timing = TimedAsset.objects.create(asset=hidden, **times)
    assert seen_by(TIMED_ASSET, cast, shown_timing) == {*EVERYBODY, "nobody"}
    assert seen_by(TIMED_ASSET, cast, hidden_timing) == {"owner", "curator"}
    assert written_by(TIMED_ASSET, cast, shown_timing) == {"owner", "curator"}


def test_the_assets_of_a_project_are_listed_for_a_viewer(walk, cast):
    make_asset(make_project(name="Another"))
    hidden = make_asset(walk.project, submitted=False)
    assert list(queries.assets(walk.project.pk, cast.stranger)) == [walk.asset]
    assert list(queries.assets(walk.project.pk, cast.owner)) == [walk.asset, hidden]
    with pytest.raises(NotFound):
        queries.assets(999_999, cast.curator)


def test_one_asset_is_found_by_those_who_see_it(walk, cast):
    hidden = make_asset(walk.project, submitted=False)
    assert queries.asset(hidden.pk, cast.owner) == hidden
    with pytest.raises(NotFound) as refusal:
        queries.asset(hidden.pk, cast.contributor)
    assert refusal.value.field == "asset_id"
    assert Asset.objects.filter(pk=hidden.pk).exists()
