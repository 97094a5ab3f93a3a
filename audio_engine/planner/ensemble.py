"""All tracks of one session: who starts, who ends, who waits; every change at its own granule."""

import uuid
from collections.abc import Iterable
from random import Random

from audio_engine.planner.casting import Cast, Casting
from audio_engine.planner.clip import Clip, draw_clip, draw_stretch, whole
from audio_engine.planner.director import Director, Moment
from audio_engine.planner.grid import granules_of, seconds_of
from audio_engine.planner.herald import Herald
from audio_engine.planner.player import Player
from audio_engine.planner.requests import Requests
from audio_engine.planner.roster import Roster
from audio_engine.soundscape import Soundscape, Sources, Track, Voice
from backend.ids import AssetId, AudiotrackId, PlayId

# An asset that may not be heard any more is silent within half a second.
WITHDRAWN_FADE_GRANULES = granules_of(0.4)


class Ensemble:
    """Plays assets on tracks. All of its draws come from `random`, in the order of the granules."""

    def __init__(
        self,
        director: Director,
        sources: Sources,
        *,
        herald: Herald,
        random: Random,
        granule: int,
        began_at: int,
        is_in_range: bool,
    ) -> None:
        """`began_at` is the stream's own zero, by which timed assets are timed."""
        self._director = director
        self._casting = Casting(director, sources)
        self._herald = herald
        self._random = random
        self._roster = Roster()
        self._finished: list[Clip] = []
        self._requests = Requests(self._roster, director)
        self._paused_at: int | None = None
        self.is_in_range = is_in_range
        # Moves on while the stream is paused.
        self._began_at = began_at
        self._set_tracks(director.soundscape.tracks, granule)

    @property
    def is_paused(self) -> bool:
        """Whether the listener lets the tracks start nothing."""
        return self._paused_at is not None

    @property
    def due(self) -> int:
        """The granule of the next change."""
        return self._roster.due

    def step(self) -> None:
        """The one change that is due next."""
        player = self._roster.next()
        if player.clip is None:
            self._try_to_start(player, player.due)
        else:
            self._finish(player, player.clip, player.due)

    def voices(self, first: int, granules: int) -> list[Voice]:
        """All clips that sound in this block, which ends where the ensemble has stepped to."""
        clips = self._finished + [player.clip for player in self._roster if player.clip is not None]
        return [clip.voice(first, granules) for clip in clips if clip.end > first]

    def clips(self) -> list[tuple[AudiotrackId, Clip]]:
        """What plays, and on which track."""
        return [(player.track.id, player.clip) for player in self._roster if player.clip is not None]

    def forget_finished(self) -> None:
        """The block in which these clips ended is over."""
        self._finished.clear()

    def moment(self, granule: int, *, but: Player | None = None) -> Moment:
        """What the director is to know; `but` is who asks."""
        return Moment(granule, seconds_of(granule - self._began_at), self._roster.claims(but=but))

    def remaining(self, granule: int) -> int:
        """How many assets wait to be heard where the listener is."""
        return self._director.remaining(self.moment(granule))

    def track_playing(self, asset_id: AssetId) -> Track | None:
        """Which track plays the asset, or is about to."""
        return next((player.track for player in self._roster if asset_id in player.claims), None)

    def listener_changed(self, granule: int) -> None:
        """Other assets may be heard now: who found nothing looks again, and what was left behind fades."""
        for player in self._roster:
            clip = player.interruptible_clip
            if clip is not None and not self._director.suits(player.track, clip.passage.asset_id):
                player.interrupt(granule, self._random)
        self.wake(granule)

    def wake(self, granule: int) -> None:
        """Something changed: who found nothing to play looks again, and who was interrupted goes on."""
        for player in self._roster:
            if self._may_start and (player.is_hungry or self._may_go_on(player, granule)):
                player.try_at(granule)

    def skip(self, granule: int) -> None:
        """Fade all out; one track starts its next asset at once, the others rest before."""
        if not self._may_start:
            return
        for player in self._roster:
            player.forget_remainder()
            player.fade_out(granule, self._random)
            player.is_leading = player.request is not None
        leader = self._roster.quickest()
        if leader is not None:
            leader.lead(granule)

    def request(self, asset_id: AssetId, granule: int) -> None:
        """Play this on one track at once, unless it plays; when it is not known yet or all are silent, then later."""
        self._requests.add(asset_id)
        self._serve(granule)

    def pause(self, granule: int) -> None:
        """Fade all out and start nothing."""
        self._paused_at = granule
        for player in self._roster:
            player.fade_out(granule, self._random)
        self._requests.take_back()

    def resume(self, granule: int) -> None:
        """Start assets again, each track after its dead air."""
        if self._paused_at is not None:
            self._began_at += granule - self._paused_at
        self._paused_at = None
        for player in self._roster:
            if player.clip is None and self._may_start:
                player.rest(granule, self._random)
        self._serve(granule)

    def leave_range(self, granule: int) -> None:
        """Fade all out and start nothing, until the listener is back."""
        self.is_in_range = False
        for player in self._roster:
            if player.interruptible_clip is not None:
                player.interrupt(granule, self._random)
            else:
                player.fade_out(granule, self._random)
        self._requests.take_back()

    def enter_range(self, granule: int) -> None:
        """The listener is back: start assets again."""
        self.is_in_range = True
        for player in self._roster:
            if player.clip is None and self._may_start:
                player.try_at(granule)
        self._serve(granule)

    def withdraw(self, granule: int) -> None:
        """Silence what may not be heard any more; what was asked for needs nobody's approval."""
        self._requests.drop_blocked()
        for player in self._roster:
            if player.clip is not None and not self._may_sound(player, player.clip.passage.asset_id):
                player.forget_remainder()
                player.clip.fade_out(WITHDRAWN_FADE_GRANULES, granule=granule)

    def replace_soundscape(self, soundscape: Soundscape, *, granule: int) -> None:
        """Go on with these tracks; what was withdrawn fades. The director has the soundscape already."""
        for player in self._roster:
            player.wish = None
        self.withdraw(granule)
        self._set_tracks(soundscape.tracks, granule)
        self._serve(granule)
        self.listener_changed(granule)

    def close(self, granule: int) -> None:
        """End all that plays, here."""
        for player in self._roster:
            if player.clip is not None:
                self._herald.asset_ended(player.track.id, player.clip, granule=granule)
        self._roster.clear()

    @property
    def _may_start(self) -> bool:
        return self._paused_at is None and self.is_in_range

    def _may_sound(self, player: Player, asset_id: AssetId) -> bool:
        asked = player.plays_request and self._director.requested(asset_id) is not None
        return asked or self._director.may_sound(asset_id)

    def _may_go_on(self, player: Player, granule: int) -> bool:
        """Whether the listener is back at what was interrupted."""
        if player.remainder is None or player.clip is not None:
            return False
        moment = self.moment(granule, but=player)
        return self._director.resumable(player.track, player.remainder.asset_id, moment) is not None

    def _serve(self, granule: int) -> None:
        if self._may_start:
            self._requests.serve(granule, self._random)

    def _set_tracks(self, tracks: Iterable[Track], granule: int) -> None:
        for player in self._roster.set_tracks(tracks, granule, self._random):
            if player.track.starts_with_silence:
                player.rest(granule, self._random)
            else:
                player.try_at(granule)
            if not self._may_start:
                player.stop_waiting()

    def _try_to_start(self, player: Player, granule: int) -> None:
        result = self._casting.cast(player, self.moment(granule, but=player), self._random)
        if isinstance(result, Cast):
            self._start(player, result, granule)
        else:
            player.wish = result.wish
            was_hungry, player.is_hungry = player.is_hungry, result.wish is None
            if player.is_hungry and not was_hungry:
                self._herald.nothing_found(player.track.id)
            player.try_at(result.granule)
            if player.is_leading and player.is_hungry:
                self._hand_on(player, granule)
        # The track has what it was asked for, or it cannot: what found no track before may have this one now.
        self._serve(granule)

    def _start(self, player: Player, cast: Cast, granule: int) -> None:
        clip = self._clip(player, cast, granule)
        player.play(clip)
        self._director.started(cast.choice, granule=granule)
        self._herald.asset_started(player.track.id, clip)

    def _hand_on(self, player: Player, granule: int) -> None:
        """It was to go on after a skip and found nothing: another track does."""
        player.is_leading = False
        leader = self._roster.quickest_with_hope()
        if leader is not None:
            leader.lead(granule)

    def _clip(self, player: Player, cast: Cast, granule: int) -> Clip:
        play_id, random = PlayId(str(uuid.uuid4())), self._random
        if cast.rest is not None:
            track, rest = player.track, cast.rest
            return draw_stretch(track, cast.passage, rest, play_id=play_id, granule=granule, random=random)
        track = whole(player.track) if player.request is not None else player.track
        return draw_clip(track, cast.passage, play_id=play_id, granule=granule, random=random)

    def _finish(self, player: Player, clip: Clip, granule: int) -> None:
        self._herald.asset_ended(player.track.id, clip, granule=granule)
        self._finished.append(clip)
        player.finish()
        if player.is_retired:
            self._roster.remove(player)
        elif not self._may_start:
            player.stop_waiting()
        elif player.is_leading or self._may_go_on(player, granule):
            player.try_at(granule)
        else:
            player.rest(granule, self._random)
        # Another track may play now what this one did.
        self.wake(granule)
