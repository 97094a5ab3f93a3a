"""What all contenders mix: two stereo loops and two mono clips, made anew from a seed."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44_100
SECONDS = 60
LOOPS = ("loop_a.wav", "loop_b.wav")
CLIPS = ("clip_a.wav", "clip_b.wav")
PEAK = 0.2


def write_programme(directory: Path) -> None:
    """Four WAV files of a minute each: chords with noise, and bursts like speech."""
    draws = np.random.default_rng(1)
    for name, root in zip(LOOPS, (110.0, 146.8), strict=True):
        sides = [_chord(root * detune, draws) for detune in (1.0, 1.003)]
        _write(directory / name, np.stack(sides, axis=1))
    for name, pitch in zip(CLIPS, (120.0, 210.0), strict=True):
        _write(directory / name, _speech(pitch, draws)[:, None])


def read_mix(directory: Path) -> NDArray[np.int16]:
    """The plain sum of the four, int16, shape (frames, 2): what a bare encoder is given."""
    total = np.zeros((SAMPLE_RATE * SECONDS, 2))
    for name in (*LOOPS, *CLIPS):
        with wave.open(str(directory / name)) as file:
            samples = np.frombuffer(file.readframes(-1), np.int16).reshape(-1, file.getnchannels())
        total += samples
    return np.clip(total, -32768, 32767).astype(np.int16)


def _seconds() -> NDArray[np.float64]:
    return np.arange(SAMPLE_RATE * SECONDS) / SAMPLE_RATE


def _chord(root: float, draws: np.random.Generator) -> NDArray[np.float64]:
    t = _seconds()
    tones = sum(
        np.sin(2 * np.pi * root * harmonic * interval * t + draws.uniform(0, 6)) / harmonic
        for interval in (1.0, 1.25, 1.5)
        for harmonic in range(1, 9)
    )
    beat = np.exp(-3 * (t * 2 % 1))
    return np.asarray(tones + beat * draws.standard_normal(t.size) * 2)


def _speech(pitch: float, draws: np.random.Generator) -> NDArray[np.float64]:
    t = _seconds()
    glide = 2 * np.pi * np.cumsum(pitch * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * t))) / SAMPLE_RATE
    voiced = sum(np.sin(harmonic * glide) / harmonic for harmonic in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * t) + 0.4, 0, 1)
    return np.asarray(voiced * syllables + 0.3 * draws.standard_normal(t.size) * np.roll(syllables, 5000))


def _write(path: Path, samples: NDArray[np.float64]) -> None:
    scaled = samples / np.abs(samples).max() * PEAK * 32767
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(scaled.astype("<i2").tobytes())
