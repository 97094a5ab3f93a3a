"""The peaks of a sound, made as coarse as a screen needs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.errors import InvalidInput

MOST_POINTS = 4_000
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Waveform:
    """The lowest and the highest sample of equal stretches of a sound, -1..1, both of one length."""

    minima: list[float]
    maxima: list[float]
    duration_seconds: float


def checked_points(points: int) -> int:
    """Raises InvalidInput."""
    if not 1 <= points <= MOST_POINTS:
        raise InvalidInput(f"Must be between 1 and {MOST_POINTS}.", field="points")
    return points


def waveform(stored: Mapping[str, Any], *, points: int) -> Waveform:
    """At most so many points of peaks in the JSON form of audiowaveform, version 2; all channels as one.

    Its `data` holds a lowest and a highest value for every channel of every pixel, as integers of `bits`.
    """
    whole = 2.0 ** (stored["bits"] - 1)
    peaks = np.asarray(stored["data"], dtype=np.float64).reshape(stored["length"], stored["channels"], 2) / whole
    lowest, highest = peaks[:, :, 0].min(axis=1), peaks[:, :, 1].max(axis=1)
    count = min(points, len(peaks))
    starts = np.arange(count) * len(peaks) // max(count, 1)
    return Waveform(
        minima=_coarse(np.minimum, lowest, starts),
        maxima=_coarse(np.maximum, highest, starts),
        duration_seconds=stored["length"] * stored["samples_per_pixel"] / stored["sample_rate"],
    )


def _coarse(extreme: np.ufunc, values: "np.ndarray[Any, np.dtype[np.float64]]", starts: Any) -> list[float]:
    if not len(starts):
        return []
    coarse: list[float] = np.round(extreme.reduceat(values, starts), DIGITS).tolist()
    return coarse
