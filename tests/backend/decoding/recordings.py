"""Sound files made on the spot: tones, written by PyAV in any container and codec."""

import wave
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

AMPLITUDE = 8_000


def tone(hertz: float, *, seconds: float = 1.0, rate: int = 44_100) -> NDArray[np.int16]:
    """Shape (frames,)."""
    time = np.arange(round(seconds * rate)) / rate
    return np.round(AMPLITUDE * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def write_wav(path: Path, *channels: NDArray[np.int16], rate: int = 44_100) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.stack(channels, axis=1).tobytes())
    return path


@dataclass(frozen=True)
class Recipe:
    name: str
    container: str
    codec: str
    rate: int = 44_100


RECIPES = (
    Recipe("wav16.wav", "wav", "pcm_s16le"),
    Recipe("wav24.wav", "wav", "pcm_s24le", 48_000),
    Recipe("float.wav", "wav", "pcm_f32le", 22_050),
    Recipe("sound.mp3", "mp3", "libmp3lame"),
    Recipe("vorbis.ogg", "ogg", "vorbis"),
    Recipe("opus.ogg", "ogg", "libopus", 48_000),
    Recipe("opus.webm", "webm", "libopus", 48_000),
    Recipe("aac.m4a", "ipod", "aac", 48_000),
    Recipe("alac.m4a", "ipod", "alac"),
    Recipe("sound.flac", "flac", "flac"),
    Recipe("sound.caf", "caf", "pcm_s16be"),
    Recipe("sound.aiff", "aiff", "pcm_s16be"),
)


def write_recording(folder: Path, recipe: Recipe, *channels: NDArray[np.int16]) -> Path:
    """One or two channels, sampled at the recipe's rate."""
    path = folder / recipe.name
    layout = "mono" if len(channels) == 1 else "stereo"
    with av.open(str(path), "w", format=recipe.container) as file:
        # FFmpeg's own Vorbis coder calls itself experimental.
        stream = file.add_stream(recipe.codec, rate=recipe.rate, options={"strict": "-2"})
        stream.layout = layout
        frame = av.AudioFrame.from_ndarray(np.stack(channels, axis=1).reshape(1, -1), "s16", layout)
        frame.rate, frame.pts = recipe.rate, 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    return path


def loudest_hertz(sound: NDArray[np.int16], *, rate: int = 44_100) -> float:
    """The frequency of the highest peak of one channel, shape (frames,)."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * rate / len(sound))
