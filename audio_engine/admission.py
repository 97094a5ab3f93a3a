"""Who may begin to listen: nobody more when the engine has too little time for those who do."""

from collections import deque
from collections.abc import Callable

# Above this share of the beat's time new sessions are refused; those that sound go on.
FULL_LOAD = 0.7
# So long after a session begins the load knows of it (clock.LOAD_SMOOTHING).
SETTLE_SECONDS = 2.0


class Admission:
    """Counts whom it let in until the load shows them: a crowd in one second is not let in by the load before it."""

    def __init__(
        self,
        *,
        load: Callable[[], float],
        sounding: Callable[[], int],
        least_share: float,
        now: Callable[[], float],
    ) -> None:
        """`load` is the share of the beat that is used, `sounding` how many are rendered, `now` in seconds.

        `least_share` is what one of them takes at least: all there is to go by while few sound.
        """
        self._load = load
        self._sounding = sounding
        self._least_share = least_share
        self._now = now
        self._admitted: deque[float] = deque()

    def admits(self) -> bool:
        """Whether one more session fits; if so, it counts from now on."""
        while self._admitted and self._now() - self._admitted[0] > SETTLE_SECONDS:
            self._admitted.popleft()
        load = self._load()
        share = max(self._least_share, load / max(1, self._sounding()))
        expected = load + len(self._admitted) * share
        if expected > FULL_LOAD:
            return False
        self._admitted.append(self._now())
        return True
