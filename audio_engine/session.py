"""One stream in the engine: what is planned, what was rendered, and who reads it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from audio_engine.delivery.broadcast import Broadcast
from audio_engine.delivery.framing import Framing, burst_ticks
from audio_engine.encoding.encoder import Encoder
from audio_engine.encoding.formats import Format
from audio_engine.encoding.lame import LameEncoder
from audio_engine.encoding.opus import OpusEncoder
from audio_engine.mix_watch import MixWatch
from audio_engine.planner.grid import seconds_of
from audio_engine.planner.mix_plan import mix_plan
from audio_engine.planner.session import PlannedSession
from audio_engine.render.lane import Lane
from audio_engine.render.resampling import Resampler
from audio_engine.render.shard import Job
from audio_engine.soundscape import TICK_GRANULES, SourceKey, Voice
from backend.bus.events import MixPlanned
from backend.ids import ProjectId, SessionId, StreamId

# What a plan is late by at most: two ticks, and a quarter of a second on its way.
MIX_LATENCY_SECONDS = 0.7


def burst_granules(framing: Framing, bitrate_kbps: int) -> int:
    """What is rendered for a listener at once, of the time before now."""
    return burst_ticks(framing, bitrate_kbps) * TICK_GRANULES


def new_encoder(format: Format, bitrate_kbps: int) -> Encoder:
    """Raises Unsupported for a bitrate that the format does not have."""
    match format:
        case Format.MP3:
            return LameEncoder(bitrate_kbps)
        case Format.OPUS:
            return OpusEncoder(bitrate_kbps, Resampler().resample)


@dataclass(slots=True, eq=False)
class LiveSession:
    """`rendered_to` is the granule that the next block begins with.

    Without a reading listener the timeline follows the beat a burst behind it, so that the burst can still be made.
    """

    stream_id: StreamId
    number: SessionId
    key: str
    project_id: ProjectId
    bitrate_kbps: int
    planned: PlannedSession
    broadcast: Broadcast
    rendered_to: int
    last_command_at: float
    # By the wall clock, with which rows say when they were written.
    moved_at: datetime | None = None
    lane: Lane = field(default_factory=Lane)
    encoder: Encoder | None = None
    # Time has passed unheard since the last block: the next one begins in silence.
    has_skipped: bool = False
    # While its burst is rendered the session is not the beat's.
    is_bursting: bool = False
    has_failed: bool = False
    mix_watch: MixWatch = field(default_factory=MixWatch)

    @property
    def burst_granules(self) -> int:
        """How far behind the beat a burst begins."""
        return burst_granules(self.broadcast.framing, self.bitrate_kbps)

    @property
    def is_sounding(self) -> bool:
        """Whether it is rendered, by the beat or as a burst."""
        return self.encoder is not None

    def job(self, granules: int) -> Job:
        """The next block; from now on it counts as rendered."""
        voices = self.planned.plan(self.rendered_to, granules)
        self.rendered_to += granules
        if self.encoder is None:
            self.encoder = new_encoder(self.broadcast.framing.format, self.bitrate_kbps)
            self.has_skipped = True
        if self.has_skipped:
            self.has_skipped = False
            voices = [_rising(voice) for voice in voices]
        return Job(self.lane, voices, self.encoder)

    def skip_to(self, granule: int) -> None:
        """Let the time until `granule` pass unheard."""
        if granule > self.rendered_to:
            self.planned.advance(self.rendered_to, granule - self.rendered_to)
            self.rendered_to = granule
            if self.encoder is not None:
                self.has_skipped = True
                self.lane.fade_out()

    def mix_news(self, *, now: float, address: Callable[[SourceKey], str]) -> MixPlanned | None:
        """The plan, if somebody who mixes by it does not know it as it is."""
        news = self.mix_watch.news(self.planned, now=now)
        if news is None:
            return None
        # If nobody reads, it is planned a burst behind the beat.
        delay_seconds = seconds_of(self.burst_granules) + MIX_LATENCY_SECONDS
        return mix_plan(news, self.stream_id, self.project_id, delay_seconds=delay_seconds, address=address)

    def go_off_air(self) -> None:
        """Let go of what only rendering needs; a block in work keeps its own hold of it, and is not published."""
        if self.encoder is not None:
            self.encoder = None
            self.lane = Lane()


def _rising(voice: Voice) -> Voice:
    """From silence in its first granule: what sounds already when somebody comes begins without a click, too."""
    gains = voice.gains.copy()
    gains[0] = 0
    return voice._replace(gains=gains)
