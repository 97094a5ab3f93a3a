"""What holds for projects, languages and texts whichever door writes them."""

import pytest

from backend.catalogue import writer
from backend.errors import InvalidInput, NotFound, NotPermitted
from backend.projects.models import Language, LocalizedString, Project
from backend.projects.resources import LANGUAGE, LOCALIZED_STRING, PROJECT
from tests.cast import make_asset, make_project, make_tags


@pytest.fixture
def foreign(walk, cast):
    """Another project, of another owner."""
    project = make_project(name="Foreign")
    project.owners.add(cast.stranger)
    return project


def made_text(project=None, **overrides):
    text = LocalizedString.objects.create(**{"text": "x", "language_id": 1, **overrides})
    if project is not None:
        project.legal_agreement_texts.add(text)
    return text


@pytest.mark.parametrize("code", ["e", "eng", "e1", "en-GB", "äö", "", " e"])
def test_a_language_has_a_code_of_two_letters(walk, cast, refused, code):
    refused(InvalidInput, "code", writer.create, LANGUAGE, {"code": code}, viewer=cast.curator)


def test_codes_are_kept_in_lower_case(walk, cast, refused):
    assert writer.create(LANGUAGE, {"code": "FI"}, viewer=cast.curator).code == "fi"
    refused(InvalidInput, "code", writer.create, LANGUAGE, {"code": "EN"}, viewer=cast.curator)


def test_english_is_the_last_resort_of_all(walk, cast, refused):
    refused(NotPermitted, None, writer.update, LANGUAGE, 1, {"code": "fi"}, viewer=cast.curator)
    refused(NotPermitted, None, writer.delete, LANGUAGE, [1], viewer=cast.curator)
    assert Language.objects.get(id=1).code == "en"


def test_an_owner_leaves_a_project_to_others_and_not_to_nobody(walk, cast, refused):
    refused(InvalidInput, "owners", writer.update, PROJECT, walk.project.pk, {"owners": []}, viewer=cast.owner)
    walk.project.owners.add(cast.stranger)
    writer.update(PROJECT, walk.project.pk, {"owners": []}, viewer=cast.owner)
    assert list(walk.project.owners.all()) == [cast.stranger]
    refused(NotPermitted, None, writer.update, PROJECT, walk.project.pk, {"name": "x"}, viewer=cast.owner)


def test_staff_give_projects_to_owners_and_take_them(walk, cast):
    writer.update(PROJECT, walk.project.pk, {"owners": [cast.stranger.pk, cast.owner.pk]}, viewer=cast.curator)
    assert set(walk.project.owners.all()) == {cast.owner, cast.stranger}
    writer.update(PROJECT, walk.project.pk, {"owners": []}, viewer=cast.curator)
    assert list(walk.project.owners.all()) == []


def test_nobody_makes_themselves_an_owner(walk, cast, refused):
    own = {"owners": [cast.stranger.pk]}
    refused(NotPermitted, None, writer.update, PROJECT, walk.project.pk, own, viewer=cast.stranger)
    new = {"name": "x", "latitude": 0, "longitude": 0, "languages": [1]}
    for data in ({**new, **own}, {**new, "owners": []}):
        refused(NotPermitted, None, writer.create, PROJECT, data, viewer=cast.stranger)
    refused(NotFound, "owners", writer.create, PROJECT, {**new, "owners": [cast.owner.pk]}, viewer=cast.stranger)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("latitude", 91),
        ("longitude", -181),
        ("bitrate_kbps", 5),
        ("ordering", "by_name"),
        ("max_recording_seconds", -1),
        ("recording_radius_metres", -0.5),
        ("listener_precision_metres", -0.5),
        ("listener_precision_metres", 100_001),
        ("name", ""),
        ("name", "x" * 51),
        ("audio_format", "mp3\x00"),
        ("audio_format", "vorbis"),
        ("audio_format", "ogg/vorbis"),
        ("audio_format", "wav"),
    ],
)
def test_a_project_has_values_in_their_ranges(walk, cast, refused, field, value):
    refused(InvalidInput, field, writer.update, PROJECT, walk.project.pk, {field: value}, viewer=cast.owner)


@pytest.mark.parametrize("audio_format", ["mp3", "MP3", "opus", "ogg", "OGG", ""])
def test_a_project_says_the_format_of_its_streams_in_any_of_its_words(walk, cast, audio_format):
    data = {"audio_format": audio_format}
    assert writer.update(PROJECT, walk.project.pk, data, viewer=cast.owner).audio_format == audio_format


SOUNDS = ["out_of_range_url", "demo_stream_url"]


@pytest.mark.parametrize("field", SOUNDS)
@pytest.mark.parametrize("address", ["javascript:alert(1)", "not a url", "ftp://a.example/a.mp3", "far.mp3"])
def test_a_sound_of_a_project_is_of_the_web_or_from_here(walk, cast, refused, field, address):
    message = refused(InvalidInput, field, writer.update, PROJECT, walk.project.pk, {field: address}, viewer=cast.owner)
    assert message == "Must be an http(s) address or a path under /rwmedia/."


@pytest.mark.parametrize("field", SOUNDS)
@pytest.mark.parametrize(
    "address", ["", "/rwmedia/far.mp3", "http://testserver/rwmedia/far.mp3", "https://a.example:8000/stream"]
)
def test_a_project_may_have_sounds_of_its_own(walk, cast, field, address):
    project = writer.update(PROJECT, walk.project.pk, {field: address}, viewer=cast.owner)
    project.refresh_from_db()
    assert getattr(project, field) == address


@pytest.mark.parametrize("field", SOUNDS)
def test_an_address_that_was_stored_before_this_was_asked_keeps_nothing_else_from_being_edited(
    walk, cast, refused, field
):
    Project.objects.filter(pk=walk.project.pk).update(**{field: "not a url"})
    project = writer.update(PROJECT, walk.project.pk, {"name": "Renamed"}, viewer=cast.owner)
    project.refresh_from_db()
    assert (project.name, getattr(project, field)) == ("Renamed", "not a url")
    refused(InvalidInput, field, writer.update, PROJECT, project.pk, {field: "not a url"}, viewer=cast.owner)


def test_owners_edit_the_texts_that_their_projects_alone_show(walk, cast, refused, foreign):
    shared, unused = made_text(walk.project), made_text()
    writer.update(LOCALIZED_STRING, shared.pk, {"text": "better"}, viewer=cast.owner)
    refused(NotPermitted, None, writer.update, LOCALIZED_STRING, unused.pk, {"text": "y"}, viewer=cast.owner)
    foreign.legal_agreement_texts.add(shared)
    for viewer in (cast.owner, cast.stranger):
        refused(NotPermitted, None, writer.update, LOCALIZED_STRING, shared.pk, {"text": "y"}, viewer=viewer)
        refused(NotPermitted, None, writer.delete, LOCALIZED_STRING, [shared.pk], viewer=viewer)


def test_texts_count_wherever_they_are_shown(walk, cast, refused, foreign):
    text = made_text(walk.project)
    for row, relation in (
        (make_tags(foreign, "a")[0], "message_texts"),
        (foreign.ui_groups.get(), "header_texts"),
        (make_asset(foreign), "alt_texts"),
        # Of no project, so staff's.
        (make_asset(None), "description_texts"),
    ):
        getattr(row, relation).add(text)
        refused(NotPermitted, None, writer.update, LOCALIZED_STRING, text.pk, {"text": "y"}, viewer=cast.owner)
        getattr(row, relation).remove(text)
    assert writer.update(LOCALIZED_STRING, text.pk, {"text": "y"}, viewer=cast.owner).text == "y"
