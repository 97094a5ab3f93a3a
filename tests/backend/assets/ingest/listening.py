"""How a test listens to what ingest has written: with other code than ingest's own, where there is any."""

import io
import wave
from pathlib import Path

import numpy as np
from pyloudnorm import Meter
from scipy.signal import resample

from backend.assets.ingest.here import ingest_here
from backend.assets.ingest.limits import IngestLimits
from backend.decoding.decode import decode

MICROPHONE_NOISE = 3


def ingested(source: Path, into: Path, *, kind: str = "audio", **limits):
    """What ingest makes of a file in this process, in the directory `into`."""
    into.mkdir(exist_ok=True)
    return ingest_here(source, kind=kind, into=into, limits=IngestLimits(**limits), progress=lambda stage: None)


def heard(path: Path):
    """Any file, decoded: int16, shape (frames, channels)."""
    into = io.BytesIO()
    decoded = decode(path, into)
    return np.frombuffer(into.getvalue(), np.int16).reshape(-1, decoded.channels)


def stored(path: Path):
    """A .wav at 44,100 Hz and 16 bits: int16, shape (frames, channels)."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (44_100, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, file.getnchannels())


def lufs(sound) -> float:
    return Meter(44_100).integrated_loudness(sound / 32_768)


def true_peak_db(sound) -> float:
    """By the whole spectrum at eight times the rate."""
    padded = np.concatenate([np.zeros_like(sound[:100]), sound, np.zeros_like(sound[:100])]) / 32_768
    return 20 * np.log10(np.abs(resample(padded, 8 * len(padded))).max())


def hiss(seconds: float, *, rate: int = 44_100):
    """What a microphone hears in a silent room, int16, shape (frames,)."""
    noise = np.random.default_rng(5).normal(0, MICROPHONE_NOISE, round(seconds * rate))
    return np.round(noise).astype(np.int16)
