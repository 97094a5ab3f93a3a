"""What one session has heard, asset by asset, and what it shall not hear again yet."""

from dataclasses import dataclass, field

import numpy as np

from audio_engine.planner.history import SessionHistory
from audio_engine.soundscape import TimedAsset
from backend.hearing.assets import AssetField, Integers, Mask

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
    def of(cls, history: SessionHistory, assets: AssetField, *, granule: int) -> "Memory":
        """What a session that begins at this granule remembers."""
        memory = cls.empty(assets.ids)
        for heard in history.plays:
            index = assets.index_of(heard.asset_id)
            if index is not None:
                memory.plays[index] += 1
                memory.last_started[index] = max(memory.last_started[index], granule - heard.granules_ago)
                memory.is_heard[index] = True
        return memory

    def carried_to(self, ids: Integers) -> "Memory":
        """The same memory over other assets: new ones have none, those that are gone take theirs along."""
        moved = Memory.empty(ids)
        _, here, there = np.intersect1d(self.ids, ids, assume_unique=True, return_indices=True)
        moved.plays[there] = self.plays[here]
        moved.last_started[there] = self.last_started[here]
        moved.aside_until[there] = self.aside_until[here]
        moved.is_heard[there] = self.is_heard[here]
        moved.timings = self.timings
        return moved
