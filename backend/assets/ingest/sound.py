"""A recording: decoded, trimmed, made as loud as the others, and written as what is mixed and what clients play."""

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from pydub import AudioSegment

from backend.assets.ingest.contents import described, head_of, is_heif, picture_format
from backend.assets.ingest.copying import copy_streams
from backend.assets.ingest.errors import UnsupportedMedia
from backend.assets.ingest.limits import IngestLimits
from backend.assets.ingest.loudness import levelling_gain_db
from backend.assets.ingest.result import Ingested, Waveform
from backend.assets.ingest.shelf import Shelf
from backend.assets.ingest.trimming import trimmed
from backend.assets.ingest.waveform import Outline
from backend.assets.ingest.writing import Samples, written
from backend.decoding.containers import Container
from backend.decoding.decode import SAMPLE_RATE, Limits, decode, lasts_longer
from backend.decoding.demux import demuxed
from backend.decoding.errors import AudioTooLong, UnreadableAudio

_PIECE_FRAMES = 10 * SAMPLE_RATE
# A coder's delay and its last packet count in what a file claims, and are not heard.
_CLAIM_MARGIN = 1.1
# FFmpeg's muxer and the suffix.
_ORIGINALS = {
    Container.WAV: ("wav", ".wav"),
    Container.AIFF: ("aiff", ".aiff"),
    Container.CAF: ("caf", ".caf"),
    Container.FLAC: ("flac", ".flac"),
    Container.MP3: ("mp3", ".mp3"),
    Container.MP4: ("ipod", ".m4a"),
    Container.OGG: ("ogg", ".ogg"),
    Container.MATROSKA: ("webm", ".webm"),
}


def ingest_sound(source: Path, shelf: Shelf, limits: IngestLimits, progress: Callable[[str], None]) -> Ingested:
    """A .wav (44,100 Hz, 16 bits, one or two channels), an .mp3, an .m4a, and what was sent without its metadata."""
    _check(source, limits)
    progress("decoding")
    sound = trimmed(_decoded(source, shelf.directory, limits))
    gain_db = levelling_gain_db(_samples(sound))
    progress("encoding")
    paths = [shelf.beside(suffix) for suffix in (".wav", ".mp3", ".m4a")]
    waveform = _write(sound, gain_db, paths)
    original = _keep_original(source, shelf)
    return Ingested(
        playable=paths[0].name,
        original=original.name if original else paths[0].name,
        files=shelf.names,
        mime_type="audio/wav",
        duration_seconds=sound.frame_count() / SAMPLE_RATE,
        loudness_gain_db=gain_db,
        waveform=waveform,
    )


def _check(source: Path, limits: IngestLimits) -> None:
    """What can be known before decoding, so that a bomb is refused at once."""
    head = head_of(source)
    if picture_format(head) or is_heif(head):
        raise UnsupportedMedia(f"The file is {described(head)}, not a recording.")
    if lasts_longer(source, limits.seconds * _CLAIM_MARGIN):
        raise AudioTooLong(f"The sound is longer than {limits.seconds:g} seconds.")


def _decoded(source: Path, directory: Path, limits: IngestLimits) -> AudioSegment:
    """The sound in a nameless file, mapped: it needs no memory of its own, and nobody has to clear it away."""
    with TemporaryFile(dir=directory) as file:
        decoded = decode(source, file, limits=Limits(seconds=limits.seconds))
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return AudioSegment(memoryview(mapped), sample_width=2, frame_rate=SAMPLE_RATE, channels=decoded.channels)


def _samples(sound: AudioSegment) -> Samples:
    """Shape (frames, channels)."""
    return np.frombuffer(sound.raw_data, np.int16).reshape(-1, sound.channels)


def _write(sound: AudioSegment, gain_db: float, paths: list[Path]) -> Waveform:
    outline = Outline(int(sound.frame_count()))
    with written(paths, sound.channels) as writers:
        for piece in _pieces(sound, outline.samples_per_pixel):
            levelled = _samples(piece.apply_gain(gain_db))
            outline.add(levelled)
            for write in writers:
                write(levelled)
    return outline.waveform()


def _pieces(sound: AudioSegment, samples_per_pixel: int) -> Iterator[AudioSegment]:
    """Of about ten seconds, and of whole pixels."""
    step = samples_per_pixel * max(1, _PIECE_FRAMES // samples_per_pixel)
    for begin in range(0, int(sound.frame_count()), step):
        yield sound.get_sample_slice(begin, begin + step)


def _keep_original(source: Path, shelf: Shelf) -> Path | None:
    """As it was coded; None for the odd file that no container takes again."""
    with demuxed(source) as (opened, container):
        muxer, suffix = _ORIGINALS[container]
        path = shelf.apart(suffix)
        try:
            copy_streams(opened, opened.streams.audio[:1], path, muxer=muxer)
        except UnreadableAudio:
            shelf.drop(path)
            return None
    return path
