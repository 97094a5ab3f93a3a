"""All tracks of one session: who starts, who ends, who waits; every change at its own granule."""

import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from random import Random

from audio_engine.planner.casting import Cast, Casting
from audio_engine.planner.clip import Clip, draw_clip, whole
from audio_engine.planner.director import Director, Moment
from audio_engine.planner.grid import NEVER, granules_of, seconds_of
from audio_engine.planner.herald import Herald
from audio_engine.planner.player import Player
from audio_engine.soundscape import Soundscape, Sources, Track, Voice
from backend.ids import AssetId, PlayId

# An asset that may not be heard any more is silent within half a second.
WITHDRAWN_FADE_GRANULES = granules_of(0.4)
MOST_REQUESTS = 8


class Ensemble:
    """Plays assets on tracks. All of its draws come from `random`, in the order of the granules."""

    def __init__(self, director: Director, sources: Sources, *, herald: Herald, random: Random, granule: int) -> None:
        self._director = director
        self._casting = Casting(director, sources)
        self._herald = herald
        self._random = random
        self._players: list[Player] = []
        self._finished: list[Clip] = []
        # What the listener asked for and no track has taken yet.
        self._requests: deque[AssetId] = deque(maxlen=MOST_REQUESTS)
        self._paused_at: int | None = None
        # The zero of timed assets; it moves on while the stream is paused.
        self._began_at = granule
        self._set_tracks(director.soundscape.tracks, granule)

    @property
    def is_paused(self) -> bool:
        """Whether the tracks may start nothing."""
        return self._paused_at is not None

    @property
    def due(self) -> int:
        """The granule of the next change."""
        return min([player.due for player in self._players], default=NEVER)

    def remaining(self, granule: int) -> int:
        """How many assets wait to be heard where the listener is."""
        busy = frozenset(player.asset_id for player in self._players if player.asset_id is not None)
        return self._director.remaining(Moment(granule, seconds_of(granule - self._began_at), busy))

    def step(self) -> None:
        """The one change that is due next."""
        player = min(self._players, key=lambda candidate: candidate.due)
        if player.clip is None:
            self._try_to_start(player, player.due)
        else:
            self._finish(player, player.clip, player.due)

    def voices(self, first: int, granules: int) -> Iterator[Voice]:
        """All clips that sound in this block, which ends where the ensemble has stepped to."""
        playing = [player.clip for player in self._players if player.clip is not None]
        for clip in [*self._finished, *playing]:
            if clip.end > first:
                yield clip.voice(first, granules)

    def forget_finished(self) -> None:
        """The block in which these clips ended is over."""
        self._finished.clear()

    def wake(self, granule: int) -> None:
        """Something changed: who found nothing to play looks again."""
        for player in self._players:
            if player.is_hungry:
                player.try_at(granule)

    def skip(self, granule: int) -> None:
        """Fade all out; one track starts its next asset at once, the others rest before."""
        if self.is_paused:
            return
        for player in self._players:
            player.fade_out(granule, self._random)
            player.is_leading = player.request is not None
        leader = self._quickest()
        if leader is not None:
            leader.lead(granule)

    def request(self, asset_id: AssetId, granule: int) -> None:
        """Play this on one track at once, unless it plays; when it is not known yet or all pause, then later."""
        if asset_id not in self._requests:
            self._requests.append(asset_id)
            self._serve_requests(granule)

    def pause(self, granule: int) -> None:
        """Fade all out and start nothing."""
        self._paused_at = granule
        for player in self._players:
            player.fade_out(granule, self._random)
            if player.request is not None:
                self._requests.append(player.request)
            player.stop_waiting()

    def resume(self, granule: int) -> None:
        """Start assets again, each track after its dead air."""
        if self._paused_at is not None:
            self._began_at += granule - self._paused_at
        self._paused_at = None
        for player in self._players:
            if player.clip is None:
                player.rest(granule, self._random)
        self._serve_requests(granule)

    def replace_soundscape(self, soundscape: Soundscape, *, granule: int) -> None:
        """Go on with these tracks; what was withdrawn fades. The director has the soundscape already."""
        for player in self._players:
            player.wish = None
            if player.clip is not None and not self._may_go_on(player, player.clip.passage.asset_id):
                player.clip.fade_out(WITHDRAWN_FADE_GRANULES, granule=granule)
        self._set_tracks(soundscape.tracks, granule)
        self._serve_requests(granule)
        self.wake(granule)

    def close(self, granule: int) -> None:
        """End all that plays, here."""
        for player in self._players:
            if player.clip is not None:
                self._herald.asset_ended(player.track.id, player.clip, granule=granule)
        self._players.clear()

    def _may_go_on(self, player: Player, asset_id: AssetId) -> bool:
        """Whether it may still be heard: what was asked for needs nobody's approval."""
        asked = player.plays_request and self._director.requested(asset_id) is not None
        return asked or self._director.is_known(asset_id)

    def _quickest(self) -> Player | None:
        """A silent track, else the one that is free soonest; none that has been asked for something."""
        free = [player for player in self._players if not player.is_retired and player.request is None]
        return min(free, key=lambda player: (player.clip is not None, player.due), default=None)

    def _serve_requests(self, granule: int) -> None:
        for asset_id in [] if self.is_paused else list(self._requests):
            player = self._quickest()
            if player is None or self._director.requested(asset_id) is None:
                continue
            self._requests.remove(asset_id)
            if asset_id not in {player.asset_id for player in self._players}:
                player.request = asset_id
                player.fade_out(granule, self._random)
                player.lead(granule)

    def _set_tracks(self, tracks: Iterable[Track], granule: int) -> None:
        """A player a track, in their order; the players of other tracks fade out what they have."""
        known = {player.track.id: player for player in self._players}
        self._players = [self._player(track, known.pop(track.id, None), granule) for track in tracks if track.is_active]
        for player in known.values():
            if player.clip is not None:
                player.fade_out(granule, self._random)
                player.is_retired = True
                self._players.append(player)

    def _player(self, track: Track, player: Player | None, granule: int) -> Player:
        if player is not None:
            player.track = track
            player.is_retired = False
            return player
        player = Player(track)
        if track.starts_with_silence:
            player.rest(granule, self._random)
        else:
            player.try_at(granule)
        if self.is_paused:
            player.stop_waiting()
        return player

    def _try_to_start(self, player: Player, granule: int) -> None:
        others = (other.asset_id for other in self._players if other is not player)
        busy = frozenset(asset_id for asset_id in others if asset_id is not None)
        moment = Moment(granule, seconds_of(granule - self._began_at), busy)
        result = self._casting.cast(player, moment, self._random)
        if isinstance(result, Cast):
            self._start(player, result, granule)
        else:
            player.wish = result.wish
            player.is_hungry = result.wish is None
            player.try_at(granule + result.granules)
        # The track has what it was asked for, or it cannot: what found no track before may have this one now.
        self._serve_requests(granule)

    def _start(self, player: Player, cast: Cast, granule: int) -> None:
        play_id = PlayId(str(uuid.uuid4()))
        track = whole(player.track) if player.request is not None else player.track
        clip = draw_clip(track, cast.passage, play_id=play_id, granule=granule, random=self._random)
        player.play(clip)
        self._director.started(cast.choice, granule=granule)
        self._herald.asset_started(player.track.id, clip)

    def _finish(self, player: Player, clip: Clip, granule: int) -> None:
        self._herald.asset_ended(player.track.id, clip, granule=granule)
        self._finished.append(clip)
        player.clip = None
        if player.is_retired:
            self._players.remove(player)
        elif self.is_paused:
            player.stop_waiting()
        elif player.is_leading:
            player.try_at(granule)
        else:
            player.rest(granule, self._random)
