"""What authors and editors may change of an asset, and what a timed asset may name."""

import pytest

from backend.assets.models import Asset
from backend.assets.resources import ASSET, ENVELOPE, TIMED_ASSET
from backend.catalogue import writer
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.tagging.models import Tag
from tests.cast import make_asset, make_project, make_session, make_tags, square


@pytest.fixture
def own(walk, cast):
    """The contributor's asset, which others hear."""
    return make_asset(walk.project, session=make_session(walk.project, cast.contributor), user=cast.contributor)


@pytest.fixture
def other(walk, cast):
    """Another project of the same owner."""
    project = make_project(name="Other")
    project.owners.add(cast.owner)
    return project


def test_authors_describe_place_and_withdraw_their_own(walk, cast, own):
    data = {"description": "sea", "tags": [walk.tags[0].pk], "latitude": 1, "longitude": 2, "submitted": False}
    writer.update(ASSET, own.pk, data, viewer=cast.contributor)
    own.refresh_from_db()
    assert (own.description, own.latitude, own.longitude, own.submitted) == ("sea", 1, 2, False)
    assert (own.position.coords, list(own.tags.all()), own.moderated_at) == ((2, 1), [walk.tags[0]], None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("submitted", True),
        ("submitted", None),
        ("weight", 99),
        ("volume", 9.0),
        ("media_type", "photo"),
        ("project", None),
        ("shape", square().geojson),
        ("alt_texts", []),
    ],
)
def test_authors_do_not_decide_how_others_hear_it(cast, refused, own, field, value):
    refused(NotPermitted, field, writer.update, ASSET, own.pk, {field: value}, viewer=cast.contributor)


def test_an_author_moves_an_asset_to_no_project(walk, cast, refused, own):
    foreign = make_project(name="Foreign")
    refused(NotPermitted, "project", writer.update, ASSET, own.pk, {"project": foreign.pk}, viewer=cast.contributor)


def test_an_editor_moves_an_asset_between_own_projects_only(walk, cast, refused, own, other):
    foreign = make_project(name="Foreign")
    for project in (foreign.pk, None):
        refused(NotPermitted, "project", writer.update, ASSET, own.pk, {"project": project}, viewer=cast.owner)
    assert writer.update(ASSET, own.pk, {"project": other.pk}, viewer=cast.owner).project == other


def test_an_editor_who_submits_or_withdraws_has_moderated(walk, cast, own):
    Asset.objects.filter(pk=own.pk).update(moderation_reason="rude", submitted=False)
    changed = writer.update(ASSET, own.pk, {"submitted": False, "weight": 9}, viewer=cast.owner)
    assert (changed.moderated_at, changed.moderation_reason) == (None, "rude")
    changed = writer.update(ASSET, own.pk, {"submitted": True}, viewer=cast.owner)
    assert (changed.moderated_by_id, changed.moderation_reason) == (cast.owner.pk, "")
    assert changed.moderated_at is not None


def test_an_asset_carries_tags_of_its_project_or_of_none(walk, cast, refused, own, other):
    (theirs,) = make_tags(other, "hill", category="relief")
    common = Tag.objects.create(category=theirs.category, value="common")
    for viewer in (cast.contributor, cast.owner, cast.curator):
        refused(InvalidInput, "tags", writer.update, ASSET, own.pk, {"tags": [theirs.pk]}, viewer=viewer)
    own.tags.set(walk.tags)
    refused(InvalidInput, "tags", writer.update, ASSET, own.pk, {"project": other.pk}, viewer=cast.owner)
    moved = writer.update(ASSET, own.pk, {"project": other.pk, "tags": [theirs.pk, common.pk]}, viewer=cast.owner)
    assert list(moved.tags.all()) == [theirs, common]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"latitude": None}, None),
        ({"latitude": 91}, "latitude"),
        ({"start_seconds": 5, "end_seconds": 4}, "end_seconds"),
        ({"start_seconds": -1}, "start_seconds"),
        ({"description": "x" * 8193}, "description"),
        ({"language": 0}, "language"),
    ],
)
def test_an_asset_has_values_in_their_ranges(cast, refused, own, given, field):
    kind = NotFound if field == "language" else InvalidInput
    refused(kind, field, writer.update, ASSET, own.pk, given, viewer=cast.contributor)


def test_nobody_hands_in_for_somebody_else(walk, cast, refused):
    visit = make_session(walk.project, cast.contributor)
    refused(NotFound, "session", writer.create, ENVELOPE, {"session": visit.pk}, viewer=cast.stranger)
    assert writer.create(ENVELOPE, {"session": visit.pk}, viewer=cast.contributor).session == visit


def test_a_timed_asset_plays_in_its_own_project(walk, cast, refused, other):
    given = {"project": walk.project.pk, "asset": make_asset(other).pk, "start_seconds": 0, "end_seconds": 1}
    for viewer in (cast.owner, cast.curator):
        refused(InvalidInput, "asset", writer.create, TIMED_ASSET, given, viewer=viewer)
    timed = writer.create(TIMED_ASSET, {**given, "asset": walk.asset.pk}, viewer=cast.owner)
    refused(InvalidInput, "asset", writer.update, TIMED_ASSET, timed.pk, {"project": other.pk}, viewer=cast.owner)


def test_a_timed_asset_ends_after_it_starts(walk, cast, refused):
    given = {"project": walk.project.pk, "asset": walk.asset.pk, "start_seconds": 2, "end_seconds": 1}
    refused(InvalidInput, "end_seconds", writer.create, TIMED_ASSET, given, viewer=cast.owner)
    refused(
        InvalidInput, "start_seconds", writer.create, TIMED_ASSET, {**given, "start_seconds": -1}, viewer=cast.owner
    )
