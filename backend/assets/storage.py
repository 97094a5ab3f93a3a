"""The media folder on disk: where uploads are worked on out of sight, and how finished files come and go."""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from backend.errors import DomainError

# Nothing whose name begins with a dot is served.
INCOMING = ".incoming"
LOCK = "lock"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class StorageFull(DomainError):
    """There is no room for the file."""

    code = "STORAGE_FULL"


class UploadInProgress(DomainError):
    """Somebody works on this upload right now."""

    code = "UPLOAD_IN_PROGRESS"


def media_folder() -> Path:
    """Where the files of assets and speakers lie, side by side."""
    return Path(settings.MEDIA_ROOT)


def incoming_folder() -> Path:
    """Holds a directory for each upload; on the file system of the media folder, so that moving is instant."""
    return media_folder() / INCOMING


def file_bytes(name: str) -> int | None:
    """How long a file of the media folder is; None when it is not there."""
    try:
        return (media_folder() / name).stat().st_size
    except FileNotFoundError:
        return None


@contextmanager
def private_directory(upload_id: str) -> Iterator[Path]:
    """An empty directory for one upload, and for this process alone; gone afterwards. Raises UploadInProgress."""
    directory = incoming_folder() / upload_id
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = locked(directory)
    if lock is None:
        raise UploadInProgress("This upload is being worked on: ask how far it has come.", field="upload_id")
    with lock:
        _empty(directory)
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)


def locked(directory: Path) -> IO[bytes] | None:
    """The lock of an upload's directory, held until it is closed; None when another holds it or it has gone.

    The kernel drops the lock of a process that was killed: who gets it knows that nobody works there.
    """
    path = directory / LOCK
    try:
        file = path.open("wb")
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held it before may have removed it with its directory meanwhile.
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
    except (BlockingIOError, FileNotFoundError):
        pass
    file.close()
    return None


def _empty(directory: Path) -> None:
    """Of what a killed process has left."""
    for path in directory.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


@contextmanager
def moved_in(source: Path, names: Iterable[str]) -> Iterator[None]:
    """Finished files lie in the media folder; they leave it again when the block fails."""
    with ExitStack() as taken_out:
        for name in names:
            target = media_folder() / name
            # Its age counts from here, for whoever clears away what no row names.
            os.utime(source / name)
            taken_out.callback(target.unlink, missing_ok=True)
            (source / name).rename(target)
        yield
        taken_out.pop_all()


@contextmanager
def full_disk_told() -> Iterator[None]:
    """Raises StorageFull when there was no room."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise StorageFull("There is no room for this file at the moment.", field="file") from error


def is_older(path: Path, seconds: float) -> bool:
    """Whether it was last changed that long ago; False when it is not there."""
    try:
        return path.stat().st_mtime <= time.time() - seconds
    except FileNotFoundError:
        return False
