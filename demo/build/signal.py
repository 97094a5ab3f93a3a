"""Sound as numbers while it is made: float arrays of shape (frames, channels), and their files."""

from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

Signal = NDArray[np.float64]

RATE = 44_100
TARGET_DB = -20.0
PEAK_DB = -1.5
GATE_DB = -35.0
GOLDEN = 0.618034
SAMPLES = Path("/usr/share/sonic-pi/samples")

# What `soundfile` is told for each kind of file. Vorbis and FLAC hold exactly the frames they are given,
# so loops stay seamless; MP3 is for what plays once, since every player knows it.
FORMATS = {
    ".ogg": {"subtype": "VORBIS", "compression_level": 0.8},
    ".mp3": {"subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT"},
    ".flac": {"subtype": "PCM_16", "compression_level": 1.0},
}
# 56 kbit/s and, at half the rate, 32.
MP3_LEVELS = {44_100: 0.9, 22_050: 0.85}


def gain(db: float) -> float:
    """Decibels as a factor."""
    return float(10 ** (db / 20))


def stereo(channel: Signal, pan: float = 0.0) -> Signal:
    """One channel as two, with equal power; pan runs from -1 (left) to 1 (right)."""
    angle = (pan + 1) * np.pi / 4
    return channel[:, None] * np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2)


def mono(signal: Signal) -> Signal:
    """Both channels as one: an asset is panned by the track that plays it."""
    return np.asarray(signal.mean(axis=1, keepdims=True))


def sample(name: str, speed: float = 1.0) -> Signal:
    """A sample of Debian's sonic-pi-samples (CC0), as stereo, played faster or slower."""
    data, _ = soundfile.read(SAMPLES / f"{name}.flac", always_2d=True)
    if data.shape[1] == 1:
        data = stereo(data[:, 0])
    at = np.arange(0, len(data) - 1, speed)
    return np.stack([np.interp(at, np.arange(len(data)), channel) for channel in data.T], axis=1)


def faded(signal: Signal, fade_in_seconds: float, fade_out_seconds: float) -> Signal:
    """The signal with cosine fades at its two ends."""
    out = signal.copy()
    for seconds, part in ((fade_in_seconds, slice(None)), (fade_out_seconds, slice(None, None, -1))):
        frames = min(int(seconds * RATE), len(out))
        out[part][:frames] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(frames) / frames))[:, None]
    return out


def mix_into(ring: Signal, signal: Signal, at_seconds: float, db: float = 0.0) -> None:
    """Adds the signal to a loop; what passes the loop's end goes on at its start, so there is no seam."""
    start = int(at_seconds * RATE)
    np.add.at(ring, (start + np.arange(len(signal))) % len(ring), signal * gain(db))


def levelled(signal: Signal, target_db: float = TARGET_DB) -> Signal:
    """The signal at the common level: the power of its parts that are not pauses, with room at the peaks."""
    blocks = signal[: len(signal) // 4410 * 4410].reshape(-1, 4410, signal.shape[1])
    power = (blocks**2).mean(axis=(1, 2))
    level = np.sqrt(power[power > power.max() * gain(2 * GATE_DB)].mean())
    return signal * min(gain(target_db) / level, gain(PEAK_DB) / np.abs(signal).max())


def write(signal: Signal, target: Path | BytesIO, rate: int = RATE, suffix: str | None = None) -> None:
    """The signal as a file of the kind that its name says (or `suffix`, for a file in memory)."""
    kind = suffix or Path(str(target)).suffix
    options = {"compression_level": MP3_LEVELS.get(rate)} | FORMATS[kind]
    soundfile.write(target, signal, rate, format=kind[1:].upper(), **options)


def best_cut(ring: Signal, tries: int = 24) -> Signal:
    """The ring cut open where Vorbis, which loses a little at both ends of a file, leaves the least click."""
    # Steps of the golden section, since many rings repeat after a whole fraction of their length.
    places = [int(len(ring) * (number * GOLDEN % 1)) for number in range(tries)]
    cuts = [np.roll(ring, -place, axis=0) for place in places]
    return min(cuts, key=click)


def click(loop: Signal) -> float:
    """How sharp the bend is at the seam of the loop, after it was encoded."""
    with BytesIO() as file:
        write(loop, file, suffix=".ogg")
        file.seek(0)
        heard, _ = soundfile.read(file)
    around = np.concatenate([heard[-4:], heard[:4]])
    return float(np.abs(np.diff(around, 2, axis=0)).max())
