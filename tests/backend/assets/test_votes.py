"""A vote is given, changed, and taken back by being given again; nobody votes in another's visit."""

import threading

import pytest
from django.db import connection

from backend.assets.models import Vote, VoteType
from backend.assets.votes import vote_asset
from backend.bus.events import SoundscapeChanged
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.projects.models import Project
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import Event
from tests.cast import make_asset, make_cast, make_project, make_session, make_walk


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def vote(walk, cast, visit):
    """Votes as the contributor, on the asset of the walk."""

    def act(vote_type="like", value=None, *, viewer=cast.contributor, session=visit.pk, asset=walk.asset.pk):
        return vote_asset(session, asset, vote_type, viewer=viewer, value=value)

    return act


def stored():
    return list(Vote.objects.order_by("id").values_list("vote_type", "value"))


def test_a_vote_is_the_voters_of_this_visit_on_this_asset(walk, cast, visit, vote):
    ballot = vote("like")
    assert ballot.vote == Vote.objects.get()
    assert ballot.asset == walk.asset
    assert (ballot.vote.session, ballot.vote.asset, ballot.vote.voter) == (visit, walk.asset, cast.contributor)
    assert stored() == [("like", None)]


@pytest.mark.parametrize("vote_type", VoteType.values)
def test_without_a_value_it_is_taken_back_the_second_time_and_given_anew_the_third(vote, vote_type):
    present = []
    for _ in range(3):
        assert (vote(vote_type).vote is not None) == Vote.objects.exists()
        present.append(stored())
    assert present == [[(vote_type, None)], [], [(vote_type, None)]]


def test_with_a_value_it_is_changed(vote):
    first, second = vote("rate", 4), vote("rate", -(2**31))
    assert first.vote == second.vote
    assert stored() == [("rate", -(2**31))]
    assert vote("rate").vote is None
    assert stored() == []


def test_each_type_visit_and_asset_has_a_vote_of_its_own(walk, cast, vote):
    another_visit = make_session(walk.project, cast.contributor)
    strangers_visit = make_session(walk.project, cast.stranger)
    another_asset = make_asset(walk.project)
    vote("like")
    vote("flag")
    vote("like", session=another_visit.pk)
    vote("like", asset=another_asset.pk)
    vote("like", session=strangers_visit.pk, viewer=cast.stranger)
    assert Vote.objects.count() == 5


def test_each_vote_is_noted_also_one_that_is_taken_back(walk, visit, vote):
    vote("like")
    vote("like")
    told = f"asset_id:{walk.asset.pk},vote_type:like"
    assert list(Event.objects.values_list("session", "event_type", "data")) == [(visit.pk, "vote_asset", told)] * 2


@pytest.mark.parametrize(("ordering", "announced"), [("by_like", 2), ("by_weight", 0), ("random", 0)])
def test_where_the_most_liked_plays_first_the_engine_counts_again(
    vote, recording_bus, django_capture_on_commit_callbacks, ordering, announced
):
    Project.objects.update(ordering=ordering)
    for vote_type in ("like", "like", "flag"):
        with django_capture_on_commit_callbacks(execute=True):
            ballot = vote(vote_type)
    assert recording_bus.sent == [SoundscapeChanged(ballot.asset.project_id)] * announced


@pytest.mark.parametrize(("who", "error"), [("stranger", NotFound), ("nobody", NotFound), ("owner", NotPermitted)])
def test_nobody_votes_in_anothers_visit(cast, vote, who, error):
    vote("rate", 3)
    for value in (None, 1):
        with pytest.raises(error) as refusal:
            vote("rate", value, viewer=ANONYMOUS if who == "nobody" else getattr(cast, who))
        assert refusal.value.field == "session_id"
    assert stored() == [("rate", 3)]
    assert Event.objects.count() == 1


def test_staff_vote_in_any_visit(cast, vote):
    assert vote("like", viewer=cast.curator).vote.voter == cast.curator


@pytest.mark.parametrize("which", ["hidden", "none", "of another project"])
def test_what_the_voter_does_not_hear_cannot_be_voted_on(walk, vote, which):
    assets = {
        "hidden": (make_asset(walk.project, submitted=False).pk, NotFound),
        "none": (999_999, NotFound),
        "of another project": (make_asset(make_project(name="Another")).pk, InvalidInput),
    }
    asset, error = assets[which]
    with pytest.raises(error) as refusal:
        vote("like", asset=asset)
    assert refusal.value.field == "asset_id"
    assert stored() == []
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("vote_type", "value", "field"),
    [("", None, "vote_type"), ("LIKE", None, "vote_type"), ("rate", 2**31, "value"), ("rate", -(2**31) - 1, "value")],
)
def test_what_is_no_vote_is_refused(vote, vote_type, value, field):
    with pytest.raises(InvalidInput) as refusal:
        vote(vote_type, value)
    assert refusal.value.field == field
    assert stored() == []
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_votes_at_once_each_finds_what_the_one_before_left():
    walk = make_walk()
    voter = make_cast().contributor
    visit = make_session(walk.project, voter)

    def vote():
        try:
            vote_asset(visit.pk, walk.asset.pk, "like", viewer=voter)
        finally:
            connection.close()

    threads = [threading.Thread(target=vote) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Vote.objects.count() == 1
    assert Event.objects.count() == 5
