"""A client that mixes by itself, in numpy, beside the engine's own renderer."""

from datetime import timedelta

import numpy as np

from audio_engine.mix_watch import MixWatch
from audio_engine.planner.grid import utc_of
from audio_engine.planner.mix_plan import mix_plan
from audio_engine.render.kernel import DELAY_FRAMES
from audio_engine.render.lane import Lane
from audio_engine.render.shard import Job, Shard
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE
from tests.audio_engine.planner.scenery import PROJECT, STREAM
from tests.audio_engine.render.session import FakeSources, KeepingEncoder


def quiet_noise(name, *, seconds=7.3, channels=1):
    """The limiter never touches a few of these together."""
    random = np.random.default_rng(list(name.encode()))
    return random.integers(-2_000, 2_001, (round(seconds * SAMPLE_RATE), channels)).astype(np.int16)


def sounds(*names, stereo=()):
    return FakeSources(**{name: quiet_noise(name, channels=2 if name in stereo else 1) for name in names})


class Both:
    """One session, rendered by the engine and told to a client, block by block."""

    def __init__(self, planned, sources, *, granule=0, block=8):
        self.session = planned
        self.sources = sources
        self.begin = self.now = granule
        self.block = block
        self.plans = []
        self._watch = MixWatch()
        self._watch.renew(0.0)
        self._shard, self._lane, self._encoder = Shard(sources), Lane(), KeepingEncoder()
        self._tell()

    def until(self, granule):
        while self.now < granule:
            length = min(self.block, granule - self.now)
            voices = self.session.plan(self.now, length)
            self._shard.render_and_encode([Job(self._lane, voices, self._encoder)], length)
            self.now += length
            self._tell()
        return self

    def _tell(self):
        news = self._watch.news(self.session, now=0.0)
        if news is not None:
            plan = mix_plan(news, STREAM, PROJECT, delay_seconds=2.5, address=lambda key: f"/media/{key}")
            self.plans.append(plan)

    def rendered(self):
        """The engine's own mix, full scale 1.0, without the limiter's delay."""
        return np.concatenate(self._encoder.blocks)[DELAY_FRAMES:] / 32_768

    def mixed(self):
        """The client's: each plan holds until the next begins."""
        begins = [frame_of(plan.begins_at) for plan in self.plans]
        ends = [*begins[1:], self.now * GRANULE_FRAMES - DELAY_FRAMES]
        parts = [
            mixed(plan, self.sources, end - begin) for plan, begin, end in zip(self.plans, begins, ends, strict=True)
        ]
        return np.concatenate([part for part in parts if len(part)])


def frame_of(time):
    return round((time - utc_of(0)) / timedelta(seconds=1) * SAMPLE_RATE)


def mixed(plan, sources, frames):
    """So many frames of a plan from its beginning on, as docs/graphql.md says it is done."""
    at = np.arange(max(frames, 0))
    mix = np.zeros((len(at), 2))
    for speaker in plan.speakers:
        sound = sources.sounds[speaker.url.removeprefix("/media/")] / 32_768
        assert len(sound) == round(speaker.loop_seconds * SAMPLE_RATE)
        offset = round(speaker.offset_seconds * SAMPLE_RATE)
        mix += sound[(offset + at) % len(sound)] * along(speaker.gains, at)[:, None]
    for asset in plan.assets:
        sound = sources.sounds[f"asset {asset.asset_id}"] / 32_768
        since = at + frame_of(plan.begins_at) - frame_of(asset.starts_at)
        sounds = (since >= 0) & (since <= frame_of(asset.ends_at) - frame_of(asset.starts_at))
        places = round(asset.offset_seconds * SAMPLE_RATE) + since[sounds]
        gains = along(asset.gains, at)[sounds]
        angles = (along(asset.pans, at)[sounds] + 1) * np.pi / 4
        loudness = gains if asset.channels == 1 else gains * np.sqrt(2)
        sides = np.stack([loudness * np.cos(angles), loudness * np.sin(angles)], axis=1)
        mix[sounds] += np.where((places < len(sound))[:, None], sound[places % len(sound)], 0) * sides
    return mix


def along(points, at):
    return np.interp(at / SAMPLE_RATE, [point.seconds for point in points], [point.value for point in points])
