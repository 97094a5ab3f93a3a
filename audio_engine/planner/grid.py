"""The grid of granules that all planned times lie on."""

from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE

GRANULES_PER_SECOND = SAMPLE_RATE / GRANULE_FRAMES
# Later than any stream lasts.
NEVER = 1 << 62


def granules_of(seconds: float) -> int:
    """The nearest number of granules."""
    return round(seconds * GRANULES_PER_SECOND)


def seconds_of(granules: int) -> float:
    """How long so many granules last."""
    return granules / GRANULES_PER_SECOND
