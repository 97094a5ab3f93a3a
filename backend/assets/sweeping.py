"""What crashes have left behind is cleared away: private directories, files that no row names, uploads that hang."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from backend.assets.media import is_made_here, named_file, stem
from backend.assets.models import Asset, AssetUpload, UploadState
from backend.assets.progress import advance
from backend.assets.storage import incoming_folder, is_older, locked, media_folder
from backend.soundscape.models import Speaker

LEAST_AGE = timedelta(minutes=1)
# So long a client may ask why its upload failed.
KEEP_FAILED = timedelta(days=1)
INTERRUPTED = {"error_code": "INTERRUPTED", "error_message": "The server stopped during this upload: send it again."}


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were cleared away; `interrupted` uploads are marked as failed, `forgotten` ones deleted."""

    directories: int
    files: int
    interrupted: int
    forgotten: int


def sweep(older_than: timedelta = LEAST_AGE) -> Swept:
    """Clears away what is that old. Safe at any time, beside uploads that go on in other processes."""
    seconds = older_than.total_seconds()
    return Swept(
        directories=_sweep_directories(seconds),
        files=_sweep_files(seconds),
        interrupted=_fail_interrupted(older_than),
        forgotten=_forget_failed(),
    )


def _sweep_directories(seconds: float) -> int:
    directories = [path for path in _listed(incoming_folder()) if path.is_dir()]
    return sum(_is_removed(path) for path in directories if is_older(path, seconds))


def _is_removed(directory: Path) -> bool:
    lock = locked(directory)
    if lock is None:
        return False
    with lock:
        # A child of the process that was killed may still write there: the next sweep gets the rest.
        shutil.rmtree(directory, ignore_errors=True)
    return True


def _sweep_files(seconds: float) -> int:
    found = [path for path in _listed(media_folder()) if is_made_here(path.name) and is_older(path, seconds)]
    # Asked after the folder was listed: what is stored meanwhile has its row by now.
    named = _named_stems() if found else set()
    orphans = [path for path in found if stem(path.name) not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _named_stems() -> set[str]:
    """Of all files that assets and speakers name."""
    files = Asset.objects.order_by().values_list("filename", "file", "caption_file")
    uris = Speaker.objects.order_by().values_list("uri", "backup_uri")
    names = _each(files.iterator()) | {named_file(uri) for uri in _each(uris.iterator())}
    return {stem(name) for name in names}


def _each(rows: Iterable[tuple[str, ...]]) -> set[str]:
    return {value for row in rows for value in row if value}


def _fail_interrupted(older_than: timedelta) -> int:
    """Those that nobody works on any more: while somebody does, there is their directory."""
    unfinished = AssetUpload.objects.exclude(state__in=(UploadState.STORED, UploadState.FAILED))
    hanging = unfinished.filter(updated_at__lte=timezone.now() - older_than).select_related("session")
    interrupted = [upload for upload in hanging if not (incoming_folder() / str(upload.pk)).exists()]
    for upload in interrupted:
        advance(upload, UploadState.FAILED, **INTERRUPTED)
    return len(interrupted)


def _forget_failed() -> int:
    long_ago = timezone.now() - KEEP_FAILED
    return AssetUpload.objects.filter(state=UploadState.FAILED, updated_at__lte=long_ago).delete()[0]


def _listed(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []
