"""A deleted asset or speaker leaves no file, and takes none that another needs."""

import pytest
from django.db import transaction

from backend.assets.models import Asset
from tests.cast import make_asset, make_speaker

STEM, ORIGINAL = "a" * 32, "b" * 32
FILES = (f"{STEM}.wav", f"{STEM}.mp3", f"{STEM}.m4a", f"{ORIGINAL}.webm")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    for name in (*FILES, "bell.mp3", "bell.wav", f"{'c' * 32}.wav"):
        (settings.MEDIA_ROOT / name).touch()
    return settings.MEDIA_ROOT


@pytest.fixture
def recording(walk, media):
    return make_asset(walk.project, filename=FILES[0], file=FILES[3])


@pytest.fixture
def removed(media, django_capture_on_commit_callbacks):
    """Does something, and gives the names of the files that went."""

    def act(action):
        before = {path.name for path in media.iterdir()}
        with django_capture_on_commit_callbacks(execute=True):
            action()
        return before - {path.name for path in media.iterdir()}

    return act


def test_an_asset_takes_all_its_files_along(recording, removed):
    assert removed(recording.delete) == set(FILES)


def test_so_do_many_that_are_deleted_at_once(walk, recording, removed):
    make_asset(walk.project, filename="bell.wav")
    assert removed(Asset.objects.exclude(pk=walk.asset.pk).delete) == {*FILES, "bell.mp3", "bell.wav"}


def test_files_stay_while_the_deletion_may_be_undone(recording, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting, pytest.raises(ZeroDivisionError), transaction.atomic():
        recording.delete()
        raise ZeroDivisionError
    assert waiting == []
    assert {*FILES} <= {path.name for path in media.iterdir()}


def test_what_another_asset_names_stays(walk, recording, removed):
    make_asset(walk.project, filename=FILES[1])
    assert removed(recording.delete) == {FILES[3]}


@pytest.mark.parametrize("host", ["", "http://testserver", "https://as.clients.call.it:8888"])
@pytest.mark.parametrize("field", ["uri", "backup_uri"])
def test_what_a_speaker_names_stays(walk, recording, removed, host, field):
    make_speaker(walk.project, **{field: f"{host}/rwmedia/{STEM}.mp3"})
    assert removed(recording.delete) == {FILES[3]}


def test_an_asset_without_files_takes_none(walk, removed):
    assert removed(make_asset(walk.project, filename="").delete) == set()


@pytest.mark.parametrize("name", ["../secret.wav", "/etc/nothing.wav", ".incoming/x.wav"])
def test_a_name_that_leads_elsewhere_removes_nothing(walk, removed, media, name):
    secret = media.parent / "secret.wav"
    for path in (secret, media / ".incoming" / "x.wav"):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert removed(make_asset(walk.project, filename=name).delete) == set()
    assert secret.exists() and (media / ".incoming" / "x.wav").exists()


def test_files_that_cannot_be_removed_do_not_undo_the_deletion(walk, recording, media, removed):
    (media / FILES[0]).unlink()
    (media / FILES[0]).mkdir()
    assert removed(recording.delete) == {FILES[3]}
    assert not Asset.objects.filter(pk=recording.pk).exists()


@pytest.fixture
def speaker(walk, media):
    return make_speaker(walk.project, uri=f"/rwmedia/{STEM}.wav", backup_uri="http://testserver/rwmedia/bell.mp3")


def test_a_speaker_takes_the_files_along_that_were_made_here(walk, speaker, removed):
    """And no other: an editor may name any file that lies there."""
    assert removed(speaker.delete) == {*FILES[:3]}


def test_so_do_those_of_a_project_that_is_deleted(walk, speaker, removed):
    assert removed(walk.project.delete) == {*FILES[:3]}


@pytest.mark.parametrize("field", ["uri", "backup_uri"])
def test_a_speaker_that_is_given_another_sound_leaves_the_one_before(speaker, removed, field):
    def give_another():
        setattr(speaker, field, "")
        speaker.save()

    speaker.backup_uri = f"/rwmedia/{'c' * 32}.wav"
    speaker.save()
    assert removed(give_another) == ({*FILES[:3]} if field == "uri" else {f"{'c' * 32}.wav"})


def test_a_speaker_keeps_its_sound_when_something_else_is_changed(speaker, removed):
    def rename():
        speaker.code, speaker.uri = "B", f"http://testserver/rwmedia/{STEM}.mp3"
        speaker.save()

    assert removed(rename) == set()


def test_a_sound_stays_while_another_speaker_or_an_asset_names_it(walk, speaker, removed):
    another = make_speaker(walk.project, uri=f"/rwmedia/{STEM}.m4a")
    asset = make_asset(walk.project, filename=FILES[0])
    assert removed(another.delete) == removed(speaker.delete) == set()
    assert removed(asset.delete) == {*FILES[:3]}


def test_a_sound_stays_while_the_change_may_be_undone(speaker, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting, pytest.raises(ZeroDivisionError), transaction.atomic():
        speaker.delete()
        raise ZeroDivisionError
    assert waiting == []
