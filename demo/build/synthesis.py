"""Sounds made from nothing: weather, water, birds, bells. Noises are whole loops, without a seam by themselves."""

import numpy as np

from demo.build.signal import RATE, Signal, stereo


def noise(frames: int, random: np.random.Generator, low_hz: float, high_hz: float, tilt: float = 0.5) -> Signal:
    """A loop of stereo noise between two frequencies, falling as f ** -tilt; its power is 1.

    Made in the frequency domain, so it is periodic: its end leads into its start.
    """
    hz = np.fft.rfftfreq(frames, 1 / RATE)
    # Soft shoulders: an octave below and above the band.
    band = 1 / (1 + (low_hz / np.maximum(hz, 1)) ** 4) / (1 + (hz / high_hz) ** 4) * np.maximum(hz, 1) ** -tilt
    phases = np.exp(2j * np.pi * random.random((2, len(hz))))
    raw = np.fft.irfft(band * phases, frames, axis=1).T
    return np.asarray(raw / np.sqrt((raw**2).mean()))


def swell(frames: int, cycles: int, phase: float, low: float, sharpness: float = 2.0) -> Signal:
    """A slow wave of loudness between `low` and 1 with whole cycles in the loop, for one channel."""
    wave = (0.5 + 0.5 * np.sin(2 * np.pi * (cycles * np.arange(frames) / frames + phase))) ** sharpness
    return np.asarray(low + (1 - low) * wave)


def sea(frames: int, random: np.random.Generator, waves: int) -> Signal:
    """Waves that run up a shore: a low roll, and foam that follows it."""
    roll = noise(frames, random, 60, 500, 0.8) * swell(frames, waves, 0.0, 0.35)[:, None]
    foam = noise(frames, random, 900, 5000, 0.6)
    sides = [swell(frames, waves, -0.12 + shift, 0.05, 4.0) for shift in (-0.03, 0.03)]
    return np.asarray(roll + 0.6 * foam * np.stack(sides, axis=1))


def rain(frames: int, random: np.random.Generator, drops: int) -> Signal:
    """A steady hiss, and drops that ring on glass."""
    ring = 0.25 * noise(frames, random, 1500, 8000, 0.3)
    for _ in range(drops):
        hz, seconds = random.uniform(1800, 5200), random.uniform(0.01, 0.05)
        drop = stereo(tone(hz, seconds * 6, seconds), random.uniform(-0.9, 0.9)) * random.uniform(0.05, 0.5)
        np.add.at(ring, (random.integers(frames) + np.arange(len(drop))) % frames, drop)
    return ring


def wind(frames: int, random: np.random.Generator) -> Signal:
    """Gusts in leaves: two bands of noise that rise and fall at different times."""
    low = noise(frames, random, 120, 600, 0.5) * swell(frames, 2, 0.0, 0.3)[:, None]
    leaves = noise(frames, random, 1500, 6000, 0.5) * swell(frames, 3, 0.4, 0.1, 3.0)[:, None]
    return np.asarray(low + 0.35 * leaves)


def tone(hz: float, seconds: float, decay_seconds: float) -> Signal:
    """A struck sine that dies away; one channel, with an attack of 2 ms against the click."""
    t = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(np.sin(2 * np.pi * hz * t) * np.exp(-t / decay_seconds) * np.minimum(t / 0.002, 1))


def bell(hz: float, seconds: float) -> Signal:
    """A church bell: the partials of a cast bell over its hum note, the high ones dying first."""
    partials = ((0.5, 0.5), (1.0, 0.9), (1.2, 0.7), (1.5, 0.4), (2.0, 1.0), (2.51, 0.4), (3.01, 0.3), (4.1, 0.2))
    struck = sum(loud * tone(hz * ratio, seconds, seconds / (2 + 1.6 * ratio)) for ratio, loud in partials)
    return stereo(np.asarray(struck))


def glide(hz: Signal, loudness: Signal, overtones: tuple[float, ...] = (1.0,)) -> Signal:
    """A voice whose pitch follows `hz`, frame by frame; one channel."""
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    return np.asarray(loudness * sum(loud * np.sin(n * phase) for n, loud in enumerate(overtones, start=1)))


def arch(seconds: float, sharpness: float = 1.0) -> Signal:
    """A loudness that rises from nothing and falls back to it."""
    return np.asarray(np.sin(np.pi * np.linspace(0, 1, int(seconds * RATE))) ** sharpness)


def chirp(random: np.random.Generator) -> Signal:
    """One note of a small bird, somewhere around the listener."""
    loudness = arch(random.uniform(0.05, 0.16), 1.5)
    start, end = random.uniform(2600, 4800, size=2)
    return stereo(glide(np.linspace(start, end, len(loudness)), loudness), random.uniform(-0.8, 0.8))


def gull(random: np.random.Generator) -> Signal:
    """One cry of a gull: up, and a long way down."""
    loudness = arch(random.uniform(0.35, 0.6), 0.6)
    way = np.linspace(0, 1, len(loudness))
    hz = random.uniform(1000, 1250) * (0.75 + 0.5 * np.sin(np.pi * way) * (1 - 0.4 * way))
    return stereo(glide(hz, loudness, (1.0, 0.6, 0.4, 0.2)), random.uniform(-0.8, 0.8))


def horn(hz: float, seconds: float) -> Signal:
    """A ship's horn, two notes a fourth apart."""
    loudness = np.minimum(arch(seconds) * 4, 1)
    steady = np.full(len(loudness), hz)
    overtones = tuple(1 / n for n in range(1, 12))
    return stereo(glide(steady, loudness, overtones) + glide(steady * 4 / 3, loudness, overtones))


def tram_bell(strokes: int) -> Signal:
    """A tram's warning: quick strokes on a small bell."""
    ring = np.zeros(int(RATE * (0.22 * strokes + 1.2)))
    for stroke in range(strokes):
        start = int(stroke * 0.22 * RATE)
        struck = sum(tone(hz, 1.2, 0.25) * loud for hz, loud in ((1480, 1.0), (3110, 0.5), (4220, 0.25)))
        ring[start : start + len(struck)] += struck
    return stereo(ring, 0.2)
