"""What plays next on a track: who may be heard, who was heard lately, and who goes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from audio_engine.planner.grid import granules_of
from audio_engine.planner.history import NO_HISTORY, SessionHistory
from audio_engine.planner.memory import Memory
from audio_engine.soundscape import Ordering, RepeatMode, Soundscape, TimedAsset, TimedPriority, Track
from backend.hearing.assets import Integers, Mask
from backend.hearing.eligibility import lasting_obstacles
from backend.hearing.listener import Listener
from backend.hearing.nearness import near
from backend.ids import AssetId, AudiotrackId

# Reference 4.11: how long an asset is not repeated when its track does not say.
DEFAULT_BAN_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Choice:
    """An asset by its index, and the timing that let it play, if one did."""

    index: int
    timing: TimedAsset | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When a choice is made: the granule, the stream's own time, and who plays already or is about to."""

    granule: int
    elapsed_seconds: float
    busy: frozenset[AssetId]


class Director:
    """Chooses for one session. Asks all assets at once, and only when something has changed."""

    def __init__(
        self, soundscape: Soundscape, listener: Listener, *, history: SessionHistory = NO_HISTORY, granule: int = 0
    ) -> None:
        self._memory = Memory.of(history, soundscape.assets, granule=granule)
        self.soundscape = soundscape
        self._listener = listener
        self.replace_soundscape(soundscape)

    def replace_soundscape(self, soundscape: Soundscape) -> None:
        """Choose from this one, and remember what was heard of the other."""
        self.soundscape = soundscape
        self._memory = self._memory.carried_to(soundscape.assets.ids)
        self._track_masks: dict[AudiotrackId, Mask] = {
            track.id: soundscape.assets.meet(soundscape.tag_rule.demands(track.tag_ids)) for track in soundscape.tracks
        }
        self._ask_lasting()
        self._ask_near()

    def listener_moved(self, listener: Listener) -> None:
        """Choose for where the listener is now. Leaving an asset's range lets it play again."""
        self._listener = listener
        self._ask_near()

    def listener_chose(self, listener: Listener) -> None:
        """Choose by the listener's tags of now. Who cannot walk away asks anew by choosing."""
        self._listener = listener
        self._ask_lasting()
        if not listener.is_geo:
            self._memory.is_heard[:] = False

    def choose(self, track: Track, moment: Moment, *, wish: AssetId | None, random: Random) -> Choice | None:
        """The next asset for the track, or None; the wished one when it is still among those that go first."""
        wished = None if wish is None else self.soundscape.assets.index_of(wish)
        for group, timings in self._groups(track, self._fit(track, moment), moment):
            if group.any():
                index = wished if wished is not None and group[wished] else self._first(group, random)
                return Choice(index, timings.get(index))
        return None

    def started(self, choice: Choice, *, granule: int) -> None:
        """The choice plays from this granule on."""
        memory = self._memory
        memory.plays[choice.index] += 1
        memory.last_started[choice.index] = granule
        memory.is_heard[choice.index] = self._near[choice.index]
        if choice.timing is not None:
            memory.timings.add(choice.timing)

    def set_aside(self, index: int, *, until: int) -> None:
        """Choose others until then: the sound of this one is not to be had."""
        self._memory.aside_until[index] = until

    def remaining(self, moment: Moment) -> int:
        """How many assets some track might start now: what old players are told as what remains (reference 4.10)."""
        here = self._near & ~self._memory.is_heard
        here[list(self._timings(moment.elapsed_seconds))] = True
        waiting = [self._fit(track, moment) & here for track in self.soundscape.tracks if track.is_active]
        return int(np.any(waiting, axis=0).sum()) if waiting else 0

    def requested(self, asset_id: AssetId) -> Choice | None:
        """An asset that the listener asked for, whatever bans it; None when the project has none such that sounds."""
        index = self.soundscape.assets.index_of(asset_id)
        return None if index is None or not self.soundscape.assets.is_playable[index] else Choice(index)

    def is_known(self, asset_id: AssetId) -> bool:
        """Whether the asset still belongs to what people may hear."""
        index = self.soundscape.assets.index_of(asset_id)
        return index is not None and bool(self.soundscape.assets.is_submitted[index])

    def _ask_lasting(self) -> None:
        self._is_open = lasting_obstacles(self.soundscape.assets, self._listener, self.soundscape.tag_rule) == 0

    def _ask_near(self) -> None:
        self._near = near(self.soundscape.assets, self._listener, radius_metres=self.soundscape.recording_radius_metres)
        self._memory.is_heard &= self._near

    def _fit(self, track: Track, moment: Moment) -> Mask:
        memory = self._memory
        ban = granules_of(track.banned_seconds or DEFAULT_BAN_SECONDS)
        fit: Mask = (
            self._is_open
            & self._track_masks[track.id]
            & (memory.last_started <= moment.granule - ban)
            & (memory.aside_until <= moment.granule)
        )
        for asset_id in moment.busy:
            index = self.soundscape.assets.index_of(asset_id)
            if index is not None:
                fit[index] = False
        return fit

    def _groups(self, track: Track, fit: Mask, moment: Moment) -> Iterator[tuple[Mask, dict[int, TimedAsset]]]:
        """Who may play, the preferred ones first."""
        priority = track.timed_priority
        if priority is TimedPriority.NORMAL:
            first = self.soundscape.timed_assets_first
            priority = TimedPriority.HIGHEST if first else TimedPriority.LOWEST
        timings = {} if priority is TimedPriority.DISCARD else self._timings(moment.elapsed_seconds)
        timed = np.zeros(len(fit), dtype=np.bool_)
        timed[list(timings)] = True
        if priority is TimedPriority.HIGHEST:
            yield fit & timed, timings
        yield self._near_and_new(fit), {}
        if priority is TimedPriority.LOWEST:
            yield fit & timed, timings

    def _timings(self, elapsed_seconds: float) -> dict[int, TimedAsset]:
        """The timed assets of now by index; each of them plays once."""
        timings = {}
        for timing in self.soundscape.timed_assets:
            is_now = timing.start_seconds <= elapsed_seconds <= timing.end_seconds
            index = self.soundscape.assets.index_of(timing.asset_id) if is_now else None
            if index is not None and timing not in self._memory.timings:
                timings[index] = timing
        return timings

    def _near_and_new(self, fit: Mask) -> Mask:
        here = fit & self._near
        new = here & ~self._memory.is_heard
        if new.any() or self.soundscape.repeat_mode is RepeatMode.STOP:
            return new
        self._memory.is_heard[:] = False
        return here

    def _first(self, group: Mask, random: Random) -> int:
        """The foremost by the project's ordering; of equals the least played, then by chance or the youngest."""
        indices = np.flatnonzero(group)
        assets, plays = self.soundscape.assets, self._memory.plays
        if self.soundscape.ordering is Ordering.RANDOM:
            least_played = _least(indices, plays)
            return int(least_played[random.randrange(len(least_played))])
        ranks = assets.likes if self.soundscape.ordering is Ordering.BY_LIKE else assets.weights
        return int(_least(_least(indices, -ranks), plays)[-1])


def _least(indices: NDArray[np.intp], values: Integers) -> NDArray[np.intp]:
    """Those of the indices whose value is the least."""
    chosen = values[indices]
    least: NDArray[np.intp] = indices[chosen == chosen.min()]
    return least
