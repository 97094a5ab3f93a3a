"""A speaker's sound is handed in as a file, by those who may edit its project, or nothing is left of it."""

import errno
import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from backend.assets.ingest.here import ingest_here
from backend.assets.media import may_fetch
from backend.assets.speaker_sounds import with_sound
from backend.assets.storage import StorageFull
from backend.assets.sweeping import sweep
from backend.bus.events import SoundscapeChanged
from backend.catalogue import writer
from backend.decoding.errors import UnreadableAudio
from backend.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted
from backend.resources.viewer import ANONYMOUS
from backend.soundscape.models import Speaker
from backend.soundscape.resources import SPEAKER
from tests.backend.assets.ingesting import STEM, FakeIngest
from tests.backend.decoding.recordings import tone, write_wav
from tests.cast import make_project, make_speaker

FILES = {f"{STEM}.wav", f"{STEM}.mp3", f"{STEM}.m4a"}
URI = f"/rwmedia/{STEM}.wav"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The media folder, with a file that was there before."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a.mp3").touch()
    return settings.MEDIA_ROOT


@pytest.fixture
def ingest():
    return FakeIngest()


@pytest.fixture
def add_speaker(walk, cast, ingest):
    """A new speaker of the walk with a sound, by its owner unless said otherwise."""

    def act(*, viewer=cast.owner, project=walk.project.pk, by=ingest, **given):
        def save(uri):
            return writer.create(SPEAKER, {"project": project, "code": "B", "uri": uri, **given}, viewer=viewer)

        return with_sound(sound(), project_id=project, viewer=viewer, save=save, ingest=by)

    return act


@pytest.fixture
def refused_speaker(refused, add_speaker, media):
    """Asserts that a speaker with a sound is refused so, and that neither a row nor a file has come of it."""

    def act(kind, field, **given):
        refused(kind, field, add_speaker, **given)
        assert files(media) == {"a.mp3"}

    return act


def sound(content=b"a sound"):
    return SimpleUploadedFile("../../my bell.mp3", content)


def files(folder):
    """All files below, those that are worked on among them."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("who", ["owner", "curator"])
def test_an_editor_adds_a_speaker_with_its_sound(add_speaker, ingest, media, cast, who):
    speaker = add_speaker(viewer=getattr(cast, who))
    assert (Speaker.objects.get(pk=speaker.pk).uri, speaker.code) == (URI, "B")
    assert files(media) == {"a.mp3", *FILES}
    assert (ingest.seen, ingest.kind) == ([b"a sound"], "audio")


def test_it_may_be_as_long_as_what_editors_record(add_speaker, ingest, walk, settings):
    walk.project.max_recording_seconds = 1
    walk.project.save()
    settings.STAFF_RECORDING_SECONDS, settings.MAX_ASSET_BYTES = 7_200.0, 999
    add_speaker()
    assert (ingest.limits.seconds, ingest.limits.bytes) == (7_200.0, 999)


def test_it_is_open_to_all_in_every_form_and_swept_away_by_nobody(add_speaker, media):
    assert not may_fetch(f"{STEM}.wav", {})
    add_speaker()
    assert all(may_fetch(name, {}) for name in FILES)
    assert sweep(timedelta(0)).files == 0
    assert files(media) == {"a.mp3", *FILES}


def test_a_recording_becomes_a_sound_that_can_be_played(add_speaker, media, tmp_path, walk, cast):
    content = write_wav(tmp_path / "bell.wav", tone(440, seconds=0.5)).read_bytes()
    speaker = with_sound(
        sound(content),
        project_id=walk.project.pk,
        viewer=cast.owner,
        save=lambda uri: make_speaker(walk.project, uri=uri),
        ingest=ingest_here,
    )
    name = speaker.uri.removeprefix("/rwmedia/")
    stem = name.removesuffix(".wav")
    assert files(media) == {"a.mp3", name, f"{stem}.mp3", f"{stem}.m4a"}
    assert (media / name).read_bytes().startswith(b"RIFF")


@pytest.mark.django_db(transaction=True)
def test_the_file_is_read_outside_of_the_transaction_and_the_engine_is_told_once(add_speaker, ingest, recording_bus):
    seen = []
    ingest.during = lambda: seen.append((connection.in_atomic_block, list(recording_bus.sent)))
    told = list(recording_bus.sent)
    speaker = add_speaker()
    assert seen == [(False, told)]
    assert recording_bus.sent[len(told) :] == [SoundscapeChanged(speaker.project_id)]


@pytest.mark.parametrize("who", ["contributor", "stranger", "nobody"])
def test_nobody_else_hands_one_in_and_the_file_is_not_looked_at(refused_speaker, ingest, cast, who):
    viewer, kind, field = (
        (ANONYMOUS, NotAuthenticated, None) if who == "nobody" else (getattr(cast, who), NotPermitted, "project_id")
    )
    refused_speaker(kind, field, viewer=viewer)
    assert ingest.seen == []


def test_an_owner_hands_in_nothing_for_another_project(refused_speaker, ingest):
    refused_speaker(NotPermitted, "project_id", project=make_project(name="Another").pk)
    for key in (999_999, "x", None):
        refused_speaker(NotFound, "project_id", project=key)
    assert ingest.seen == []


@pytest.mark.parametrize(
    ("error", "kind", "field"),
    [
        (UnreadableAudio("It is damaged.", field="file"), UnreadableAudio, "file"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), StorageFull, "file"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing(refused_speaker, ingest, error, kind, field):
    ingest.error = error
    refused_speaker(kind, field)


def test_a_speaker_that_cannot_be_stored_leaves_no_file(refused_speaker, ingest):
    refused_speaker(InvalidInput, "max_volume", min_volume=2.0)
    assert ingest.seen == [b"a sound"]


def test_nor_does_a_fault_of_ours(media, walk, cast, ingest):
    def fails(uri):
        assert files(media) >= FILES
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        with_sound(sound(), project_id=walk.project.pk, viewer=cast.owner, save=fails, ingest=ingest)
    assert files(media) == {"a.mp3"}


@pytest.mark.django_db(transaction=True)
def test_a_project_that_goes_while_the_file_is_read_gets_no_speaker(media, walk, cast, ingest):
    """Only a real commit finds it."""
    gone = make_project(name="Gone")
    project_id, ingest.during = gone.pk, gone.delete

    def save(uri):
        return Speaker.objects.create(project_id=project_id, code="B", uri=uri)

    with pytest.raises(InvalidInput):
        with_sound(sound(), project_id=project_id, viewer=cast.curator, save=save, ingest=ingest)
    assert list(Speaker.objects.all()) == [walk.speaker]
    assert files(media) == {"a.mp3"}


def test_another_sound_takes_the_place_of_the_one_before(
    add_speaker, ingest, media, cast, django_capture_on_commit_callbacks
):
    speaker = add_speaker()
    (media / f"{'e' * 32}.wav").touch()
    with django_capture_on_commit_callbacks(execute=True):
        writer.update(SPEAKER, speaker.pk, {"uri": f"/rwmedia/{'e' * 32}.wav"}, viewer=cast.owner)
    assert files(media) == {"a.mp3", f"{'e' * 32}.wav"}
