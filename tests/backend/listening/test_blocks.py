"""What somebody blocks reaches their own open streams and no others, however it was blocked or forgiven."""

import pytest
from django.db import transaction

from backend.assets.models import Asset, Vote, VoteType
from backend.assets.votes import vote_asset
from backend.bus.commands import BlockAssets
from backend.listening.blocks import blocked_here
from backend.listening.models import Stream, StreamState
from tests.cast import make_asset, make_project, make_session


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def stream(visit):
    return Stream.objects.create(session=visit)


@pytest.fixture
def told(recording_bus, django_capture_on_commit_callbacks):
    """Does something, and gives what the streams were told to block when it was committed."""

    def act(action, *args, **kwargs):
        already = len(recording_bus.sent_of(BlockAssets))
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        return recording_bus.sent_of(BlockAssets)[already:]

    return act


def block(stream, *asset_ids):
    return BlockAssets(str(stream.pk), tuple(asset_ids))


def test_an_asset_is_blocked_and_taken_back(walk, cast, visit, stream, told):
    vote = (visit.pk, walk.asset.pk, "block_asset")
    assert told(vote_asset, *vote, viewer=cast.contributor) == [block(stream, walk.asset.pk)]
    assert told(vote_asset, *vote, viewer=cast.contributor) == [block(stream)]


def test_a_person_is_blocked_with_all_that_they_made_here(walk, cast, visit, stream, told):
    theirs = [make_asset(walk.project, user=cast.stranger).pk for _ in range(2)]
    make_asset(make_project(name="Another"), user=cast.stranger)
    commands = told(vote_asset, visit.pk, theirs[0], "block_user", viewer=cast.contributor)
    assert commands == [block(stream, *theirs)]
    assert blocked_here(visit) == tuple(theirs)


def test_what_a_blocked_person_makes_later_is_blocked_too(walk, cast, visit, stream, told):
    first = make_asset(walk.project, user=cast.stranger)
    vote_asset(visit.pk, first.pk, "block_user", viewer=cast.contributor)
    commands = told(make_asset, walk.project, session=make_session(walk.project, cast.stranger))
    assert commands == [block(stream, first.pk, Asset.objects.latest("pk").pk)]
    assert told(make_asset, walk.project, user=cast.owner) == []


def test_all_open_streams_of_the_visitor_hear_of_it_and_nobody_else(walk, cast, visit, stream, told):
    Stream.objects.create(session=make_session(walk.project, cast.stranger))
    paused, _, _ = [
        Stream.objects.create(session=make_session(walk.project, cast.contributor), state=state)
        for state in (StreamState.PAUSED, StreamState.CLOSED, StreamState.IDLE)
    ]
    elsewhere = Stream.objects.create(session=make_session(make_project(name="Another"), cast.contributor))
    commands = told(vote_asset, visit.pk, walk.asset.pk, "block_asset", viewer=cast.contributor)
    assert {command.stream_id: command.asset_ids for command in commands} == {
        str(stream.pk): (walk.asset.pk,),
        str(paused.pk): (walk.asset.pk,),
        str(elsewhere.pk): (),
    }


def test_many_votes_at_once_are_told_once(walk, cast, visit, stream, told):
    ids = [make_asset(walk.project).pk for _ in range(3)]

    def act():
        for asset_id in ids:
            vote_asset(visit.pk, asset_id, "block_asset", viewer=cast.contributor)

    assert told(act) == [block(stream, *ids)]


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize("kind", ["like", "flag", "rate"])
def test_other_votes_block_nothing(walk, cast, visit, told, kind):
    assert told(vote_asset, visit.pk, walk.asset.pk, kind, viewer=cast.contributor, value=3) == []


class TestAVoteThatIsThere:
    @pytest.fixture
    def vote(self, walk, cast, visit, stream):
        return Vote.objects.create(
            session=visit, asset=walk.asset, voter=cast.contributor, vote_type=VoteType.BLOCK_ASSET
        )

    def test_goes_in_whatever_way(self, walk, cast, stream, told, vote):
        assert told(Vote.objects.filter(pk=vote.pk).delete) == [block(stream)]

    def test_goes_with_its_visit(self, walk, cast, visit, told, vote):
        another = Stream.objects.create(session=make_session(walk.project, cast.contributor))
        assert told(visit.delete) == [block(another)]

    def test_goes_with_its_asset_and_forgives_the_author(self, walk, cast, visit, stream, told):
        one, two = (make_asset(walk.project, user=cast.stranger) for _ in range(2))
        assert told(vote_asset, visit.pk, one.pk, "block_user", viewer=cast.contributor) == [
            block(stream, one.pk, two.pk)
        ]
        assert told(one.delete) == [block(stream)]

    def test_becomes_another_persons(self, walk, cast, stream, told, vote):
        theirs = Stream.objects.create(session=make_session(walk.project, cast.stranger))
        vote.voter = cast.stranger
        assert set(told(vote.save)) == {block(stream), block(theirs, walk.asset.pk)}

    def test_says_something_else(self, stream, told, vote):
        vote.vote_type = VoteType.LIKE
        assert told(vote.save) == [block(stream)]


@pytest.mark.usefixtures("stream")
def test_a_vote_that_is_undone_is_not_told(walk, cast, visit, told):
    def act():
        with pytest.raises(RuntimeError), transaction.atomic():
            vote_asset(visit.pk, walk.asset.pk, "block_asset", viewer=cast.contributor)
            raise RuntimeError

    assert told(act) == []
