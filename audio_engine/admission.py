"""Who may begin to listen: nobody more when the engine has too little time for those who do."""

from collections.abc import Callable

from audio_engine.clock import LOAD_SMOOTHING

# Above this share of the beat's time new sessions are refused; those that sound go on.
FULL_LOAD = 0.7
# What a few sessions take of a tick says little of what many will: it weighs as much as this many of the least share.
DOUBT_SESSIONS = 20


class Admission:
    """Goes by what the load will be when all who were let in are rendered: a crowd that comes within a second is not
    let in by the load before it."""

    def __init__(self, *, load: Callable[[], float], committed: Callable[[], int], least_share: float) -> None:
        """`load` is the share of the beat that is used; `committed` counts who is rendered or about to be.

        `least_share` is what one of them takes at least: most of what there is to go by while few are rendered.
        """
        self._load = load
        self._committed = committed
        self._least_share = least_share
        self._rendered = 0.0

    def note_rendered(self, sessions: int) -> None:
        """A tick rendered so many; smoothed as the load is, so that the two can be compared."""
        self._rendered += LOAD_SMOOTHING * (sessions - self._rendered)

    def admits(self) -> bool:
        """Whether one more session fits."""
        load = self._load()
        measured = (load + DOUBT_SESSIONS * self._least_share) / (self._rendered + DOUBT_SESSIONS)
        share = max(self._least_share, measured)
        return max(load, share * (self._committed() + 1)) <= FULL_LOAD
