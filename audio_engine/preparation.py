"""The bank of this machine, and filling it before anybody listens."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from audio_engine import catalog
from audio_engine.bank.bank import Bank, BankLimits
from audio_engine.bank.fetch import Fetcher
from audio_engine.bank.filling import fill
from audio_engine.soundscape import SourceKey
from backend.ids import ProjectId


def open_bank() -> Bank:
    """The bank on the media of this server; several processes may have it open."""
    return Bank(
        Path(settings.DATA_DIR) / "bank",
        media_roots=[Path(settings.MEDIA_ROOT)],
        fetcher=Fetcher(allows_private=settings.ALLOW_PRIVATE_SOURCES),
        limits=BankLimits(disk_bytes=settings.BANK_BYTES, mapped_bytes=settings.BANK_BYTES),
    )


def decode_ahead(project_ids: Iterable[ProjectId], *, patience_seconds: float) -> list[SourceKey]:
    """Decode all that these projects may sound; returns what is not ready in time."""
    bank = open_bank()
    keys = {key for project_id in project_ids for key in _source_keys(project_id)}
    try:
        return fill(bank, keys, patience_seconds=patience_seconds)
    finally:
        bank.close()


def _source_keys(project_id: ProjectId) -> set[SourceKey]:
    soundscape = catalog.soundscape(project_id)
    return soundscape.source_keys() if soundscape else set()
