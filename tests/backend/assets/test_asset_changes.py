"""What becomes of an asset is told to its project, whatever door it comes through."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from backend.assets.envelopes import add_asset_to_envelope
from backend.assets.models import Asset
from backend.assets.resources import ASSET
from backend.bus.events import AssetAdded, AssetChanged, AssetRemoved
from backend.catalogue import writer
from backend.tagging.resources import TAG
from tests.cast import make_asset, make_envelope, make_project, make_session


@pytest.fixture
def told(recording_bus, django_capture_on_commit_callbacks):
    """Does something, and gives what was told of assets when it was committed."""

    def act(action, *args, **kwargs):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **kwargs)
        kinds = AssetAdded | AssetChanged | AssetRemoved
        return [each for each in recording_bus.sent[already:] if isinstance(each, kinds)]

    return act


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


def test_an_asset_that_is_made_is_added(walk, visit, told):
    events = told(lambda: make_asset(walk.project, session=visit).tags.add(*walk.tags))
    assert events == [AssetAdded(walk.project.pk, Asset.objects.latest("pk").pk, visit.pk)]
    events = told(make_asset, walk.project)
    assert events == [AssetAdded(walk.project.pk, Asset.objects.latest("pk").pk, None)]


def test_an_asset_that_is_edited_is_told_of_once(walk, cast, told):
    data = {"description": "Waves", "tags": [tag.pk for tag in walk.tags]}
    events = told(writer.update, ASSET, walk.asset.pk, data, viewer=cast.owner)
    assert events == [AssetChanged(walk.project.pk, walk.asset.pk, True, True)]


def test_a_tag_that_is_deleted_changes_those_that_had_it(walk, cast, told):
    make_asset(walk.project)
    walk.asset.tags.set(walk.tags)
    events = told(writer.delete, TAG, [tag.pk for tag in walk.tags], viewer=cast.owner)
    assert events == [AssetChanged(walk.project.pk, walk.asset.pk, True, True)]


def test_a_tag_that_goes_with_its_whole_project_changes_nothing(walk, told):
    walk.asset.tags.set(walk.tags)
    assert not [event for event in told(walk.project.delete) if isinstance(event, AssetChanged)]


@pytest.mark.parametrize("submitted", [True, False])
def test_whether_it_is_public_and_was_is_told(walk, cast, told, submitted):
    Asset.objects.update(submitted=not submitted)
    events = told(writer.update, ASSET, walk.asset.pk, {"submitted": submitted}, viewer=cast.owner)
    assert events == [AssetChanged(walk.project.pk, walk.asset.pk, not submitted, submitted)]


def test_what_is_hidden_and_shown_in_one_transaction_is_told_of_twice(walk, told):
    def blink():
        for submitted in (False, False, True):
            walk.asset.submitted = submitted
            walk.asset.save()

    about = (walk.project.pk, walk.asset.pk)
    assert told(blink) == [AssetChanged(*about, True, False), AssetChanged(*about, False, True)]


def test_tags_are_told_of_from_either_side(walk, told):
    changed = [AssetChanged(walk.project.pk, walk.asset.pk, True, True)]
    sea, stone = walk.tags
    assert told(walk.asset.tags.set, [stone]) == changed
    assert told(sea.assets.add, walk.asset) == changed
    assert told(sea.assets.remove, walk.asset) == changed
    assert told(stone.assets.clear) == changed
    assert told(walk.asset.tags.clear) == changed
    assert told(stone.assets.clear) == []


def test_an_asset_that_is_deleted_is_removed_with_what_it_was(walk, cast, visit, told):
    own = make_asset(walk.project, session=visit, submitted=False)
    key = own.pk
    assert told(own.delete) == [AssetRemoved(walk.project.pk, key, visit.pk, cast.contributor.pk, False)]
    key = walk.asset.pk
    events = told(writer.delete, ASSET, [key], viewer=cast.owner)
    assert events == [AssetRemoved(walk.project.pk, key, None, None, True)]


def test_an_asset_that_moves_leaves_one_project_and_comes_to_the_other(walk, cast, visit, told):
    own = make_asset(walk.project, session=visit, user=cast.stranger)
    another = make_project(name="Another")
    own.project = another
    assert told(own.save) == [
        AssetRemoved(walk.project.pk, own.pk, visit.pk, cast.stranger.pk, True),
        AssetAdded(another.pk, own.pk, visit.pk),
    ]
    own.project = None
    assert told(own.save) == [AssetRemoved(another.pk, own.pk, visit.pk, cast.stranger.pk, True)]
    assert told(own.save) == told(own.tags.clear) == told(own.delete) == []


def test_an_asset_that_goes_over_to_another_visit_is_told_of(walk, cast, visit, told):
    own = make_asset(walk.project, session=visit)
    later = make_envelope(make_session(walk.project, cast.contributor))
    events = told(add_asset_to_envelope, later.pk, own.pk, viewer=cast.contributor)
    assert events == [AssetChanged(walk.project.pk, own.pk, True, True)]
    assert told(add_asset_to_envelope, later.pk, own.pk, viewer=cast.contributor) == []


def test_what_is_undone_is_not_told(walk, told):
    def edit():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            walk.asset.save()
            raise ZeroDivisionError
        walk.asset.tags.clear()

    assert told(edit) == [AssetChanged(walk.project.pk, walk.asset.pk, True, True)]


def test_to_tell_of_a_change_costs_three_statements(walk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(), CaptureQueriesContext(connection) as made:
        walk.asset.save()
    # What it was, and the change; of that and of the soundscape's, the number and the entry.
    assert len(made) == 6
