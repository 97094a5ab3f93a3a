"""Decoding ahead: what a set-up or an upload prepares, no listener has to wait for."""

import time
from collections.abc import Iterable

from audio_engine.soundscape import SourceKey, Sources, SourceState

POLL_SECONDS = 0.05


def fill(sources: Sources, keys: Iterable[SourceKey], *, patience_seconds: float) -> list[SourceKey]:
    """Wait until every sound is decoded or found broken; returns those that are not ready."""
    waiting = set(keys)
    deadline = time.monotonic() + patience_seconds
    while True:
        # All are asked before any is waited for.
        states = {key: sources.state(key) for key in sorted(waiting)}
        waiting = {key for key, state in states.items() if state is not SourceState.READY}
        if SourceState.PENDING not in states.values() or time.monotonic() > deadline:
            return sorted(waiting)
        time.sleep(POLL_SECONDS)
