"""What plays next on a track: of those who may be heard, who was not heard lately, and who goes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from audio_engine.planner.grid import NEVER, granules_of
from audio_engine.planner.history import NO_HISTORY, SessionHistory
from audio_engine.planner.memory import Memory
from audio_engine.planner.prospects import Prospects, holds
from audio_engine.planner.timetable import Timetable
from audio_engine.soundscape import Ordering, RepeatMode, Soundscape, TimedAsset, TimedPriority, Track
from backend.geo.shapes import Indices
from backend.hearing.assets import Integers, Mask
from backend.hearing.eligibility import Obstacle
from backend.hearing.listener import Listener
from backend.ids import AssetId


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
    """Chooses for one session."""

    def __init__(
        self, soundscape: Soundscape, listener: Listener, *, history: SessionHistory = NO_HISTORY, granule: int = 0
    ) -> None:
        self.memory = Memory.of(history, soundscape, granule=granule)
        self.prospects = Prospects(soundscape, listener)
        self._timetable = Timetable(soundscape.timed_assets)
        self.memory.forget_left(self.prospects.kept)

    @property
    def soundscape(self) -> Soundscape:
        """What is chosen from."""
        return self.prospects.soundscape

    def replace_soundscape(self, soundscape: Soundscape) -> None:
        """Choose from this one, and remember what was heard of the other."""
        self.memory = self.memory.carried_to(soundscape.assets.ids)
        self.prospects = Prospects(soundscape, self.prospects.listener)
        self._timetable = Timetable(soundscape.timed_assets)
        self.memory.forget_left(self.prospects.kept)

    def listener_moved(self, listener: Listener) -> bool:
        """Choose for where the listener is now; returns whether others are near. Who was left may play again."""
        has_changed = self.prospects.move(listener)
        if has_changed:
            self.memory.forget_left(self.prospects.kept)
        return has_changed

    def listener_chose(self, listener: Listener) -> None:
        """Choose by the listener's tags and language of now. Who cannot walk away asks anew by choosing."""
        self.prospects.choose(listener)
        if not listener.is_geo:
            self.memory.is_heard[:] = False

    def listener_blocked(self, listener: Listener) -> None:
        """Choose none of what the listener has blocked by now."""
        self.prospects.choose(listener)

    def choose(self, track: Track, moment: Moment, *, wish: AssetId | None, random: Random) -> Choice | None:
        """The next asset for the track, or None; the wished one when it is still among those that go first."""
        wished = None if wish is None else self.soundscape.assets.index_of(wish)
        timings = self.timings(moment.elapsed_seconds)
        for group in self._groups(track, timings, moment):
            if len(group):
                is_possible = wished is not None and holds(group, wished)
                index = wished if wished is not None and is_possible else self._first(group, random)
                return Choice(index, timings.get(index))
        return None

    def next_chance(self, track: Track, moment: Moment) -> int:
        """At which granule to choose again where there was none, should nothing else change until then."""
        here, memory = self.prospects.of(track), self.memory
        free = np.maximum(memory.last_started[here] + ban_granules(track), memory.aside_until[here])
        chances = free[free > moment.granule].tolist()
        start = self._timetable.next_after(moment.elapsed_seconds)
        if start is not None:
            chances.append(moment.granule + granules_of(start - moment.elapsed_seconds) + 1)
        return min(chances, default=NEVER)

    def started(self, choice: Choice, *, granule: int) -> None:
        """The choice plays from this granule on."""
        memory = self.memory
        memory.plays[choice.index] += 1
        memory.last_started[choice.index] = granule
        memory.is_heard[choice.index] |= self.prospects.is_near(choice.index)
        if choice.timing is not None:
            memory.timings.add(choice.timing)

    def set_aside(self, index: int, *, until: int) -> None:
        """Choose others until then: the sound of this one is not to be had."""
        self.memory.aside_until[index] = until

    def remaining(self, moment: Moment) -> int:
        """How many assets some track might start now: what old players are told as what remains (reference 4.10)."""
        waiting: set[int] = set()
        timings = self.timings(moment.elapsed_seconds)
        for track in self.soundscape.tracks:
            if track.is_active:
                fit = self.fit(self.prospects.of(track), track, moment).tolist()
                waiting.update(index for index in fit if index in timings or not self.memory.is_heard[index])
        return len(waiting)

    def requested(self, asset_id: AssetId) -> Choice | None:
        """An asset that was asked for, whatever bans it; None when it is blocked, or the project has none that sounds.

        It needs nobody's approval: a contributor hears their own at once.
        """
        index = self.soundscape.assets.index_of(asset_id)
        if index is None or self._obstacle(index) & (Obstacle.NOT_PLAYABLE | Obstacle.BLOCKED):
            return None
        return Choice(index)

    def is_blocked(self, asset_id: AssetId) -> bool:
        """Whether the listener does not want to hear it, ever."""
        return asset_id in self.prospects.listener.blocked_asset_ids

    def resumable(self, track: Track, asset_id: AssetId, moment: Moment) -> Choice | None:
        """An asset that the listener went away from; None while they are not back, or another track has it."""
        index = self.soundscape.assets.index_of(asset_id)
        if index is None or asset_id in moment.busy or not holds(self.prospects.of(track), index):
            return None
        return Choice(index) if self.memory.aside_until[index] <= moment.granule else None

    def suits(self, track: Track, asset_id: AssetId) -> bool:
        """Whether an asset that plays on the track is still in its and the listener's tags, and in range."""
        index = self.soundscape.assets.index_of(asset_id)
        return index is not None and self.prospects.suits(track, index)

    def may_sound(self, asset_id: AssetId) -> bool:
        """Whether the asset still belongs to what this listener may hear at all."""
        index = self.soundscape.assets.index_of(asset_id)
        return index is not None and not self._obstacle(index) & (Obstacle.NOT_SUBMITTED | Obstacle.BLOCKED)

    def timings(self, elapsed_seconds: float) -> dict[int, TimedAsset]:
        """The timed assets of now by index; each of them plays once."""
        entries = ((self.soundscape.assets.index_of(one.asset_id), one) for one in self._timetable.at(elapsed_seconds))
        return {index: one for index, one in entries if index is not None and one not in self.memory.timings}

    def timed_priority(self, track: Track) -> TimedPriority:
        """The track's word, else the project's."""
        if track.timed_priority is not TimedPriority.NORMAL:
            return track.timed_priority
        return TimedPriority.HIGHEST if self.soundscape.timed_assets_first else TimedPriority.LOWEST

    def fit(self, indices: Indices, track: Track, moment: Moment) -> Indices:
        """Those of them that no ban of time keeps from the track."""
        ban = ban_granules(track)
        are_fit = self.memory.are_rested(indices, ban=ban, granule=moment.granule)
        are_fit &= self.memory.are_at_hand(indices, granule=moment.granule)
        for asset_id in moment.busy:
            are_fit &= self.soundscape.assets.ids[indices] != asset_id
        return indices[are_fit]

    def untimed(self, track: Track, moment: Moment) -> Indices:
        """All that the track may play here whose time it is not, whatever bans it."""
        here = self.prospects.of(track)
        return here[~np.isin(here, list(self.timings(moment.elapsed_seconds)))]

    def unheard(self, fit: Indices) -> Indices:
        """Those that were not heard here; when there are none and the project repeats, all of them."""
        new = fit[~self.memory.is_heard[fit]]
        return fit if not len(new) and self.soundscape.repeat_mode is RepeatMode.CONTINUOUS else new

    def _obstacle(self, index: int) -> int:
        return int(self.prospects.obstacles[index])

    def _groups(self, track: Track, timings: dict[int, TimedAsset], moment: Moment) -> Iterator[Indices]:
        """Who may play, the preferred ones first."""
        here, priority = self.prospects.of(track), self.timed_priority(track)
        if not timings:
            yield self._untimed(here, track, moment)
            return
        is_timed = np.isin(here, list(timings))
        if priority is TimedPriority.HIGHEST:
            yield self.fit(here[is_timed], track, moment)
        yield self._untimed(here[~is_timed], track, moment)
        if priority is TimedPriority.LOWEST:
            yield self.fit(here[is_timed], track, moment)

    def _untimed(self, here: Indices, track: Track, moment: Moment) -> Indices:
        fit = self.fit(here, track, moment)
        group = self.unheard(fit)
        if len(group) and self.memory.is_heard[group[0]]:
            # All was heard that is here: the next round begins, also for those whose time has not come yet.
            self.memory.is_heard[here] = False
        return group

    def _first(self, group: Indices, random: Random) -> int:
        """The foremost by the project's ordering; of equals the least played, then by chance or the youngest."""
        assets, plays = self.soundscape.assets, self.memory.plays
        if self.soundscape.ordering is Ordering.RANDOM:
            least_played = _least(group, plays)
            return int(least_played[random.randrange(len(least_played))])
        ranks = assets.likes if self.soundscape.ordering is Ordering.BY_LIKE else assets.weights
        return int(_least(_least(group, -ranks), plays)[-1])


def ban_granules(track: Track) -> int:
    """How long the track does not repeat an asset."""
    return granules_of(track.banned_seconds)


def _least(indices: Indices, values: Integers) -> Indices:
    """Those of the indices whose value is the least."""
    chosen = values[indices]
    are_least: Mask = chosen == chosen.min()
    return indices[are_least]
