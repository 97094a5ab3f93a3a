"""One track of one session: dead air, an asset, dead air, an asset."""

from dataclasses import dataclass, field
from random import Random

from audio_engine.planner.clip import Clip, Stretch, draw_fade_out
from audio_engine.planner.grid import NEVER, granules_of
from audio_engine.soundscape import Track
from backend.ids import AssetId


@dataclass(frozen=True, slots=True)
class Wish:
    """An asset whose sound is being prepared for the track, since this granule."""

    asset_id: AssetId
    since: int


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of an asset that the listener went away from."""

    asset_id: AssetId
    stretch: Stretch


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
    # Plays as soon as the listener is back, unless another asset was chosen before.
    remainder: Remainder | None = None
    # Its track is gone: it fades out and never starts another.
    is_retired: bool = False
    _waiting_until: int = field(default=NEVER)
    # Where the clip would have ended, had the listener stayed.
    _uninterrupted_end: int | None = None

    @property
    def due(self) -> int:
        """NEVER while it may not start anything."""
        return self._waiting_until if self.clip is None else self.clip.end

    @property
    def claims(self) -> list[AssetId]:
        """What no other track may play: what it plays, is about to, or means to go on with."""
        return self.plans if self.remainder is None else [*self.plans, self.remainder.asset_id]

    @property
    def plans(self) -> list[AssetId]:
        """What it plays, and is about to."""
        playing = None if self.clip is None else self.clip.passage.asset_id
        wished = None if self.wish is None else self.wish.asset_id
        return [asset_id for asset_id in (playing, self.request, wished) if asset_id is not None]

    @property
    def interruptible_clip(self) -> Clip | None:
        """What fades when its listener goes away; what was asked for plays on."""
        is_plain = not self.plays_request and not self.is_retired
        return self.clip if is_plain and self.track.fades_out_when_filtered else None

    @property
    def may_take_request(self) -> bool:
        """Whether what it plays, or is about to, may be asked for: it waits for it, or lets it end."""
        is_ending = self.clip is None or self.clip.is_fading
        return is_ending and self.request is None and not self.is_retired

    def play(self, clip: Clip) -> None:
        """Play this until it ends."""
        self.clip = clip
        self.plays_request = self.request == clip.passage.asset_id
        self.request = self.wish = self.remainder = None
        self.is_hungry = self.is_leading = False

    def finish(self) -> None:
        """The clip has ended; of an interrupted one the rest is kept."""
        clip, end = self.clip, self._uninterrupted_end
        self.clip = self._uninterrupted_end = None
        if clip is not None and end is not None and end > clip.end:
            self.remainder = Remainder(clip.passage.asset_id, clip.rest_until(end))

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

    def interrupt(self, granule: int, random: Random) -> None:
        """Fade out what plays, to go on with it when the listener is back."""
        if self.clip is not None and not self.clip.is_fading:
            self._uninterrupted_end = self.clip.end
            self.fade_out(granule, random)

    def retire(self, granule: int, random: Random) -> None:
        """Play on only until it has faded."""
        self.fade_out(granule, random)
        self.is_retired = True

    def forget_remainder(self) -> None:
        """Do not go on with what was interrupted, or is just being."""
        self.remainder = self._uninterrupted_end = None
