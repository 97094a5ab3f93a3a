"""Any audio file that a person may send, to int16 at 44,100 Hz. Nothing here trusts the file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet

from backend.decoding.containers import Container
from backend.decoding.demux import DECODERS, demuxed, reading
from backend.decoding.errors import AudioTooLong, UnreadableAudio

SAMPLE_RATE = 44_100
# Below this a small file resamples to a huge one: 1 Hz would be 44,100 frames a sample.
_LOWEST_SAMPLE_RATE = 4_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask of the machine; the seconds are decoded ones, whatever the file claims."""

    seconds: float = 3_600.0
    channels: int = 8
    sample_rate: int = 192_000


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What the file says of itself. `seconds` is a claim: None when it makes none, and it may be wrong."""

    container: Container
    codec: str
    channels: int
    sample_rate: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was written: `frames` of one or two interleaved channels."""

    frames: int
    channels: int

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return self.frames / SAMPLE_RATE


def probe(path: Path, *, limits: Limits | None = None) -> AudioFacts:
    """What kind of sound this file holds, without decoding it. Raises UnreadableAudio."""
    with _opened(path, limits or Limits()) as sound:
        return sound.facts


def lasts_longer(path: Path, seconds: float, *, limits: Limits | None = None) -> bool:
    """Whether what the file holds says that it sounds longer than this: known without decoding, but only a claim.

    The claim is that of its packets: a container's own is a guess for some kinds, and wrong in a file that was cut.
    """
    with _opened(path, limits or Limits()) as sound:
        return any(heard > seconds for heard in accumulate(sound.claims()))


def decode(path: Path, into: BinaryIO, *, limits: Limits | None = None) -> Decoded:
    """Write the whole sound to `into`: native int16, interleaved, 44,100 Hz; mono stays mono, more than two become two.

    Holds one decoded frame at a time in memory. What cannot be decoded in the middle of a file is left out.
    Raises UnreadableAudio, and AudioTooLong when the decoded sound is longer than `limits`; then `into` holds a part.
    """
    allowed = limits or Limits()
    frames = 0
    with _opened(path, allowed) as sound:
        for block in sound.blocks():
            frames += len(block) // (2 * sound.channels)
            if frames > allowed.seconds * SAMPLE_RATE:
                raise AudioTooLong(f"The sound is longer than {allowed.seconds:g} seconds.")
            into.write(block)
    if frames == 0:
        raise UnreadableAudio("The file holds no sound.")
    return Decoded(frames, sound.channels)


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator["_Sound"]:
    with demuxed(path) as (opened, container):
        yield _Sound(opened, container, limits)


class _Sound:
    """The first audio stream of an open file."""

    def __init__(self, opened: InputContainer, container: Container, limits: Limits) -> None:
        self._opened = opened
        self._limits = limits
        with reading():
            self._stream = _audio_stream(opened)
            self.facts = _facts(opened, self._stream, container)
        self._check(self.facts.channels, self.facts.sample_rate)
        self._resampler: AudioResampler | None = None
        self._resampled: tuple[str, str, int] | None = None
        self.channels = 0

    def blocks(self) -> Iterator[bytes]:
        """The decoded sound, in pieces of the decoder's size. `channels` is known from the first piece on."""
        frames = self._frames()
        while True:
            with reading():
                frame = next(frames, None)
                blocks = self._int16(frame) if frame else self._rest()
            yield from blocks
            if frame is None:
                return

    def claims(self) -> Iterator[float]:
        """The seconds that each packet says it holds."""
        with reading():
            for packet in self._packets():
                if packet.duration and packet.time_base:
                    yield float(packet.duration * packet.time_base)

    def _frames(self) -> Iterator[AudioFrame]:
        good = bad = 0
        for packet in self._packets():
            try:
                frames = self._stream.decode(packet)
            except InvalidDataError:
                bad += 1
                continue
            good += len(frames)
            yield from frames
        if bad > good:
            raise UnreadableAudio("Most of the file cannot be decoded.")

    def _packets(self) -> Iterator["Packet[AudioStream]"]:
        # Cut off in the middle: what came before still sounds.
        with suppress(FFmpegError):
            yield from self._opened.demux(self._stream)

    def _int16(self, frame: AudioFrame) -> list[bytes]:
        """A file may change its rate and its channels on the way, so the frame itself is asked."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        before: list[bytes] = []
        if kind != self._resampled:
            self._check(frame.layout.nb_channels, frame.sample_rate)
            before = self._rest()
            self.channels = self.channels or min(frame.layout.nb_channels, 2)
            self._resampler = AudioResampler("s16", "mono" if self.channels == 1 else "stereo", SAMPLE_RATE)
            self._resampled = kind
        assert self._resampler is not None
        return before + _bytes(self._resampler.resample(frame))

    def _rest(self) -> list[bytes]:
        return _bytes(self._resampler.resample(None)) if self._resampler else []

    def _check(self, channels: int, sample_rate: int) -> None:
        if not 1 <= channels <= self._limits.channels:
            raise UnreadableAudio(f"The sound has {channels} channels; 1 to {self._limits.channels} are read.")
        if not _LOWEST_SAMPLE_RATE <= sample_rate <= self._limits.sample_rate:
            raise UnreadableAudio(
                f"The sound has {sample_rate} samples a second;"
                f" {_LOWEST_SAMPLE_RATE} to {self._limits.sample_rate} are read."
            )


def _audio_stream(opened: InputContainer) -> AudioStream:
    if not opened.streams.audio:
        raise UnreadableAudio("The file holds no sound.")
    stream = opened.streams.audio[0]
    decoder = stream.codec_context.name if stream.codec_context else "an unknown one"
    if decoder not in DECODERS.split(","):
        raise UnreadableAudio(f"The sound is coded in a way that is not read here ({decoder}).")
    stream.codec_context.thread_count = 1
    return stream


def _facts(opened: InputContainer, stream: AudioStream, container: Container) -> AudioFacts:
    context = stream.codec_context
    return AudioFacts(
        container=container,
        codec=context.codec.canonical_name,
        channels=context.channels,
        sample_rate=context.sample_rate,
        seconds=opened.duration / av.time_base if opened.duration else None,
    )


def _bytes(frames: list[AudioFrame]) -> list[bytes]:
    return [frame.to_ndarray().tobytes() for frame in frames if frame.samples]
