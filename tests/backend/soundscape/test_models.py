"""A speaker keeps its borders in step with its shape."""

import pytest
from django.core.exceptions import ValidationError

from backend.soundscape.models import Speaker
from tests.cast import make_speaker, square


def test_the_borders_are_drawn_when_a_speaker_is_saved(walk):
    walk.speaker.refresh_from_db()
    assert walk.speaker.boundary.num_coords == 5
    assert walk.speaker.attenuation_border.num_coords == 5
    assert walk.speaker.shape.contains(walk.speaker.attenuation_border)


def test_they_follow_the_shape_and_the_distance(walk):
    speaker = walk.speaker
    speaker.shape = square(latitude=61.0)
    speaker.save()
    speaker.refresh_from_db()
    assert speaker.boundary.extent == speaker.shape.extent
    narrow = speaker.attenuation_border.extent
    speaker.attenuation_metres = 10
    speaker.save(update_fields=["attenuation_metres"])
    speaker.refresh_from_db()
    assert speaker.attenuation_border.extent[0] < narrow[0]


def test_saving_something_else_leaves_them(walk):
    Speaker.objects.update(attenuation_border=None)
    walk.speaker.code = "B"
    walk.speaker.save(update_fields=["code"])
    assert not Speaker.objects.exclude(attenuation_border=None).exists()


def test_a_border_that_vanished_is_empty_also_when_read_again(walk):
    speaker = make_speaker(walk.project, attenuation_metres=600)
    assert speaker.attenuation_border.empty
    assert Speaker.objects.get(pk=speaker.pk).attenuation_border.empty


def test_without_a_shape_there_is_no_border(walk):
    speaker = make_speaker(walk.project, shape=None)
    speaker.refresh_from_db()
    assert (speaker.boundary, speaker.attenuation_border) == (None, None)


@pytest.mark.parametrize(
    "uri", ["", "http://example.org/a.mp3", "https://example.org:8000/a b".replace(" ", "%20"), "/rwmedia/a.mp3"]
)
def test_a_sound_is_an_address_or_a_file_of_this_server(walk, uri):
    Speaker(project=walk.project, code="x", uri=uri).full_clean()


@pytest.mark.parametrize(
    "uri", ["a.mp3", "/etc/passwd", "file:///etc/passwd", "ftp://example.org/a.mp3", "javascript:1"]
)
def test_nothing_else_is_a_sound(walk, uri):
    with pytest.raises(ValidationError) as refusal:
        Speaker(project=walk.project, code="x", uri=uri).full_clean()
    assert list(refusal.value.message_dict) == ["uri"]
