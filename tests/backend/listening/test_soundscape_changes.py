"""Every edit of what may sound announces its project, when it is committed."""

from contextlib import suppress

import pytest
from django.db import transaction

from backend.assets.models import TimedAsset
from backend.bus.events import SoundscapeChanged
from backend.projects.models import Project
from backend.tagging.models import UIGroup, UIItem
from tests.cast import make_asset, make_project, make_session


@pytest.fixture
def announced(recording_bus, django_capture_on_commit_callbacks):
    """Does something, and gives the projects that were announced for it."""

    def act(action, *args, **kwargs):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        assert all(isinstance(message, SoundscapeChanged) for message in recording_bus.sent[already:])
        return {message.project_id for message in recording_bus.sent[already:]}

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


def test_an_asset_of_no_project_announces_none(db, announced):
    assert announced(make_asset, None) == set()


def test_what_does_not_sound_announces_nothing(walk, cast, announced):
    assert announced(make_session, walk.project, cast.contributor) == set()
    assert announced(cast.owner.save) == set()


@pytest.fixture
def sent_by(recording_bus, django_capture_on_commit_callbacks):
    """What is published when something is committed."""

    def act(action):
        with django_capture_on_commit_callbacks(execute=True):
            action()
        return [message.project_id for message in recording_bus.sent]

    return act


def test_a_transaction_announces_each_project_once(walk, sent_by):
    another = make_project(name="Another")

    def edit():
        with transaction.atomic():
            for row in (walk.speaker, walk.asset, *walk.tags, walk.project, make_asset(another)):
                row.save()

    assert sorted(sent_by(edit)) == sorted([walk.project.pk, another.pk])


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
