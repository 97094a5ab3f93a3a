"""What a session remembers of its assets: who was heard when, and who shall not be heard again yet."""

from dataclasses import dataclass, field

import numpy as np

from audio_engine.planner.grid import seconds_of
from audio_engine.planner.history import SessionHistory
from audio_engine.soundscape import Soundscape, TimedAsset
from backend.geo.shapes import Indices
from backend.hearing.assets import Integers, Mask

# Before any stream, by more than any ban.
LONG_AGO = -(1 << 62)


@dataclass(slots=True, eq=False)
class Memory:
    """Arrays in the order of `ids`; times are granules."""

    ids: Integers
    plays: Integers
    last_started: Integers
    # Set aside: its source is broken or slow, so ask for another until this granule.
    aside_until: Integers
    # Heard here: it plays again only after the listener has been away.
    is_heard: Mask
    timings: set[TimedAsset] = field(default_factory=set)

    @classmethod
    def empty(cls, ids: Integers) -> "Memory":
        """Nothing was heard."""
        count = len(ids)
        return cls(
            ids=ids,
            plays=np.zeros(count, dtype=np.int64),
            last_started=np.full(count, LONG_AGO, dtype=np.int64),
            aside_until=np.full(count, LONG_AGO, dtype=np.int64),
            is_heard=np.zeros(count, dtype=np.bool_),
        )

    @classmethod
    def of(cls, history: SessionHistory, soundscape: Soundscape, *, granule: int) -> "Memory":
        """What a session that begins at this granule remembers."""
        memory = cls.empty(soundscape.assets.ids)
        for heard in history.plays:
            index = soundscape.assets.index_of(heard.asset_id)
            if index is not None:
                memory.plays[index] += 1
                memory.last_started[index] = max(memory.last_started[index], granule - heard.granules_ago)
                memory.is_heard[index] = True
            elapsed = seconds_of(history.elapsed_granules - heard.granules_ago)
            memory.timings.update(
                timing
                for timing in soundscape.timed_assets
                if timing.asset_id == heard.asset_id and timing.start_seconds <= elapsed <= timing.end_seconds
            )
        return memory

    def carried_to(self, ids: Integers) -> "Memory":
        """The same memory over other assets: new ones have none, those that are gone take theirs along."""
        if np.array_equal(self.ids, ids):
            return self
        moved = Memory.empty(ids)
        # Both ascend.
        places = np.minimum(np.searchsorted(ids, self.ids), max(len(ids) - 1, 0))
        here = np.flatnonzero(ids[places] == self.ids) if len(ids) else np.empty(0, dtype=np.intp)
        there = places[here]
        moved.plays[there] = self.plays[here]
        moved.last_started[there] = self.last_started[here]
        moved.aside_until[there] = self.aside_until[here]
        moved.is_heard[there] = self.is_heard[here]
        moved.timings = self.timings
        return moved

    def are_rested(self, indices: Indices, *, ban: int, granule: int) -> Mask:
        """Whether each was last started at least `ban` granules ago."""
        return self.last_started[indices] <= granule - ban

    def are_at_hand(self, indices: Indices, *, granule: int) -> Mask:
        """Whether each is not set aside."""
        return self.aside_until[indices] <= granule

    def forget_left(self, kept: Indices) -> None:
        """The listener has gone away from all but these: they play again when the listener comes back."""
        stay = self.is_heard[kept]
        self.is_heard[:] = False
        self.is_heard[kept] = stay
