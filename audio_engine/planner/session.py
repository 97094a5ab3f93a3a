"""One listener's stream as a plan: commands in, voices and events out; sync, pure and seeded."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from audio_engine.planner.director import Director
from audio_engine.planner.ensemble import Ensemble
from audio_engine.planner.explanation import explain
from audio_engine.planner.herald import Herald, NothingFound, WallClock
from audio_engine.planner.history import NO_HISTORY, SessionHistory
from audio_engine.planner.mix_plan import Sounding
from audio_engine.planner.speakers import SpeakerMix
from audio_engine.planner.surroundings import Surroundings
from audio_engine.soundscape import Soundscape, Sources, Voice
from backend.bus.events import StreamEvent
from backend.bus.replies import Reason
from backend.geo.position import Position
from backend.hearing.aim import Aim
from backend.hearing.listener import Listener
from backend.ids import AssetId, LanguageId, SpeakerId, StreamId, TagId


class PlannedSession:
    """What one listener hears, planned granule by granule.

    Every command takes the first granule that is not planned yet and holds from there on. Blocks are planned one
    after the other, of any length: the same commands and seed give the same sound. Nothing here waits. Events tell of
    changes: whether it begins within range says `is_in_range`.
    """

    def __init__(
        self,
        soundscape: Soundscape,
        sources: Sources,
        *,
        stream_id: StreamId,
        listener: Listener,
        seed: int,
        granule: int,
        wall_clock: WallClock,
        history: SessionHistory = NO_HISTORY,
    ) -> None:
        self._listener = listener
        self._next = granule
        self._herald = Herald(stream_id, soundscape.project_id, wall_clock)
        self._speakers = SpeakerMix(sources)
        self._surroundings = Surroundings(soundscape, listener)
        self._gains: dict[SpeakerId, float] = {}
        self._director = Director(soundscape, listener, history=history, granule=granule)
        self._ensemble = Ensemble(
            self._director,
            sources,
            herald=self._herald,
            random=Random(seed),
            granule=granule,
            began_at=granule - history.elapsed_granules,
            is_in_range=self._surroundings.is_in_range,
        )
        self._aim_speakers(granule)

    @property
    def listener(self) -> Listener:
        """Where the listener is now, and what they chose."""
        return self._listener

    @property
    def is_paused(self) -> bool:
        """Whether the tracks may start nothing."""
        return self._ensemble.is_paused

    @property
    def is_in_range(self) -> bool:
        """Whether some speaker is near enough; if none is, only the project's out-of-range sound plays."""
        return self._ensemble.is_in_range

    @property
    def is_waiting_for_speakers(self) -> bool:
        """Whether a speaker that is to sound here is silent until its sound is decoded."""
        return self._speakers.is_waiting

    @property
    def remaining(self) -> int:
        """How many assets wait to be heard where the listener is, those that play not among them."""
        return self._ensemble.remaining(self._next)

    def move(
        self,
        position: Position,
        *,
        granule: int,
        heading: float | None = None,
        width: float | None = None,
        range_min: float | None = None,
        range_max: float | None = None,
    ) -> None:
        """The listener is there now; what is left out falls back to the project's mode."""
        granule = self._arrive(granule)
        aim = Aim(heading=heading, width=width, range_min=range_min, range_max=range_max)
        self._listener = self._listener.at(position, aim)
        self._herald.listener_moved(position, heading)
        if self._surroundings.look(self._listener):
            self._look_around(granule)
        if self._director.listener_moved(self._listener):
            self._ensemble.listener_changed(granule)

    def filter_tags(self, tag_ids: Iterable[TagId], *, granule: int) -> None:
        """Start assets with these tags only; none: the project's default. What plays goes on, or fades as by a move."""
        self._choose(replace(self._listener, tag_ids=frozenset(tag_ids)), self._arrive(granule))

    def choose_language(self, language_id: LanguageId | None, *, granule: int) -> None:
        """Start assets in this language, or without one, only; None: all. What plays goes on, or fades as by a move."""
        self._choose(replace(self._listener, language_id=language_id), self._arrive(granule))

    def block(self, asset_ids: Iterable[AssetId], *, granule: int) -> None:
        """These, all that the listener has blocked by now, are not heard; what plays of them fades at once."""
        granule = self._arrive(granule)
        self._listener = replace(self._listener, blocked_asset_ids=frozenset(asset_ids))
        self._director.listener_blocked(self._listener)
        self._ensemble.withdraw(granule)
        self._ensemble.wake(granule)

    def explain(self, asset_id: AssetId, *, granule: int) -> tuple[Reason, ...]:
        """Every rule in the order in which it is asked, and what it says of the asset now."""
        moment = self._ensemble.moment(self._arrive(granule))
        return explain(asset_id, director=self._director, ensemble=self._ensemble, moment=moment)

    def skip(self, *, granule: int) -> None:
        """Fade out what plays on the tracks; one track starts its next asset at once."""
        self._ensemble.skip(self._arrive(granule))

    def play(self, asset_id: AssetId, *, granule: int) -> None:
        """Play this asset at once on one track, whatever bans it; one that is not known yet plays when it is."""
        self._ensemble.request(asset_id, self._arrive(granule))

    def pause(self, *, granule: int) -> None:
        """Fade out what plays on the tracks and start nothing; speakers go on."""
        if not self.is_paused:
            self._ensemble.pause(self._arrive(granule))
            self._herald.paused()

    def resume(self, *, granule: int) -> None:
        """Let the tracks start assets again."""
        if self.is_paused:
            self._ensemble.resume(self._arrive(granule))
            self._herald.resumed()

    def replace_soundscape(self, soundscape: Soundscape, *, granule: int) -> None:
        """The project was edited: go on in this one without a step."""
        granule = self._arrive(granule)
        self._surroundings = Surroundings(soundscape, self._listener)
        self._director.replace_soundscape(soundscape)
        self._ensemble.replace_soundscape(soundscape, granule=granule)
        self._look_around(granule)

    def close(self, *, granule: int) -> None:
        """End all that plays; the session is not used any more."""
        self._ensemble.close(self._arrive(granule))

    def tell_gains(self) -> None:
        """The speakers' gains are news again, for who has missed them."""
        self._herald.gains_changed(self._gains)

    def take_events(self) -> list[StreamEvent | NothingFound]:
        """All since the last time, in the order in which it happened; what was not found concerns titles alone."""
        return self._herald.take()

    def sounding(self) -> Sounding:
        """What sounds from the first granule on that is not planned yet."""
        return Sounding(self._next, self._speakers.loops(), self._ensemble.clips())

    def plan(self, first: int, granules: int) -> list[Voice]:
        """All that sounds in this block."""
        self._run_until(first + granules)
        voices = self._speakers.voices(first, granules) + self._ensemble.voices(first, granules)
        self._ensemble.forget_finished()
        return voices

    def advance(self, first: int, granules: int) -> None:
        """Let this block pass without sound: nobody listens."""
        self._run_until(first + granules)
        self._ensemble.forget_finished()

    def _arrive(self, granule: int) -> int:
        """Where a command holds from: never in what is planned already."""
        return max(granule, self._next)

    def _run_until(self, end: int) -> None:
        while (due := min(self._speakers.due, self._ensemble.due)) < end:
            if self._speakers.due == due:
                self._speakers.poll(due)
            else:
                self._ensemble.step()
        self._next = max(end, self._next)

    def _choose(self, listener: Listener, granule: int) -> None:
        self._listener = listener
        self._director.listener_chose(listener)
        self._ensemble.listener_changed(granule)

    def _look_around(self, granule: int) -> None:
        """Far from all speakers the tracks are silent; near them they are as loud as they are here."""
        is_in_range = self._surroundings.is_in_range
        if is_in_range and not self._ensemble.is_in_range:
            self._ensemble.enter_range(granule)
            self._herald.range_entered()
        elif self._ensemble.is_in_range and not is_in_range:
            self._ensemble.leave_range(granule)
            self._herald.range_left()
        self._aim_speakers(granule)

    def _aim_speakers(self, granule: int) -> None:
        around = self._surroundings
        self._speakers.aim(around.wanted, granule=granule)
        if around.gains != self._gains:
            self._gains = around.gains
            self._herald.gains_changed(self._gains)
