"""The loops that the zones of the sound walk play, each a ring: what runs over its end is heard at its start."""

import numpy as np

from demo.build import synthesis
from demo.build.signal import RATE, Signal, faded, mix_into, sample

SECONDS = 12
FRAMES = SECONDS * RATE


def silence() -> Signal:
    """An empty ring."""
    return np.zeros((FRAMES, 2))


def layers(name: str, speeds: tuple[float, ...], every_seconds: float, fade_seconds: float) -> Signal:
    """A pad: one sample again and again at several speeds, each entry fading over the one before."""
    ring = silence()
    for index, at in enumerate(np.arange(0, SECONDS, every_seconds)):
        once = sample(name, speeds[index % len(speeds)])
        mix_into(ring, faded(once, fade_seconds, fade_seconds), at)
    return ring / np.sqrt((ring**2).mean())


def senate(random: np.random.Generator) -> Signal:
    """A choir that never breathes, the air of a wide square, a far bell."""
    ring = layers("ambi_choir", (0.5, 0.75, 0.667), 0.6667, 0.6)
    ring += 0.1 * synthesis.noise(FRAMES, random, 200, 4000, 0.4)
    mix_into(ring, synthesis.bell(196, 6), 3.0, -8)
    return ring


def esplanade(random: np.random.Generator) -> Signal:
    """A piano somewhere in the park, and the fountain."""
    ring = layers("ambi_piano", (1.0, 0.75, 1.0, 0.667), 1.5, 0.3)
    return np.asarray(ring + 0.12 * synthesis.noise(FRAMES, random, 700, 5000, 0.4))


def market(random: np.random.Generator) -> Signal:
    """The harbour basin under gulls."""
    ring = synthesis.sea(FRAMES, random, waves=3)
    for at in (0.8, 1.3, 1.9, 6.2, 6.9, 11.0):
        mix_into(ring, synthesis.gull(random), at, -9)
    return ring


def bay(random: np.random.Generator) -> Signal:
    """Small waves against stone."""
    return synthesis.sea(FRAMES, random, waves=7)


def park(random: np.random.Generator) -> Signal:
    """Wind in old trees, with birds."""
    ring = 0.7 * synthesis.wind(FRAMES, random)
    for at in random.uniform(0, SECONDS, size=14):
        for note in range(random.integers(2, 6)):
            mix_into(ring, synthesis.chirp(random), at + 0.17 * note, random.uniform(-20, -8))
    return ring


def reeds(random: np.random.Generator) -> Signal:
    """Open wind over a lawn and a bay, nearly a drone."""
    return np.asarray(synthesis.wind(FRAMES, random) + 0.4 * layers("ambi_drone", (0.5, 0.75), 3.0, 1.5))


def glasshouse(random: np.random.Generator) -> Signal:
    """Rain on the glass roof, and the glass itself."""
    return np.asarray(synthesis.rain(FRAMES, random, drops=260) + 0.25 * layers("ambi_glass_hum", (0.5,), 6.0, 3.0))


def station(random: np.random.Generator) -> Signal:
    """A hall: the rumble of trains, wheels over joints, a chime."""
    ring = synthesis.noise(FRAMES, random, 40, 250, 0.6) + 0.2 * synthesis.noise(FRAMES, random, 400, 5000, 0.4)
    for at in np.arange(0.5, SECONDS, 2.0):
        for joint in (0.0, 0.18):
            mix_into(ring, sample("drum_tom_lo_hard", 1.4), at + joint, -10)
    for index, hz in enumerate((523.25, 659.25, 783.99)):
        mix_into(ring, synthesis.stereo(synthesis.tone(hz, 2.5, 0.7)), 9.0 + 0.45 * index, -8)
    return ring


def square(random: np.random.Generator) -> Signal:
    """A theatre's open door: an orchestra that only tunes."""
    return np.asarray(layers("ambi_lunar_land", (1.0, 0.75), 4.0, 1.5) + 0.2 * layers("ambi_swoosh", (0.5,), 3.0, 0.5))


def trams(random: np.random.Generator) -> Signal:
    """Rails and traffic, and the trams' bells."""
    ring = synthesis.noise(FRAMES, random, 60, 900, 0.7) * synthesis.swell(FRAMES, 2, 0.3, 0.25)[:, None]
    mix_into(ring, synthesis.tram_bell(2), 2.0, -12)
    mix_into(ring, synthesis.tram_bell(3), 9.5, -14)
    return ring


def kiasma(random: np.random.Generator) -> Signal:
    """New art, new library: an electric hum with sparks."""
    ring = layers("ambi_haunted_hum", (1.0, 0.75), 4.0, 2.0)
    for at in random.uniform(0, SECONDS, size=10):
        mix_into(ring, sample("elec_chime", random.choice([0.5, 0.75, 1.0])), at, -12)
    return ring


def churchyard(random: np.random.Generator) -> Signal:
    """Slow glass for a quiet park."""
    return np.asarray(layers("ambi_glass_rub", (0.5, 0.375), 3.0, 1.5) + 0.15 * synthesis.wind(FRAMES, random))


def barracks(random: np.random.Generator) -> Signal:
    """A drum on an empty parade ground."""
    ring = 0.08 * synthesis.noise(FRAMES, random, 200, 2000, 0.7)
    for beat in np.arange(0, SECONDS, 1.5):
        for step, db in ((0.0, 0), (0.75, -4), (1.125, -8)):
            mix_into(ring, sample("drum_tom_lo_soft", 0.9), beat + step, db)
    mix_into(ring, sample("drum_roll", 0.8), 9.0, -10)
    return ring


BEDS = (
    senate,
    esplanade,
    market,
    bay,
    park,
    reeds,
    glasshouse,
    station,
    square,
    trams,
    kiasma,
    churchyard,
    barracks,
)
