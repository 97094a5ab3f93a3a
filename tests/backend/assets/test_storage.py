"""Files come and go as a whole, and one process works on an upload."""

import errno
import os
import signal
import subprocess
import sys
import time

import pytest

from backend.assets import storage
from backend.assets.storage import StorageFull, UploadInProgress, full_disk_told, locked, moved_in, private_directory


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def made(media):
    """Three files that ingest has made, an hour ago."""
    directory = media / ".incoming" / "one" / "made"
    directory.mkdir(parents=True)
    for name in ("a.wav", "a.mp3", "b.ogg"):
        (directory / name).write_text(name)
        os.utime(directory / name, times=(time.time() - 3_600,) * 2)
    return directory


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_a_private_directory_is_there_while_it_is_worked_in(media):
    with private_directory("one") as directory:
        (directory / "received").write_bytes(b"...")
        assert directory == media / ".incoming" / "one"
        assert directory.stat().st_mode & 0o077 == 0
    assert list((media / ".incoming").iterdir()) == []


def test_it_goes_also_when_the_work_fails(media):
    with pytest.raises(ZeroDivisionError), private_directory("one") as directory:
        (directory / "made").mkdir()
        raise ZeroDivisionError
    assert list((media / ".incoming").iterdir()) == []


def test_a_second_one_is_refused_while_the_first_works(media):
    with private_directory("one") as directory:
        (directory / "received").write_bytes(b"...")
        with pytest.raises(UploadInProgress) as refusal, private_directory("one"):
            pytest.fail("two work there")
        assert (refusal.value.code, refusal.value.field) == ("UPLOAD_IN_PROGRESS", "upload_id")
        assert (directory / "received").read_bytes() == b"..."
        with private_directory("two"):
            pass


def test_what_a_killed_process_left_is_taken_over_empty(media):
    code = (
        "import sys, time; from django.conf import settings; settings.configure(MEDIA_ROOT=sys.argv[1])\n"
        "from backend.assets.storage import private_directory\n"
        "with private_directory('one') as directory:\n"
        "    (directory / 'made').mkdir(); (directory / 'made' / 'a.wav').touch(); (directory / 'received').touch()\n"
        "    print('working', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(media)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout and child.stdout.readline() == "working\n"
        assert locked(media / ".incoming" / "one") is None
        child.send_signal(signal.SIGKILL)
    with private_directory("one") as directory:
        assert sorted(path.name for path in directory.iterdir()) == ["lock"]


def test_a_lock_of_a_directory_that_is_gone_is_no_lock(media, monkeypatch):
    """Between opening the lock and getting it, its holder removes the directory."""
    directory = media / ".incoming" / "one"
    directory.mkdir(parents=True)

    def lock_when_gone(file, operation):
        (directory / "lock").unlink()

    monkeypatch.setattr(storage.fcntl, "flock", lock_when_gone)
    assert locked(directory) is None
    assert locked(media / ".incoming" / "never there") is None


def test_finished_files_move_in_and_are_as_young_as_their_arrival(media, made):
    with moved_in(made, ["a.wav", "a.mp3"]):
        assert names(media) == ["a.mp3", "a.wav"]
    assert names(media) == ["a.mp3", "a.wav"]
    assert names(made) == ["b.ogg"]
    assert time.time() - (media / "a.wav").stat().st_mtime < 60


def test_they_leave_when_what_follows_fails(media, made):
    (media / "demo.ogg").touch()
    with pytest.raises(ZeroDivisionError), moved_in(made, ["a.wav", "a.mp3"]):
        raise ZeroDivisionError
    assert names(media) == ["demo.ogg"]


def test_none_stays_when_one_is_missing(media, made):
    with pytest.raises(FileNotFoundError), moved_in(made, ["a.wav", "a.mp3", "c.m4a"]):
        pytest.fail("they are not all there")
    assert names(media) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_by_its_code(number):
    with pytest.raises(StorageFull) as refusal, full_disk_told():
        raise OSError(number, os.strerror(number))
    assert (refusal.value.code, refusal.value.field) == ("STORAGE_FULL", "file")


def test_another_fault_of_the_disk_stays_what_it_is():
    with pytest.raises(PermissionError), full_disk_told():
        raise PermissionError(errno.EACCES, "no")
