"""One track of one session: dead air, an asset, dead air, an asset."""

from dataclasses import dataclass, field
from random import Random

from audio_engine.planner.clip import Clip, draw_fade_out
from audio_engine.planner.grid import NEVER, granules_of
from audio_engine.soundscape import Track
from backend.ids import AssetId


@dataclass(frozen=True, slots=True)
class Wish:
    """An asset whose sound is being prepared for the track, since this granule."""

    asset_id: AssetId
    since: int


@dataclass(slots=True, eq=False)
class Player:
    """What a track does now. `due` is the granule of its next change: the clip's end, or the next try to start one."""

    track: Track
    clip: Clip | None = None
    wish: Wish | None = None
    # An asset that the listener asked for, which it plays before all others.
    request: AssetId | None = None
    # What it plays was asked for.
    plays_request: bool = False
    # It wanted to start an asset and there was none.
    is_hungry: bool = False
    # Its next asset starts without dead air.
    is_leading: bool = False
    # Its track is gone: it plays its asset out and never starts another.
    is_retired: bool = False
    _waiting_until: int = field(default=NEVER)

    @property
    def due(self) -> int:
        """NEVER while it may not start anything."""
        return self._waiting_until if self.clip is None else self.clip.end

    @property
    def asset_id(self) -> AssetId | None:
        """What it plays, or is about to."""
        if self.clip is not None:
            return self.clip.passage.asset_id
        if self.request is not None:
            return self.request
        return self.wish.asset_id if self.wish is not None else None

    def play(self, clip: Clip) -> None:
        """Play this until it ends."""
        self.clip = clip
        self.plays_request = self.request == clip.passage.asset_id
        self.request = self.wish = None
        self.is_hungry = self.is_leading = False

    def try_at(self, granule: int) -> None:
        """Start an asset at this granule, when none plays."""
        self._waiting_until = granule

    def lead(self, granule: int) -> None:
        """Start the next asset as soon as the track is silent."""
        self.is_leading = True
        if self.clip is None:
            self.try_at(granule)

    def rest(self, granule: int, random: Random) -> None:
        """Be silent for as long as the track's dead air draws."""
        dead_air = self.track.dead_air_seconds.at(random.random())
        self.try_at(granule + max(granules_of(dead_air), 0))

    def stop_waiting(self) -> None:
        """Start nothing until told otherwise; what was asked for is forgotten."""
        self._waiting_until = NEVER
        self.request = None
        self.wish = None
        self.is_hungry = False

    def fade_out(self, granule: int, random: Random) -> None:
        """Let what plays end within the track's fade out."""
        if self.clip is not None:
            self.clip.fade_out(draw_fade_out(self.track, random), granule=granule)
