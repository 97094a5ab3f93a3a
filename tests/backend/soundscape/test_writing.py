"""What holds for speakers and tracks whichever door writes them."""

import pytest

from backend.catalogue import writer
from backend.errors import InvalidInput, NotPermitted
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from backend.tagging.models import Tag
from tests.cast import make_project, make_tags


@pytest.fixture
def other(walk, cast):
    """Another project of the same owner."""
    project = make_project(name="Other")
    project.owners.add(cast.owner)
    return project


def test_a_track_filters_by_tags_of_its_project_or_of_none(walk, cast, refused, other):
    (theirs,) = make_tags(other, "hill", category="relief")
    common = Tag.objects.create(category=theirs.category, value="common")
    given = {"tag_filters": [walk.tags[0].pk, theirs.pk]}
    for viewer in (cast.owner, cast.curator):
        refused(InvalidInput, "tag_filters", writer.update, AUDIOTRACK, walk.audiotrack.pk, given, viewer=viewer)
        refused(
            InvalidInput, "tag_filters", writer.create, AUDIOTRACK, {**given, "project": walk.project.pk}, viewer=viewer
        )
    writer.update(AUDIOTRACK, walk.audiotrack.pk, {"tag_filters": [walk.tags[0].pk, common.pk]}, viewer=cast.owner)
    assert list(walk.audiotrack.tag_filters.all()) == [walk.tags[0], common]


def test_a_track_moves_with_no_tags_of_the_project_that_it_leaves(walk, cast, refused, other):
    walk.audiotrack.tag_filters.set(walk.tags)
    move = {"project": other.pk}
    refused(InvalidInput, "tag_filters", writer.update, AUDIOTRACK, walk.audiotrack.pk, move, viewer=cast.owner)
    moved = writer.update(AUDIOTRACK, walk.audiotrack.pk, {**move, "tag_filters": []}, viewer=cast.owner)
    assert (moved.project, moved.tag_filters.count()) == (other, 0)


def test_a_track_moves_to_no_foreign_project(walk, cast, refused):
    foreign = make_project(name="Foreign")
    given = {"project": foreign.pk}
    refused(NotPermitted, None, writer.update, AUDIOTRACK, walk.audiotrack.pk, given, viewer=cast.owner)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"min_pan_position": -1.1}, "min_pan_position"),
        ({"max_pan_position": 1.5}, "max_pan_position"),
        ({"min_pan_position": 0.5, "max_pan_position": -0.5}, "max_pan_position"),
        ({"min_duration_seconds": 40}, "max_duration_seconds"),
        ({"min_fade_in_seconds": -1}, "min_fade_in_seconds"),
        ({"banned_seconds": -1}, "banned_seconds"),
        ({"timed_asset_priority": "sometimes"}, "timed_asset_priority"),
    ],
)
def test_a_track_draws_from_ranges_that_exist(walk, cast, refused, given, field):
    refused(InvalidInput, field, writer.update, AUDIOTRACK, walk.audiotrack.pk, given, viewer=cast.owner)


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "javascript:alert(1)", "/etc/passwd", "ftp://a.example/a.mp3"])
def test_a_speaker_sounds_from_the_web_or_from_here(walk, cast, refused, uri):
    refused(InvalidInput, "uri", writer.update, SPEAKER, walk.speaker.pk, {"uri": uri}, viewer=cast.owner)


def test_a_speaker_whose_shape_is_changed_has_new_borders(walk, cast):
    writer.update(SPEAKER, walk.speaker.pk, {"shape": None}, viewer=cast.owner)
    walk.speaker.refresh_from_db()
    assert (walk.speaker.shape, walk.speaker.boundary, walk.speaker.attenuation_border) == (None, None, None)
