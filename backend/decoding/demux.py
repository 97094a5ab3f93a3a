"""A hostile file opened by FFmpeg: one demuxer, chosen by the file's first bytes, and nothing else within reach."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.error import FFmpegError

from backend.decoding.containers import SNIFFED_BYTES, Container, sniff
from backend.decoding.errors import UnreadableAudio
from backend.errors import DomainError

_READ_BYTES = 1 << 17
# FFmpeg's names. Old, rare decoders are where its holes are found, so what nobody records with stays out.
DECODERS = (
    "mp3,mp3float,aac,alac,flac,vorbis,opus,amrnb,amrwb,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,pcm_alaw,pcm_mulaw,"
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,"
    "pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be"
)
# FFmpeg would search megabytes of plain samples for a hidden DTS, for 50 ms each time.
_PROBING = {Container.WAV: {"probesize": "65536"}}
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def demuxed(path: Path) -> Iterator[tuple[InputContainer, Container]]:
    """The open file and its kind. No picture of a film is ever decoded. Raises UnreadableAudio."""
    # A pipe or a device would block for ever when opened.
    if not path.is_file():
        raise UnreadableAudio("The file is not there.")
    with reading():
        file = path.open("rb")
    with file:
        container = sniff(file.read(SNIFFED_BYTES))
        if container is None:
            raise UnreadableAudio("The file is none of the kinds of audio that can be read here.")
        file.seek(0)
        with _by_one_demuxer(file, container) as opened:
            yield opened, container


@contextmanager
def _by_one_demuxer(file: BinaryIO, container: Container) -> Iterator[InputContainer]:
    """FFmpeg gets an open file and one demuxer: it sees no name, and may open nothing else."""
    with reading():
        opened = av.open(
            file,
            "r",
            format=container.value,
            buffer_size=_READ_BYTES,
            metadata_errors="replace",
            container_options={
                "format_whitelist": container.value,
                "protocol_whitelist": "none",
                "codec_whitelist": DECODERS,
                **_PROBING.get(container, {}),
            },
        )
    with opened:
        yield opened


@contextmanager
def reading() -> Iterator[None]:
    """On hostile bytes PyAV raises more than its own errors (seen: UnicodeDecodeError, IndexError, MemoryError)."""
    try:
        yield
    except DomainError:
        raise
    except (FFmpegError, OSError, ValueError, LookupError, ArithmeticError, MemoryError, RuntimeError) as error:
        # What is read may be written elsewhere meanwhile, and that the disk is full is no fault of the file.
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            raise
        raise UnreadableAudio("The file cannot be decoded: it is damaged, or not what it seems.") from error
