"""Ingest in the calling process: for a child that may die of it, and for tests."""

from collections.abc import Callable
from pathlib import Path

from backend.assets.ingest.errors import EmptyFile, FileTooLarge
from backend.assets.ingest.film import ingest_film
from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.photo import ingest_photo
from backend.assets.ingest.result import Ingested
from backend.assets.ingest.shelf import Shelf
from backend.assets.ingest.sound import ingest_sound
from backend.assets.ingest.text import ingest_text
from backend.errors import DomainError

Progress = Callable[[str], None]

# By the values of MediaType, which would bring Django along.
_KINDS: dict[str, Callable[[Path, Shelf, IngestLimits, Progress], Ingested]] = {
    "audio": ingest_sound,
    "photo": ingest_photo,
    "text": ingest_text,
    "video": ingest_film,
}


def ingest_here(source: Path, *, kind: str, into: Path, limits: IngestLimits, progress: Progress) -> Ingested:
    """As `apart.ingest`; a hostile file may block, crash or exhaust this process."""
    shelf = Shelf(into)
    try:
        _check_size(source.stat().st_size, limits)
        return _KINDS[kind](source, shelf, limits, progress)
    except DomainError as refusal:
        refusal.field = refusal.field or "file"
        shelf.clear()
        raise
    except BaseException:
        shelf.clear()
        raise


def _check_size(size_bytes: int, limits: IngestLimits) -> None:
    if size_bytes == 0:
        raise EmptyFile("The file is empty.")
    if size_bytes > limits.bytes:
        raise FileTooLarge(f"The file is larger than {limits.bytes / 1e6:g} MB.")
