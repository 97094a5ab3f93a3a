"""A deleted asset leaves no file, and takes none that another needs."""

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


@pytest.mark.parametrize("host", ["", "http://testserver"])
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
