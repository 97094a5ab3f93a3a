"""The players of one session: one a track, and those whose track is gone until they have ended."""

from collections.abc import Iterable, Iterator
from random import Random

from audio_engine.planner.grid import NEVER
from audio_engine.planner.player import Player
from audio_engine.soundscape import Track
from backend.ids import AssetId


class Roster:
    """Knows who plays what, and who is free."""

    def __init__(self) -> None:
        self._players: list[Player] = []

    def __iter__(self) -> Iterator[Player]:
        return iter(self._players)

    @property
    def due(self) -> int:
        """The granule of the next change."""
        due = NEVER
        for player in self._players:
            due = min(due, player.due)
        return due

    def next(self) -> Player:
        """Whose change is due next."""
        return min(self._players, key=lambda player: player.due)

    def set_tracks(self, tracks: Iterable[Track], granule: int, random: Random) -> list[Player]:
        """A player a track, in their order; the others fade out what they have. Returns the new ones."""
        known = {player.track.id: player for player in self._players}
        self._players, new = [], []
        for track in tracks:
            if track.is_active:
                player = known.pop(track.id, None)
                if player is None:
                    new.append(player := Player(track))
                player.track = track
                player.is_retired = False
                self._players.append(player)
        for player in known.values():
            if player.clip is not None:
                player.retire(granule, random)
                self._players.append(player)
        return new

    def remove(self, player: Player) -> None:
        """It has ended, and its track is gone."""
        self._players.remove(player)

    def clear(self) -> None:
        """Nobody plays any more."""
        self._players.clear()

    def quickest(self) -> Player | None:
        """A silent player, else the one that is free soonest; none that has been asked for something."""
        return _soonest(self._free())

    def quickest_with_hope(self) -> Player | None:
        """The same, but for those that have found nothing to play."""
        return _soonest(player for player in self._free() if not player.is_hungry)

    def holder(self, asset_id: AssetId) -> Player | None:
        """Who plays the asset, or is about to."""
        return next((player for player in self._players if asset_id in player.plans), None)

    def claims(self, *, but: Player | None = None) -> frozenset[AssetId]:
        """What the players play, or are about to, or mean to go on with; `but` does not count."""
        return frozenset(asset_id for player in self._players if player is not but for asset_id in player.claims)

    def _free(self) -> Iterator[Player]:
        return (player for player in self._players if not player.is_retired and player.request is None)


def _soonest(players: Iterable[Player]) -> Player | None:
    return min(players, key=lambda player: (player.clip is not None, player.due), default=None)
