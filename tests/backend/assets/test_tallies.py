"""Votes are counted for everybody who may see the asset, and shown to nobody thereby."""

import pytest

from backend.assets.models import Vote, VoteType
from backend.assets.tallies import Tally, countable_votes, of_projects, tallies
from backend.resources.viewer import ANONYMOUS
from tests.cast import make_asset, make_session


@pytest.fixture
def vote(walk, cast):
    """A vote of a visit of its own, on the asset of the walk unless said otherwise."""

    def act(vote_type, value=None, *, asset=walk.asset):
        visit = make_session(walk.project, cast.contributor)
        return Vote.objects.create(session=visit, asset=asset, vote_type=vote_type, value=value)

    return act


def test_each_type_is_counted_the_fewest_first_and_equals_by_their_names(walk, vote):
    for vote_type in ("like", "rate", "rate", "flag", "block_user", "like", "like"):
        vote(vote_type, 4)
    assert tallies(Vote.objects.all()) == {
        walk.asset.pk: [
            Tally(VoteType.BLOCK_USER, 1),
            Tally(VoteType.FLAG, 1),
            Tally(VoteType.RATE, 2, 4.0),
            Tally(VoteType.LIKE, 3),
        ]
    }


def test_the_average_is_of_rates_that_have_a_value(walk, vote):
    for value in (1, 2, 2, None):
        vote("rate", value)
    assert tallies(Vote.objects.all()) == {walk.asset.pk: [Tally(VoteType.RATE, 4, pytest.approx(5 / 3))]}


def test_without_a_value_there_is_no_average(walk, vote):
    vote("rate")
    assert tallies(Vote.objects.all()) == {walk.asset.pk: [Tally(VoteType.RATE, 1, None)]}


def test_assets_are_counted_apart_in_one_statement_and_those_without_votes_are_left_out(
    walk, vote, django_assert_num_queries
):
    another, _ = make_asset(walk.project), make_asset(walk.project)
    vote("like")
    vote("like", asset=another)
    vote("like", asset=another)
    with django_assert_num_queries(1):
        counted = tallies(countable_votes(ANONYMOUS))
    assert counted == {walk.asset.pk: [Tally(VoteType.LIKE, 1)], another.pk: [Tally(VoteType.LIKE, 2)]}


def test_only_the_votes_that_were_chosen_count(walk, vote):
    vote("like")
    vote("flag")
    chosen = Vote.objects.filter(vote_type="flag").order_by("-id")
    assert tallies(chosen) == {walk.asset.pk: [Tally(VoteType.FLAG, 1)]}
    assert tallies(Vote.objects.none()) == {}


@pytest.mark.parametrize(
    ("who", "seen"),
    [("nobody", 1), ("stranger", 1), ("contributor", 2), ("owner", 2), ("curator", 2)],
)
def test_votes_count_on_what_the_viewer_may_see(walk, cast, vote, who, seen):
    hidden = make_asset(walk.project, submitted=False, user=cast.contributor)
    vote("like")
    vote("like", asset=hidden)
    viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
    assert countable_votes(viewer).count() == seen
    assert (hidden.pk in tallies(countable_votes(viewer))) == (seen == 2)


def test_votes_are_of_the_project_of_their_asset_whoever_may_see_the_visit(walk, vote):
    vote("like")
    vote("like", asset=make_asset(None))
    assert tallies(of_projects(countable_votes(ANONYMOUS), [walk.project.pk])) == {
        walk.asset.pk: [Tally(VoteType.LIKE, 1)]
    }
    assert tallies(of_projects(countable_votes(ANONYMOUS), [walk.project.pk + 1])) == {}
