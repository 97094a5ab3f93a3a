"""The grid of granules that all planned times lie on."""

from datetime import UTC, datetime, timedelta

from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE

GRANULES_PER_SECOND = SAMPLE_RATE / GRANULE_FRAMES
EPOCH = datetime.fromtimestamp(0, UTC)
# Later than any stream lasts.
NEVER = 1 << 62


def granule_at(unix_seconds: float) -> int:
    """The one in which this moment lies: all engines count alike, so a loop is at the same place in each of them."""
    return int(unix_seconds * GRANULES_PER_SECOND)


def utc_of(granule: int) -> datetime:
    """When it begins."""
    return EPOCH + timedelta(seconds=granule / GRANULES_PER_SECOND)


def granules_of(seconds: float) -> int:
    """The nearest number of granules."""
    return round(seconds * GRANULES_PER_SECOND)


def seconds_of(granules: int) -> float:
    """How long so many granules last."""
    return granules / GRANULES_PER_SECOND
