"""What crashes leave behind goes; what is somebody's, or is being worked on, stays."""

import os
import time
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from backend.assets.models import AssetUpload, UploadState
from backend.assets.storage import private_directory
from backend.assets.sweeping import Swept, sweep
from backend.bus.events import UploadChanged
from tests.cast import make_asset, make_envelope, make_session, make_speaker, make_upload

NOTHING = Swept(directories=0, files=0, interrupted=0, forgotten=0)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def add_file(media):
    """Puts a file of an age into the media folder."""

    def act(name, *, seconds=61):
        path = media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, times=(time.time() - seconds,) * 2)
        return name

    return act


@pytest.fixture
def add_upload(walk, cast):
    """An upload in a state, last changed so long ago."""
    envelope = make_envelope(make_session(walk.project, cast.contributor))

    def act(state, ago=timedelta(seconds=61)):
        upload = make_upload(envelope, state=state)
        AssetUpload.objects.filter(pk=upload.pk).update(updated_at=timezone.now() - ago)
        return upload

    return act


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_files_of_ours_that_no_row_names_go_after_a_minute(db, media, add_file):
    add_file(f"{'a' * 32}.wav")
    young = add_file(f"{'b' * 32}.wav", seconds=30)
    assert sweep() == Swept(directories=0, files=1, interrupted=0, forgotten=0)
    assert names(media) == {young}
    assert sweep(timedelta(0)).files == 1


def test_files_that_we_did_not_make_are_never_touched(db, media, add_file):
    kept = {add_file(name) for name in ("demo-bed.ogg", "bell.wav", ".gitignore", "a" * 31 + ".wav", "20190101-1.mp3")}
    add_file(f"sounds/{'a' * 32}.wav")
    assert sweep() == NOTHING
    assert names(media) == {*kept, "sounds"}


def test_what_a_row_names_stays_in_all_its_forms(walk, media, add_file):
    stems = ["0" * 31 + str(digit) for digit in range(6)]
    make_asset(walk.project, filename=f"{stems[0]}.wav", file=f"{stems[1]}.ogg", caption_file=f"{stems[2]}.txt")
    make_speaker(walk.project, uri=f"/rwmedia/{stems[3]}.wav", backup_uri=f"http://testserver/rwmedia/{stems[4]}.mp3")
    for stem in stems:
        add_file(f"{stem}.mp3")
    assert sweep().files == 1
    assert names(media) == {f"{stem}.mp3" for stem in stems[:5]}


def test_a_directory_that_nobody_works_in_goes(db, media, add_file):
    add_file(".incoming/one/received")
    add_file(".incoming/one/made/a.wav")
    add_file(".incoming/stray")
    assert sweep() == NOTHING
    os.utime(media / ".incoming" / "one", times=(time.time() - 61,) * 2)
    assert sweep().directories == 1
    assert names(media / ".incoming") == {"stray"}


def test_a_directory_that_somebody_works_in_stays_however_long_it_takes(media, add_upload):
    upload = add_upload(UploadState.ENCODING, timedelta(hours=1))
    with private_directory(str(upload.pk)) as directory:
        (directory / "received").touch()
        os.utime(directory, times=(time.time() - 3_600,) * 2)
        assert sweep() == NOTHING
        assert (directory / "received").exists()
    assert sweep().interrupted == 1


@pytest.mark.parametrize("state", [UploadState.RECEIVED, UploadState.DECODING, UploadState.ENCODING])
def test_an_upload_that_was_killed_is_marked_as_failed(
    media, add_upload, recording_bus, django_capture_on_commit_callbacks, state
):
    young, killed = add_upload(state, timedelta(seconds=30)), add_upload(state)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep().interrupted == 1
    killed.refresh_from_db()
    young.refresh_from_db()
    assert (killed.state, killed.error_code, young.state) == ("failed", "INTERRUPTED", state)
    assert killed.error_message.startswith("The server stopped during this upload")
    (told,) = recording_bus.sent_of(UploadChanged)
    assert (told.upload_id, told.state) == (str(killed.pk), "failed")


def test_failures_are_kept_for_a_day_and_what_was_stored_for_ever(media, add_upload):
    long_ago = timedelta(days=1, seconds=1)
    add_upload(UploadState.FAILED, long_ago)
    kept = {add_upload(UploadState.FAILED, timedelta(hours=23)).pk, add_upload(UploadState.STORED, long_ago).pk}
    assert sweep() == Swept(directories=0, files=0, interrupted=0, forgotten=1)
    assert set(AssetUpload.objects.values_list("pk", flat=True)) == kept


def test_a_media_folder_that_is_not_there_needs_no_sweep(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "later"
    assert sweep() == NOTHING


def test_the_command_says_what_it_did_and_else_nothing(db, media, add_file):
    said = StringIO()
    call_command("sweep_media", stdout=said)
    assert said.getvalue() == ""
    add_file(f"{uuid.uuid4().hex}.wav", seconds=5)
    call_command("sweep_media", "--older-than", "4", stdout=said)
    assert said.getvalue() == "files removed that no row names: 1\n"
