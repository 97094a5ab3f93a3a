"""What the listener asked for: each is given to one track, as soon as one can take it."""

from collections import deque
from random import Random

from audio_engine.planner.director import Director
from audio_engine.planner.roster import Roster
from backend.ids import AssetId

MOST_REQUESTS = 8


class Requests:
    """Those that no track has taken yet: none was free, or the asset is not known yet."""

    def __init__(self, roster: Roster, director: Director) -> None:
        self._roster = roster
        self._director = director
        self._waiting: deque[AssetId] = deque(maxlen=MOST_REQUESTS)

    def add(self, asset_id: AssetId) -> None:
        """Wait for a track; what is blocked is refused."""
        if asset_id not in self._waiting and not self._director.is_blocked(asset_id):
            self._waiting.append(asset_id)

    def take_back(self) -> None:
        """The tracks are to be silent: what they were about to play waits again."""
        for player in self._roster:
            if player.request is not None:
                self.add(player.request)
            player.stop_waiting()

    def drop_blocked(self) -> None:
        """Forget what may not be heard any more."""
        kept = [asset_id for asset_id in self._waiting if not self._director.is_blocked(asset_id)]
        self._waiting = deque(kept, maxlen=MOST_REQUESTS)

    def serve(self, granule: int, random: Random) -> None:
        """Give out what can be played: to a silent track, else to the one that is free soonest."""
        for asset_id in list(self._waiting):
            if self._director.requested(asset_id) is not None:
                self._give(asset_id, granule, random)

    def _give(self, asset_id: AssetId, granule: int, random: Random) -> None:
        holder = self._roster.holder(asset_id)
        player = self._roster.quickest() if holder is None else holder
        if player is None:
            return
        self._waiting.remove(asset_id)
        if holder is not None and not holder.may_take_request:
            return
        for other in self._roster:
            if other.remainder is not None and other.remainder.asset_id == asset_id:
                other.forget_remainder()
        player.request = asset_id
        player.fade_out(granule, random)
        player.lead(granule)
