"""Whether somebody mixes a stream by its plan, and whether they know it as it is."""

from collections.abc import Hashable

from audio_engine.planner.mix_plan import Sounding
from audio_engine.planner.session import PlannedSession

# Who still watches asks again every few seconds.
WATCH_SECONDS = 30.0


class MixWatch:
    """Of one session. Plans are told at the beat: at most one a tick."""

    def __init__(self) -> None:
        self._until = 0.0
        self._told: Hashable = None
        # At the last look: until then the plan that was told held.
        self._seen: Sounding | None = None

    def renew(self, now: float) -> None:
        """Somebody watches; they are told the plan though it be the same."""
        self._until = now + WATCH_SECONDS
        self._told = None

    def news(self, planned: PlannedSession, *, now: float) -> Sounding | None:
        """What those who watch do not know: all that sounds, from the last look on; until then their plan held."""
        if now >= self._until:
            self._seen = None
            return None
        sounding = planned.sounding()
        before, self._seen = self._seen or sounding, sounding
        outline = sounding.outline()
        if outline == self._told:
            return None
        self._told = outline
        return sounding.since(before)
