"""The decoded sounds that may be mixed now, prepared in the background: fulfils `soundscape.Sources`."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from audio_engine.bank.errors import SourceRefused, SourceUnreachable
from audio_engine.bank.holdings import Holdings
from audio_engine.bank.store import Kept, Pcm, Store
from audio_engine.bank.workers import Workers
from audio_engine.soundscape import SourceKey, SourceState
from backend.decoding.decode import Limits
from backend.errors import DomainError

log = logging.getLogger(__name__)

_FILE = "file:"


class Fetches(Protocol):
    """Brings the body of a URL; `fetch.Fetcher` is one."""

    def fetch(self, url: str, into: BinaryIO) -> None:
        """Raises DomainError; then `into` may hold a part."""


@dataclass(frozen=True, slots=True)
class BankLimits:
    """How much the bank may hold, and how patient it is."""

    decoding: Limits = field(default_factory=Limits)
    disk_bytes: int = 20_000_000_000
    mapped_bytes: int = 4_000_000_000
    retry_seconds: float = 60.0
    # How often a broken file is looked at, in case somebody has mended it.
    look_seconds: float = 2.0
    # What was asked for within this time is sounding: it is not released even when too much is mapped.
    in_use_seconds: float = 5.0
    forget_seconds: float = 3_600.0
    # How often what has been in use is noted on the disk, and the disk trimmed.
    tidy_seconds: float = 60.0


@dataclass(slots=True)
class _Entry:
    key: SourceKey
    asked_at: float
    state: SourceState = SourceState.PENDING
    pcm: Pcm | None = None
    failure: DomainError | None = None
    # The file as it was when it was last looked at, or the URL; empty when there was nothing to look at.
    identity: str = ""
    is_in_work: bool = True
    look_at: float = 0.0
    retry_at: float = 0.0


class Bank:
    """Sounds by key. Asking never waits: other threads look, fetch and decode, each kind by itself, so that a sound
    that is known is ready at once while others are decoded, and a slow server holds up neither."""

    def __init__(
        self,
        directory: Path,
        *,
        media_roots: Sequence[Path],
        fetcher: Fetches,
        limits: BankLimits | None = None,
        now: Callable[[], float] = time.monotonic,
        on_change: Callable[[SourceKey], None] | None = None,
    ) -> None:
        """`on_change` is called, in a thread of the bank's, when a source has become READY or BROKEN."""
        self._limits = limits or BankLimits()
        self._store = Store(directory, max_bytes=self._limits.disk_bytes, limits=self._limits.decoding)
        self._roots = [root.resolve() for root in media_roots]
        self._fetcher = fetcher
        self._now = now
        self._on_change = on_change
        self._entries: dict[SourceKey, _Entry] = {}
        self._lock = threading.Lock()
        self._kept = Kept()
        self._breakages = 0
        self._tidy_at = now()
        self._looking = Workers("bank-look", threads=1)
        self._fetching = Workers("bank-fetch", threads=4)
        self._decoding = Workers("bank-decode", threads=2)

    def state(self, key: SourceKey) -> SourceState:
        """Asking for a sound that is not known yet starts its preparation. Never waits."""
        return self._asked(key).state

    def pcm(self, key: SourceKey) -> Pcm | None:
        """The sound: C-contiguous, shape (frames, 1 or 2), memory-mapped, read-only; None unless READY. Never waits."""
        return self._asked(key).pcm

    def failure(self, key: SourceKey) -> DomainError | None:
        """Why a source is BROKEN; None when it is not."""
        entry = self._entries.get(key)
        return entry.failure if entry else None

    def holdings(self) -> Holdings:
        """Figures of this moment; those of the disk are as old as the last tidying."""
        with self._lock:
            entries = list(self._entries.values())
        mapped = [entry.pcm.nbytes for entry in entries if entry.pcm is not None]
        states = Counter(entry.state for entry in entries)
        return Holdings(
            mapped_bytes=sum(mapped),
            mapped_sounds=len(mapped),
            disk_bytes=self._kept.bytes,
            disk_sounds=self._kept.sounds,
            pending_sources=states[SourceState.PENDING],
            broken_sources=states[SourceState.BROKEN],
            breakages=self._breakages,
        )

    def tidy(self) -> None:
        """Release what is too much, here now and on the disk soon. To be called every few seconds; never waits."""
        self._make_room(0)
        if self._now() >= self._tidy_at:
            self._tidy_at = self._now() + self._limits.tidy_seconds
            self._looking.submit(self._tidy_disk)

    def close(self) -> None:
        """Let the threads end; nothing is waited for."""
        for workers in (self._looking, self._fetching, self._decoding):
            workers.close()

    def _asked(self, key: SourceKey) -> _Entry:
        now = self._now()
        entry = self._entries.get(key) or self._begun(key, now)
        entry.asked_at = now
        if entry.state is SourceState.BROKEN and not entry.is_in_work and now >= entry.look_at:
            entry.is_in_work = True
            self._looking.submit(partial(self._try, entry, self._look))
        return entry

    def _begun(self, key: SourceKey, now: float) -> _Entry:
        with self._lock:
            if key not in self._entries:
                self._entries[key] = _Entry(key, now)
                self._looking.submit(partial(self._try, self._entries[key], self._look))
            return self._entries[key]

    def _try(self, entry: _Entry, step: Callable[[_Entry], None]) -> None:
        """Supervises one step for one source: whatever goes wrong breaks that source and no other."""
        try:
            step(entry)
        except DomainError as failure:
            self._break(entry, failure)
        except OSError as error:
            self._break(entry, SourceUnreachable(f"The sound cannot be read or stored: {error.strerror}."))
        except Exception:
            log.exception("source %s", entry.key)
            self._break(entry, SourceUnreachable("The sound could not be prepared."))

    def _look(self, entry: _Entry) -> None:
        before, entry.identity = entry.identity, ""
        entry.identity = self._identity(entry.key)
        if entry.identity == before and self._now() < entry.retry_at:
            self._leave(entry)
        elif (pcm := self._store.find(entry.identity)) is not None:
            self._finish(entry, pcm)
        elif entry.key.startswith(_FILE):
            self._decoding.submit(partial(self._try, entry, self._decode))
        else:
            self._fetching.submit(partial(self._try, entry, self._fetch))

    def _identity(self, key: SourceKey) -> str:
        if not key.startswith(_FILE):
            return key
        path = self._path(key)
        facts = path.stat()
        return f"{path} {facts.st_ino} {facts.st_size} {facts.st_mtime_ns}"

    def _path(self, key: SourceKey) -> Path:
        path = Path(key.removeprefix(_FILE))
        if "\0" in key or not any(path.resolve().is_relative_to(root) for root in self._roots):
            raise SourceRefused("The source lies outside the media of this server.")
        return path.resolve()

    def _decode(self, entry: _Entry) -> None:
        self._finish(entry, self._store.add(entry.identity, self._path(entry.key)))

    def _fetch(self, entry: _Entry) -> None:
        with self._store.part() as (file, path):
            self._fetcher.fetch(entry.key, file)
            file.flush()
            self._finish(entry, self._store.add(entry.identity, path))

    def _tidy_disk(self) -> None:
        since = self._now() - self._limits.tidy_seconds - self._limits.in_use_seconds
        with self._lock:
            entries = [entry for entry in self._entries.values() if entry.pcm is not None and entry.asked_at >= since]
        self._store.note_use(entry.identity for entry in entries)
        self._kept = self._store.trim()

    def _finish(self, entry: _Entry, pcm: Pcm) -> None:
        self._make_room(pcm.nbytes)
        entry.failure = None
        entry.pcm = pcm
        entry.is_in_work = False
        self._become(entry, SourceState.READY)

    def _break(self, entry: _Entry, failure: DomainError) -> None:
        entry.failure = failure
        entry.retry_at = self._now() + self._limits.retry_seconds
        self._leave(entry)
        self._become(entry, SourceState.BROKEN)

    def _leave(self, entry: _Entry) -> None:
        entry.look_at = self._now() + self._limits.look_seconds
        entry.is_in_work = False

    def _become(self, entry: _Entry, state: SourceState) -> None:
        if entry.state is state:
            return
        before, entry.state = entry.state, state
        # Once a source, however often it is tried again.
        if state is SourceState.BROKEN:
            self._breakages += 1
            log.warning("The source %s cannot sound: %s", entry.key, entry.failure and entry.failure.message)
        elif before is SourceState.BROKEN:
            log.info("The source %s can sound again.", entry.key)
        if self._on_change is not None:
            self._on_change(entry.key)

    def _make_room(self, needed_bytes: int) -> None:
        """Forget the sounds that were longest not asked for. Whoever holds one as an array keeps it mapped."""
        now = self._now()
        with self._lock:
            entries = sorted(self._entries.values(), key=lambda entry: entry.asked_at)
            excess = needed_bytes - self._limits.mapped_bytes
            excess += sum(entry.pcm.nbytes for entry in entries if entry.pcm is not None)
            for entry in entries:
                idle_seconds = now - entry.asked_at
                is_released = entry.pcm is not None and excess > 0 and idle_seconds > self._limits.in_use_seconds
                if is_released or idle_seconds > self._limits.forget_seconds:
                    del self._entries[entry.key]
                    excess -= entry.pcm.nbytes if entry.pcm is not None else 0
