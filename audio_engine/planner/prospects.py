"""Which assets one listener may hear now: open to them by what they chose, near, and admitted by a track."""

import numpy as np

from audio_engine.soundscape import Soundscape, TimedPriority, Track
from backend.geo.shapes import Indices
from backend.hearing.assets import Mask
from backend.hearing.eligibility import Obstacles, lasting_obstacles
from backend.hearing.listener import Listener
from backend.hearing.walking import AssetsOnTheWay
from backend.ids import AudiotrackId


class Prospects:
    """Asks all assets at once, and only when something has changed; indices are those of the soundscape's assets."""

    def __init__(self, soundscape: Soundscape, listener: Listener) -> None:
        assets, rule = soundscape.assets, soundscape.tag_rule
        self.soundscape = soundscape
        self.listener = listener
        self._walk = AssetsOnTheWay(assets, radius_metres=soundscape.recording_radius_metres)
        self._admits = {track.id: assets.meet(rule.demands(track.tag_ids)) for track in soundscape.tracks}
        self._discards = {track.id: _timed(soundscape) for track in soundscape.tracks if _discards(track)}
        self._here: dict[AudiotrackId, Indices] = {}
        self._seen = self._walk.seen_by(listener)
        self.obstacles = self._ask()

    @property
    def kept(self) -> Indices:
        """Those that are near, and those that the listener has not quite left: positions jitter."""
        return self._seen.kept

    def move(self, listener: Listener) -> bool:
        """The listener is there now; returns whether that has changed who is near."""
        self.listener = listener
        seen = self._walk.seen_by(listener)
        if seen is self._seen:
            return False
        self._seen = seen
        self._here.clear()
        return True

    def choose(self, listener: Listener) -> None:
        """The listener has other tags, another language or other blocks now."""
        self.listener = listener
        self.obstacles = self._ask()
        self._here.clear()

    def of(self, track: Track) -> Indices:
        """All that the track may play here, whatever bans it, ascending."""
        here = self._here.get(track.id)
        if here is None:
            near = self._seen.near
            are_possible = self._is_open[near] & self._admits[track.id][near]
            if track.id in self._discards:
                are_possible &= ~self._discards[track.id][near]
            here = self._here[track.id] = near[are_possible]
        return here

    def is_admitted(self, track: Track, index: int) -> bool:
        """Whether the asset carries the track's tags."""
        return bool(self._admits[track.id][index])

    def is_discarded(self, track: Track, index: int) -> bool:
        """Whether the track plays it at no time, because it is a timed asset."""
        return track.id in self._discards and bool(self._discards[track.id][index])

    def is_near(self, index: int) -> bool:
        """Whether the listener is in its range."""
        return holds(self._seen.near, index)

    def suits(self, track: Track, index: int) -> bool:
        """Whether what plays is still in the track's and the listener's tags, and the listener has not left it."""
        return bool(self._is_open[index]) and self.is_admitted(track, index) and holds(self._seen.kept, index)

    def _ask(self) -> Obstacles:
        obstacles = lasting_obstacles(self.soundscape.assets, self.listener, self.soundscape.tag_rule)
        self._is_open: Mask = obstacles == 0
        return obstacles


def _discards(track: Track) -> bool:
    return track.timed_priority is TimedPriority.DISCARD


def _timed(soundscape: Soundscape) -> Mask:
    return np.isin(soundscape.assets.ids, [one.asset_id for one in soundscape.timed_assets])


def holds(indices: Indices, index: int) -> bool:
    """Whether it is one of these, which ascend."""
    place = int(np.searchsorted(indices, index))
    return place < len(indices) and int(indices[place]) == index
