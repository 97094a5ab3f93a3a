"""Every edit of what may sound announces its project, when it is committed."""

from contextlib import suppress

import pytest
from django.db import transaction

from backend.assets.models import TimedAsset, Vote, VoteType
from backend.assets.resources import VOTE
from backend.assets.votes import vote_asset
from backend.bus.events import AssetAdded, AssetChanged, AssetRemoved, SoundscapeChanged
from backend.catalogue import writer
from backend.projects.models import Ordering, Project
from backend.tagging.models import UIGroup, UIItem
from tests.cast import make_asset, make_project, make_session

OF_ASSETS = AssetAdded | AssetChanged | AssetRemoved


@pytest.fixture
def announced(recording_bus, django_capture_on_commit_callbacks):
    """Does something, and gives the projects that were announced for it."""

    def act(action, *args, **kwargs):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        told = recording_bus.sent[already:]
        assert all(isinstance(message, SoundscapeChanged | OF_ASSETS) for message in told)
        return {message.project_id for message in told if isinstance(message, SoundscapeChanged)}

    return act


def test_saving_or_deleting_what_sounds_announces_the_project(walk, announced):
    timed = TimedAsset.objects.create(project=walk.project, asset=walk.asset, start_seconds=0, end_seconds=1)
    rows = [walk.speaker, walk.audiotrack, timed, walk.asset, UIItem.objects.first(), UIGroup.objects.get(), *walk.tags]
    for row in rows:
        assert announced(row.save) == {walk.project.pk}
    for row in rows:
        assert announced(row.delete) <= {walk.project.pk}
    assert announced(walk.project.save) == {walk.project.pk}


def test_making_something_announces_the_project(walk, announced):
    assert announced(make_asset, walk.project) == {walk.project.pk}


def test_a_group_that_is_deleted_with_its_items_announces_the_project(walk, announced):
    assert announced(UIGroup.objects.get().delete) == {walk.project.pk}


def test_a_project_that_is_deleted_is_announced(walk, announced):
    project_id = walk.project.pk
    assert project_id in announced(Project.objects.get(pk=project_id).delete)


def test_links_of_tags_announce_the_project_from_either_end(walk, announced):
    another = make_project(name="Another")
    asset = make_asset(another)
    assert announced(walk.asset.tags.add, walk.tags[1]) == {walk.project.pk}
    assert announced(walk.asset.tags.clear) == {walk.project.pk}
    assert announced(walk.tags[0].assets.add, asset) == {walk.project.pk, another.pk}
    assert announced(walk.audiotrack.tag_filters.set, walk.tags) == {walk.project.pk}


def test_an_asset_that_moves_to_another_project_announces_both(walk, announced):
    another = make_project(name="Another")
    walk.asset.project = another
    assert announced(walk.asset.save) == {walk.project.pk, another.pk}


def test_an_asset_of_no_project_announces_none(db, announced):
    assert announced(make_asset, None) == set()


def test_what_does_not_sound_announces_nothing(walk, cast, announced):
    assert announced(make_session, walk.project, cast.contributor) == set()
    assert announced(cast.owner.save) == set()


@pytest.fixture
def like(walk, cast):
    """Of the contributor, on the asset of the walk, where the most liked plays first."""
    walk.project.ordering = Ordering.BY_LIKE
    walk.project.save()
    visit = make_session(walk.project, cast.contributor)
    return Vote.objects.create(session=visit, asset=walk.asset, voter=cast.contributor, vote_type=VoteType.LIKE)


def test_a_like_that_comes_goes_or_is_changed_announces_the_project_where_likes_count(walk, cast, like, announced):
    visit = make_session(walk.project, cast.stranger)
    assert announced(vote_asset, visit.pk, walk.asset.pk, "like", viewer=cast.stranger) == {walk.project.pk}
    assert announced(vote_asset, visit.pk, walk.asset.pk, "like", viewer=cast.stranger) == {walk.project.pk}
    assert announced(writer.update, VOTE, like.pk, {"value": 3}, viewer=cast.contributor) == {walk.project.pk}
    assert announced(writer.delete, VOTE, [like.pk], viewer=cast.contributor) == {walk.project.pk}
    assert not Vote.objects.exists()


@pytest.mark.parametrize("what", ["the visit", "the asset", "the project"])
def test_likes_that_go_with_something_else_announce_the_project(walk, like, announced, what):
    project_id = walk.project.pk
    row = {"the visit": like.session, "the asset": walk.asset, "the project": walk.project}[what]
    assert announced(row.delete) == {project_id}
    assert not Vote.objects.exists()


def test_other_votes_announce_nothing(walk, cast, like, announced):
    for vote_type in set(VoteType) - {VoteType.LIKE}:
        ballot = {"session_id": like.session_id, "asset_id": walk.asset.pk, "vote_type": vote_type}
        assert announced(vote_asset, **ballot, viewer=cast.contributor) == set()
        assert announced(vote_asset, **ballot, viewer=cast.contributor) == set()


@pytest.mark.parametrize("ordering", [Ordering.BY_WEIGHT, Ordering.RANDOM])
def test_likes_announce_nothing_where_they_do_not_count(walk, cast, like, announced, ordering):
    Project.objects.update(ordering=ordering)
    assert announced(writer.delete, VOTE, [like.pk], viewer=cast.contributor) == set()


def test_likes_of_an_asset_of_no_project_announce_none(walk, like, announced):
    like.asset = make_asset(None)
    assert announced(like.save) == set()


@pytest.fixture
def sent_by(recording_bus, django_capture_on_commit_callbacks):
    """What is published when something is committed."""

    def act(action):
        with django_capture_on_commit_callbacks(execute=True):
            action()
        return [message.project_id for message in recording_bus.sent_of(SoundscapeChanged)]

    return act


def test_a_transaction_announces_each_project_once(walk, sent_by):
    another = make_project(name="Another")

    def edit():
        with transaction.atomic():
            for row in (walk.speaker, walk.asset, *walk.tags, walk.project, make_asset(another)):
                row.save()

    assert sorted(sent_by(edit)) == sorted([walk.project.pk, another.pk])


def test_of_many_likes_at_once_the_project_is_announced_once(walk, cast, like, sent_by):
    likes = [like.pk]
    for _ in range(3):
        visit = make_session(walk.project, cast.contributor)
        likes.append(Vote.objects.create(session=visit, asset=walk.asset, vote_type=VoteType.LIKE).pk)
    assert sent_by(lambda: writer.delete(VOTE, likes, viewer=cast.curator)) == [walk.project.pk]


def test_what_was_undone_takes_no_announcement_with_it(walk, sent_by):
    def edit():
        with transaction.atomic():
            with suppress(ZeroDivisionError), transaction.atomic():
                walk.speaker.save()
                raise ZeroDivisionError
            walk.asset.save()
            with suppress(ZeroDivisionError), transaction.atomic():
                walk.asset.save()
                raise ZeroDivisionError

    assert sent_by(edit) == [walk.project.pk]


def test_what_was_undone_altogether_is_not_announced(walk, sent_by):
    def edit():
        with suppress(ZeroDivisionError), transaction.atomic():
            walk.speaker.save()
            raise ZeroDivisionError

    assert sent_by(edit) == []
