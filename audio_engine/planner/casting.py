"""From a choice to a sound that can be played: waits for what is in preparation, passes over what is broken."""

from dataclasses import dataclass, replace
from random import Random

from audio_engine.planner.clip import Passage, Stretch
from audio_engine.planner.director import Choice, Director, Moment
from audio_engine.planner.grid import granules_of
from audio_engine.planner.player import Player, Remainder, Wish
from audio_engine.soundscape import SAMPLE_RATE, TICK_GRANULES, Sources, SourceState
from backend.ids import AssetId

# How long a track waits for a sound in preparation before it tries another one; longer for one that was asked for.
PATIENCE_GRANULES = granules_of(2.0)
REQUEST_PATIENCE_GRANULES = granules_of(10.0)
SLOW_ASIDE_GRANULES = granules_of(10.0)
BROKEN_ASIDE_GRANULES = granules_of(60.0)
MOST_TRIES = 8


@dataclass(frozen=True, slots=True)
class Cast:
    """What a track plays next."""

    choice: Choice
    passage: Passage
    # Of what was interrupted.
    rest: Stretch | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing now; ask again at this granule, or when something has changed."""

    granule: int
    wish: Wish | None = None


class Casting:
    """Asks the director for an asset and the sources for its sound."""

    def __init__(self, director: Director, sources: Sources) -> None:
        self._director = director
        self._sources = sources
        # Set aside because their sound was not there in time.
        self._slow: set[AssetId] = set()

    def cast(self, player: Player, moment: Moment, random: Random) -> Cast | NotYet:
        """What the player plays now, if anything: what was asked for, what was interrupted, what the director likes."""
        if player.request is not None:
            asked = self._asked_for(player.request, player.wish, moment.granule)
            if asked is not None:
                return asked
            player.request = None
        if self._take_back(moment.granule):
            player.wish = None
        if player.remainder is not None:
            resumed = self._resumed(player, player.remainder, moment)
            if resumed is not None:
                return resumed
        wish = None if player.wish is None else player.wish.asset_id
        for _ in range(MOST_TRIES):
            choice = self._director.choose(player.track, moment, wish=wish, random=random)
            if choice is None:
                chance = self._director.next_chance(player.track, moment)
                return NotYet(min(chance, moment.granule + TICK_GRANULES) if self._slow else chance)
            result = self._heard(choice, player.wish, moment.granule, patience=PATIENCE_GRANULES)
            if result is not None:
                return result
        return NotYet(moment.granule + TICK_GRANULES)

    def _take_back(self, granule: int) -> bool:
        """Whether something that was put off is to be had by now: a burst lets all patience pass in a moment."""
        assets, keys = self._director.soundscape.assets, self._director.soundscape.asset_sources
        places = {asset_id: assets.index_of(asset_id) for asset_id in self._slow}
        self._slow = {
            asset_id
            for asset_id, index in places.items()
            if index is not None and self._sources.state(keys[index]) is SourceState.PENDING
        }
        back = [index for asset_id, index in places.items() if index is not None and asset_id not in self._slow]
        for index in back:
            self._director.set_aside(index, until=granule)
        return bool(back)

    def _asked_for(self, asset_id: AssetId, wish: Wish | None, granule: int) -> Cast | NotYet | None:
        choice = self._director.requested(asset_id)
        if choice is None:
            return None
        return self._heard(choice, wish, granule, patience=REQUEST_PATIENCE_GRANULES)

    def _resumed(self, player: Player, remainder: Remainder, moment: Moment) -> Cast | NotYet | None:
        choice = self._director.resumable(player.track, remainder.asset_id, moment)
        if choice is None:
            return None
        result = self._heard(choice, player.wish, moment.granule, patience=PATIENCE_GRANULES)
        if not isinstance(result, Cast):
            return result
        rest = remainder.stretch.within(result.passage)
        return None if rest is None else replace(result, rest=rest)

    def _heard(self, choice: Choice, wish: Wish | None, granule: int, *, patience: int) -> Cast | NotYet | None:
        """The choice with its sound, or the wish to have it soon; None when it was set aside."""
        soundscape = self._director.soundscape
        asset_id = AssetId(int(soundscape.assets.ids[choice.index]))
        state = self._sources.state(soundscape.asset_sources[choice.index])
        if state is SourceState.READY:
            passage = self._passage(choice.index, asset_id)
            if passage is not None:
                return Cast(choice, passage)
        if state is SourceState.PENDING:
            kept = wish if wish is not None and wish.asset_id == asset_id else Wish(asset_id, granule)
            if granule - kept.since < patience:
                return NotYet(granule + TICK_GRANULES, kept)
        aside = BROKEN_ASIDE_GRANULES
        if state is SourceState.PENDING:
            aside = SLOW_ASIDE_GRANULES
            self._slow.add(asset_id)
        self._director.set_aside(choice.index, until=granule + aside)
        return None

    def _passage(self, index: int, asset_id: AssetId) -> Passage | None:
        """What may be played of a ready sound; None when nothing of its active region is there."""
        assets = self._director.soundscape.assets
        source = self._director.soundscape.asset_sources[index]
        pcm = self._sources.pcm(source)
        if pcm is None:
            return None
        start, end = float(assets.start_seconds[index]), float(assets.end_seconds[index])
        end = min(end, len(pcm) / SAMPLE_RATE)
        if end <= start:
            return None
        return Passage(asset_id, source, pcm.shape[1], start, end, volume=float(assets.volumes[index]))
