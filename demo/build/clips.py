"""The short sounds of the sound walk that nobody speaks: bells, birds, doors, a horn."""

import numpy as np

from demo.build import synthesis
from demo.build.signal import RATE, Signal, faded, mix_into, sample


def sequence(seconds: float, *entries: tuple[float, Signal, float]) -> Signal:
    """Sounds one after another on an empty tape: when in seconds, what, how loud in decibels."""
    tape = np.zeros((int(seconds * RATE), 2))
    for at, sound, db in entries:
        mix_into(tape, sound[: len(tape) - int(at * RATE)], at, db)
    return faded(tape, 0.01, min(1.0, seconds / 4))


def cathedral_bells(random: np.random.Generator) -> Signal:
    """Three bells that answer each other."""
    strokes = [(1.1 * n, synthesis.bell((196, 220, 262)[n % 3], 5), 0.0) for n in range(7)]
    return sequence(12, *strokes)


def ship_horn(random: np.random.Generator) -> Signal:
    """A ferry that leaves: one long, one short."""
    return sequence(6, (0.2, synthesis.horn(110, 3.0), 0), (3.8, synthesis.horn(110, 1.2), -3))


def gulls(random: np.random.Generator) -> Signal:
    """A quarrel of gulls over a fish."""
    return sequence(7, *[(at, synthesis.gull(random), random.uniform(-8, 0)) for at in random.uniform(0, 6, size=11)])


def departure(random: np.random.Generator) -> Signal:
    """A chime, and a train that sets off."""
    chime = [(0.45 * n, synthesis.stereo(synthesis.tone(hz, 2, 0.6)), 0.0) for n, hz in enumerate((784, 659, 523))]
    wheels = [(3 + gap, sample("drum_tom_lo_hard", 1.4), -6.0) for gap in 3 * np.sqrt(np.linspace(0.05, 3, 11))]
    return sequence(9, *chime, *wheels)


def tram(random: np.random.Generator) -> Signal:
    """A tram that wants to pass."""
    return sequence(3.5, (0.1, synthesis.tram_bell(2), 0), (1.3, synthesis.tram_bell(3), 0))


def crows(random: np.random.Generator) -> Signal:
    """Crows of the park, near and far."""
    calls = [(at, sample("misc_crow", random.uniform(0.85, 1.1)), random.uniform(-12, 0)) for at in range(6)]
    return sequence(7, *calls)


def hammers(random: np.random.Generator) -> Signal:
    """Three hammers on one anvil, in turn."""
    blows = [(0.5 * n, faded(sample("perc_bell", (2.0, 2.25, 2.5)[n % 3]), 0.0, 0.5), 0.0) for n in range(9)]
    return sequence(6.5, *blows)


def shop_till(random: np.random.Generator) -> Signal:
    """The bell of a shop's door, and its till."""
    ring = [(0.35 * n, synthesis.stereo(synthesis.tone(hz, 2, 0.5)), -6.0) for n, hz in enumerate((1760, 1397))]
    return sequence(5, *ring, (2.0, sample("perc_till"), 0))


def birds(random: np.random.Generator) -> Signal:
    """A blackbird's idea of an evening."""
    songs = [(at + 0.17 * n, synthesis.chirp(random), -3.0) for at in range(8) for n in range(random.integers(2, 6))]
    return sequence(9, *songs)


def drum(random: np.random.Generator) -> Signal:
    """A roll, and the beat that it announces."""
    beats = [(2.6 + 0.6 * n, sample("drum_tom_mid_soft"), 0.0) for n in range(5)]
    return sequence(6.5, (0, sample("drum_roll"), -3), *beats)


def curtain(random: np.random.Generator) -> Signal:
    """The gong before the play."""
    return sequence(8, *[(1.8 * n, sample("perc_bell", 0.6), 3.0 * n) for n in range(3)])


CLIPS = (
    cathedral_bells,
    ship_horn,
    gulls,
    departure,
    tram,
    crows,
    hammers,
    shop_till,
    birds,
    drum,
    curtain,
)
