"""A walk through the demo as sound, without an engine: planned and rendered as fast as it goes."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_engine.encoding.encoder import Encoder
from audio_engine.planner.grid import granules_of, seconds_of
from audio_engine.planner.session import PlannedSession
from audio_engine.render.lane import Lane
from audio_engine.render.shard import Job, Shard
from audio_engine.soundscape import (
    GRANULE_FRAMES,
    SAMPLE_RATE,
    TICK_GRANULES,
    Soundscape,
    SourceKey,
    Sources,
    SourceState,
    Voice,
)
from backend.hearing.listener import Listener
from backend.ids import ProjectId, StreamId
from bench.programme import SECONDS, sounds
from bench.stroll import demo_walk, stroll

PATIENCE_SECONDS = 60.0
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class _NoEncoder:
    """Takes the place of one where only the sound is wanted."""

    def encode(self, pcm: NDArray[np.int16]) -> bytes:
        return b""

    def close(self) -> bytes:
        return b""


NO_ENCODER: Encoder = _NoEncoder()


@contextmanager
def demo_soundscape() -> Iterator[tuple[Soundscape, Sources]]:
    """The demo's walk as the engine reads it, all of its sounds decoded."""
    directory = Path(tempfile.mkdtemp(prefix="earshot-bench-"))
    os.environ |= {
        "SECRET_KEY": secrets.token_urlsafe(),
        "DATA_DIR": str(directory),
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from audio_engine import catalog
    from audio_engine.bank.filling import fill
    from audio_engine.preparation import open_bank

    call_command("migrate", verbosity=0)
    soundscape = catalog.soundscape(ProjectId(demo_walk(directory).pk))
    assert soundscape is not None
    bank = open_bank()
    try:
        assert not fill(bank, soundscape.source_keys(), patience_seconds=PATIENCE_SECONDS)
        yield soundscape, bank
    finally:
        bank.close()
        shutil.rmtree(directory)


def rendered_stroll(soundscape: Soundscape, sources: Sources, *, seed: int, seconds: int) -> NDArray[np.int16]:
    """What one listener hears of it, a move a second: what the encoders are given, shape (frames, 2)."""
    path = stroll(seed)
    session = PlannedSession(
        soundscape,
        sources,
        stream_id=StreamId(f"stroll {seed}"),
        listener=Listener(position=next(path)),
        seed=seed,
        granule=0,
        wall_clock=lambda granule: EPOCH + timedelta(seconds=seconds_of(granule)),
    )
    shard, lane, granule = Shard(sources), Lane(), 0
    blocks = []
    for second, position in zip(range(1, seconds + 1), path, strict=False):
        session.move(position, granule=granule)
        while granule < granules_of(second):
            job = Job(lane, session.plan(granule, TICK_GRANULES), NO_ENCODER)
            blocks.append(shard.render([job], TICK_GRANULES)[0].copy())
            session.take_events()
            granule += TICK_GRANULES
    return np.concatenate(blocks)


def rendered_programme(*, gain: float, seconds: int = SECONDS) -> NDArray[np.int16]:
    """The four of bench.programme at once, each at this gain, through the limiter."""
    sources, frames = _InMemory(), seconds * SAMPLE_RATE
    shard, lane = Shard(sources), Lane()
    gains = np.full((TICK_GRANULES + 1, 2), gain, np.float32)
    blocks = []
    for offset in range(0, frames, TICK_GRANULES * GRANULE_FRAMES):
        voices = [Voice(SourceKey(name), offset, False, gains) for name in sources.sounds]
        blocks.append(shard.render([Job(lane, voices, NO_ENCODER)], TICK_GRANULES)[0].copy())
    return np.concatenate(blocks)


class _InMemory:
    """The programme as sources."""

    def __init__(self) -> None:
        self.sounds = sounds()

    def state(self, key: SourceKey) -> SourceState:
        return SourceState.READY

    def pcm(self, key: SourceKey) -> NDArray[np.int16] | None:
        return self.sounds[key]
