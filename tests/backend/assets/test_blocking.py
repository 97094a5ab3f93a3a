"""What a visitor has blocked: single assets, and all that certain people left."""

import pytest

from backend.assets.blocking import blocked_asset_ids, blocked_assets
from backend.assets.models import Vote, VoteType
from backend.errors import NotFound, NotPermitted
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import STAFF_SESSION_ID, Session
from tests.cast import make_asset, make_project, make_session


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


def blocks(visit, asset, vote_type=VoteType.BLOCK_ASSET, **overrides):
    return Vote.objects.create(session=visit, asset=asset, vote_type=vote_type, **{"voter": visit.user, **overrides})


def blocked(visit, viewer=None):
    return set(blocked_assets(visit.pk, viewer or visit.user))


def test_nothing_is_blocked_at_first(walk, visit):
    for vote_type in (VoteType.LIKE, VoteType.FLAG, VoteType.RATE):
        blocks(visit, walk.asset, vote_type)
    assert blocked(visit) == set()


def test_an_asset_is_blocked_in_all_visits_of_the_one_who_blocked_it(walk, cast, visit):
    blocks(visit, walk.asset)
    make_asset(walk.project)
    assert blocked(visit) == {walk.asset}
    assert blocked(make_session(walk.project, cast.contributor)) == {walk.asset}
    assert blocked(make_session(walk.project, cast.stranger)) == set()


@pytest.mark.parametrize("named_by", ["user", "visit"])
@pytest.mark.parametrize("left_by", ["user", "visit"])
def test_with_a_person_all_that_they_left_is_blocked(walk, cast, visit, named_by, left_by):
    of = {
        "user": {"user": cast.stranger},
        "visit": {"session": make_session(walk.project, cast.stranger)},
    }
    named, left = make_asset(walk.project, **of[named_by]), make_asset(walk.project, **of[left_by])
    blocks(visit, named, VoteType.BLOCK_USER)
    assert blocked(visit) == {named, left}


def test_whose_visit_it_was_does_not_count_where_an_asset_has_an_author(walk, cast, visit):
    strangers_visit = make_session(walk.project, cast.stranger)
    owners = make_asset(walk.project, user=cast.owner, session=strangers_visit)
    strangers = make_asset(walk.project, session=strangers_visit)
    blocks(visit, strangers, VoteType.BLOCK_USER)
    assert blocked(visit) == {strangers}
    Vote.objects.all().delete()
    blocks(visit, owners, VoteType.BLOCK_USER)
    assert blocked(visit) == {owners}


def test_of_an_author_whom_nobody_knows_the_asset_alone_is_blocked(walk, cast, visit):
    strangers = make_asset(walk.project, user=cast.stranger)
    blocks(visit, walk.asset, VoteType.BLOCK_USER)
    make_asset(walk.project)
    assert blocked(visit) == {walk.asset}
    blocks(visit, strangers, VoteType.BLOCK_USER)
    assert blocked(visit) == {walk.asset, strangers}


def test_what_is_taken_back_or_voted_by_another_in_this_visit_does_not_count(walk, cast, visit):
    blocks(visit, walk.asset, voter=cast.curator)
    assert blocked(visit) == set()
    blocks(visit, make_asset(walk.project), voter=None).delete()
    assert blocked(visit) == set()


def test_a_vote_without_a_voter_is_its_visitors(walk, visit):
    blocks(visit, walk.asset, voter=None)
    assert blocked(visit) == {walk.asset}


def test_what_the_visitor_does_not_see_is_not_listed(walk, cast, visit):
    hidden = make_asset(walk.project, submitted=False, user=cast.stranger)
    elsewhere = make_asset(make_project(name="Another"), user=cast.stranger)
    shown = make_asset(walk.project, user=cast.stranger)
    blocks(visit, shown, VoteType.BLOCK_USER)
    assert blocked(visit) == {shown}
    assert set(blocked_asset_ids(visit).values_list("id", flat=True)) == {hidden.pk, elsewhere.pk, shown.pk}
    assert blocked(visit, cast.curator) == {hidden, shown}


def test_the_visit_of_nobody_blocks_nothing(walk, cast):
    staffs, _ = Session.objects.get_or_create(pk=STAFF_SESSION_ID)
    blocks(staffs, walk.asset)
    assert blocked(staffs, cast.curator) == set()


def test_whom_somebody_avoids_is_nobody_elses_business(walk, cast, visit):
    blocks(visit, walk.asset)
    for viewer, error in ((cast.stranger, NotFound), (ANONYMOUS, NotFound), (cast.owner, NotPermitted)):
        with pytest.raises(error) as refusal:
            blocked_assets(visit.pk, viewer)
        assert refusal.value.field == "session_id"
