"""What may sound in a project, and whether a place is within its reach."""

import pytest

from backend.errors import NotFound
from backend.geo.position import Position
from backend.hearing.speakers import SpeakerZone
from backend.resources.viewer import ANONYMOUS
from backend.soundscape import queries
from backend.soundscape.models import Audiotrack
from backend.soundscape.resources import AUDIOTRACK, SPEAKER
from tests.cast import LATITUDE, LONGITUDE, make_project, make_speaker

HERE = Position(LATITUDE, LONGITUDE)
# The edge of the square lies 550 m north of its centre; a degree of latitude is 111.4 km here.
NEAR = Position(LATITUDE + 1_500 / 111_400, LONGITUDE)
FAR = Position(LATITUDE + 1_600 / 111_400, LONGITUDE)


def test_speakers_and_tracks_are_those_of_the_project(walk):
    another = make_project(name="Another")
    make_speaker(another)
    Audiotrack.objects.create(project=another)
    assert list(queries.speakers(walk.project.pk, ANONYMOUS)) == [walk.speaker]
    assert list(queries.audiotracks(walk.project.pk, ANONYMOUS)) == [walk.audiotrack]


def test_a_project_that_is_not_there_has_none(db):
    for query in (queries.speakers, queries.audiotracks):
        with pytest.raises(NotFound):
            query(999_999, ANONYMOUS)


def test_owners_and_staff_write_them(walk, cast):
    for resource, row in ((SPEAKER, walk.speaker), (AUDIOTRACK, walk.audiotrack)):
        may = {viewer.username: resource.may_write(viewer, row) for viewer in vars(cast).values()}
        assert may == {"owner": True, "contributor": False, "stranger": False, "curator": True}


def test_the_zones_are_the_active_speakers_as_hearing_knows_them(walk):
    make_speaker(walk.project, is_active=False)
    shapeless = make_speaker(walk.project, shape=None, min_volume=0.25, max_volume=0.5, attenuation_metres=7)
    first, second = queries.speaker_zones(walk.project.pk)
    assert first == SpeakerZone(walk.speaker.pk, 0.0, 1.0, 100.0, walk.speaker.shape.coords)
    assert second == SpeakerZone(shapeless.pk, 0.25, 0.5, 7.0, ())


@pytest.mark.parametrize(("position", "expected"), [(HERE, True), (NEAR, True), (FAR, False), (None, True)])
def test_a_place_is_within_reach_up_to_the_projects_distance(walk, position, expected):
    assert queries.is_within_reach(walk.project, position, is_geo=True) is expected


def test_inactive_speakers_reach_nowhere(walk):
    walk.speaker.is_active = False
    walk.speaker.save()
    assert not queries.is_within_reach(walk.project, HERE, is_geo=True)


def test_without_geo_listening_every_place_is_within_reach(walk, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.is_within_reach(walk.project, FAR, is_geo=False)


def test_the_speakers_at_a_place_are_those_that_are_heard_there_loudest_first(walk):
    quiet = make_speaker(walk.project, min_volume=0.25, max_volume=0.5)
    make_speaker(walk.project, is_active=False)
    here = queries.speakers_at(walk.project.pk, ANONYMOUS, HERE)
    assert [(each.speaker_id, each.gain) for each in here] == [(walk.speaker.pk, 1.0), (quiet.pk, 0.5)]
    outside = queries.speakers_at(walk.project.pk, ANONYMOUS, FAR)
    assert [(each.speaker_id, each.gain) for each in outside] == [(quiet.pk, 0.25)]


def test_without_geo_listening_all_speakers_are_at_their_loudest(walk):
    walk.project.geo_listen_enabled = False
    walk.project.save()
    (there,) = queries.speakers_at(walk.project.pk, ANONYMOUS, FAR)
    assert there.gain == 1.0


def test_no_speakers_are_heard_of_a_project_that_is_not_there(db):
    with pytest.raises(NotFound):
        queries.speakers_at(999_999, ANONYMOUS, HERE)
