"""Decoded sounds on disk: each once, under the hash of the file that it came from, as a .npy of int16."""

import hashlib
import math
import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from audio_engine.bank.mapping import mapped_bytes
from backend.decoding.decode import Decoded, Limits, decode

Pcm = NDArray[np.int16]
# In the path, so that sounds decoded by another rule are never taken for ours.
_LAYOUT = "1"
_ABANDONED_SECONDS = 3_600
_SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies on the disk."""

    bytes: int = 0
    sounds: int = 0


class Store:
    """`sounds/` holds the sounds; `names/` a link to one for every identity (a file as it is now, a URL)."""

    def __init__(self, directory: Path, *, max_bytes: int, limits: Limits) -> None:
        self._sounds = directory / _LAYOUT / "sounds"
        self._names = directory / _LAYOUT / "names"
        self._parts = directory / _LAYOUT / "parts"
        self._max_bytes = max_bytes
        self._limits = limits
        for folder in (self._sounds, self._names, self._parts):
            folder.mkdir(parents=True, exist_ok=True)
        self._sweep_parts()

    def find(self, identity: str) -> Pcm | None:
        """The sound, memory-mapped and read-only, if it has been decoded before."""
        return _mapped(self._name(identity))

    def add(self, identity: str, original: Path) -> Pcm:
        """Decode a file, unless its content is known under another name. Raises DomainError, OSError."""
        sound = self._sounds / f"{_hash(original)}.npy"
        pcm = _mapped(sound)
        if pcm is None:
            self._decode(original, sound)
            self.trim(keep=sound)
            pcm = _mapped(sound)
        if pcm is None:
            raise OSError(f"{sound} vanished")
        self._link(self._name(identity), sound)
        return pcm

    @contextmanager
    def part(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A file to write to, gone afterwards unless it was moved."""
        with NamedTemporaryFile(dir=self._parts, delete=False) as file:
            path = Path(file.name)
            try:
                yield cast(BinaryIO, file), path
            finally:
                path.unlink(missing_ok=True)

    def _decode(self, original: Path, sound: Path) -> None:
        with self.part() as (file, path):
            _write_header(file, Decoded(0, 1))
            decoded = decode(original, file, limits=self._limits)
            file.seek(0)
            _write_header(file, decoded)
            file.flush()
            path.replace(sound)

    def _name(self, identity: str) -> Path:
        return self._names / hashlib.sha256(identity.encode()).hexdigest()

    def _link(self, name: Path, sound: Path) -> None:
        # Made aside and moved, so that no reader ever finds the name missing.
        aside = Path(mkdtemp(dir=self._parts)) / name.name
        aside.symlink_to(Path("..") / "sounds" / sound.name)
        aside.replace(name)
        aside.parent.rmdir()

    def note_use(self, identities: Iterable[str]) -> None:
        """These sound now: trimming shall not take them for unused because they were opened long ago."""
        for identity in identities:
            _touch(self._name(identity))

    def trim(self, *, keep: Path | None = None) -> Kept:
        """Delete what was longest not used. What still sounds goes on: its pages stay as long as they are mapped."""
        sounds = self._by_age()
        held = sum(size for _, size, _ in sounds)
        gone: set[str] = set()
        for _, size, path in sounds:
            if held <= self._max_bytes:
                break
            if path != keep:
                path.unlink(missing_ok=True)
                held -= size
                gone.add(path.name)
        self._forget_names_of(gone)
        return Kept(held, len(sounds) - len(gone))

    def _by_age(self) -> list[tuple[float, int, Path]]:
        """When each sound was used last, its size and its place; the longest unused first."""
        found = []
        for path in self._sounds.iterdir():
            # Another process may trim at the same time.
            with suppress(FileNotFoundError):
                facts = path.stat()
                found.append((facts.st_mtime, facts.st_size, path))
        return sorted(found)

    def _forget_names_of(self, sounds: Collection[str]) -> None:
        for name in self._names.iterdir() if sounds else ():
            with suppress(FileNotFoundError):
                if name.readlink().name in sounds:
                    name.unlink()

    def _sweep_parts(self) -> None:
        """What a killed process left. Another process may be writing here now: only what is old goes."""
        for path in self._parts.iterdir():
            if path.is_file() and time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink(missing_ok=True)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_header(file: BinaryIO, sound: Decoded) -> None:
    """numpy leaves room for the first axis to grow, so the header keeps its length when it is written again."""
    shape = (sound.frames, sound.channels)
    header = {"descr": np.dtype(np.int16).str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)


def _mapped(path: Path) -> Pcm | None:
    """A plain array over the mapping: it stays mapped for as long as anybody holds it."""
    try:
        with path.open("rb") as file:
            pcm = _read_only(file)
            # Read ahead now, in this thread: the beat should find the pages in memory.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
    except FileNotFoundError:
        return None
    except ValueError:
        # Cut short by a full disk or a crash: decode it again.
        path.resolve().unlink(missing_ok=True)
        return None
    _touch(path)
    return pcm


def _read_only(file: BinaryIO) -> Pcm:
    """The sound in a file as `_write_header` began it. Raises ValueError when it is not whole."""
    np.lib.format.read_magic(file)
    shape, _, _ = np.lib.format.read_array_header_1_0(file)
    # Reading beyond the end of a mapped file kills the process.
    if os.fstat(file.fileno()).st_size < file.tell() + math.prod(shape) * _SAMPLE_BYTES:
        raise ValueError("the sound is cut short")
    samples = mapped_bytes(file)[file.tell() :].view(np.int16)
    return samples[: math.prod(shape)].reshape(shape)


def _touch(path: Path) -> None:
    """Trimming goes by this time."""
    with suppress(OSError):
        os.utime(path)
