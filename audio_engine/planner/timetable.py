"""The timed assets of a project by their time."""

from collections.abc import Sequence

import numpy as np

from audio_engine.soundscape import TimedAsset


class Timetable:
    """Asked for every start of an asset, so it does not ask every entry one by one."""

    def __init__(self, entries: Sequence[TimedAsset]) -> None:
        self._entries = entries
        self._starts = np.array([entry.start_seconds for entry in entries], dtype=np.float64)
        self._ends = np.array([entry.end_seconds for entry in entries], dtype=np.float64)

    def at(self, elapsed_seconds: float) -> list[TimedAsset]:
        """Those whose time it is."""
        if not self._entries:
            return []
        are_now = (self._starts <= elapsed_seconds) & (elapsed_seconds <= self._ends)
        return [self._entries[index] for index in np.flatnonzero(are_now).tolist()]

    def next_after(self, elapsed_seconds: float) -> float | None:
        """When the time of another one comes."""
        later = self._starts[self._starts > elapsed_seconds]
        return float(later.min()) if len(later) else None
