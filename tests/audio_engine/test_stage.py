"""Sessions become sound: bursts, ticks, silence for nobody, and one that fails fails alone."""

import asyncio
import queue

import numpy as np
import pytest

from audio_engine.encoding.formats import Format
from audio_engine.encoding.mp3_frames import split_frames
from audio_engine.encoding.ogg_pages import PRE_SKIP_FRAMES
from audio_engine.render.shard import Shard
from audio_engine.soundscape import GRANULE_FRAMES, SAMPLE_RATE, TICK_GRANULES, SourceState
from audio_engine.stage import Stage
from backend.bus.commands import CloseStream, OpenStream
from tests.audio_engine.delivery.ogg import decoded
from tests.audio_engine.engine_room import EngineRoom, plain_soundscape, record
from tests.audio_engine.planner.scenery import FakeSources
from tests.backend.decoding.recordings import loudest_hertz

START = 1_000
# At 128 kbit/s 2.35 s are sent at once: so many frames, of so many ticks that are rendered.
BURST_FRAMES = 90
BURST_GRANULES = 12 * TICK_GRANULES
OPUS_BURST_GRANULES = 20 * TICK_GRANULES
HERTZ = 441


class NoisySources(FakeSources):
    """Every sound is there, and is noise."""

    noise = np.random.default_rng(1).integers(-8_000, 8_000, (44_100, 1)).astype(np.int16)

    def pcm(self, key):
        return self.noise


class ToneSources(FakeSources):
    """Every sound is there, and is a second of a tone that loops without a seam."""

    tone = np.round(8_192 * np.sin(2 * np.pi * HERTZ / SAMPLE_RATE * np.arange(SAMPLE_RATE))).astype(np.int16)

    def pcm(self, key):
        return self.tone[:, None]


class Player:
    """A connection that takes everything at once."""

    def __init__(self):
        self.received = b""
        self.is_closed = False

    def write(self, data):
        self.received += data

    def get_write_buffer_size(self):
        return 0

    def close(self):
        self.is_closed = True

    abort = close

    @property
    def frames(self):
        return len(split_frames(self.received)[0])


class Deaf(Player):
    """A connection that takes nothing."""

    def get_write_buffer_size(self):
        return len(self.received)


async def opened(*records, sources=None):
    room = EngineRoom(*records, sources=sources or NoisySources())
    await room.take(*(OpenStream(one.stream_id) for one in records))
    return room, Stage(room.sources, threads=2, first_granule=START)


async def put_on_air(stage, session):
    """Until its whole burst is published."""
    await stage.put_on_air(session)
    await asyncio.gather(*(burst.task for burst in stage._bursts.values()))


async def tick(room, stage, count=1):
    rendered = []
    for _ in range(count):
        rendered.append(await stage.render_tick(room.control.sessions, stage.next_granule))
        room.now += 0.209
    return rendered


async def test_a_new_listener_gets_two_seconds_and_more_at_once_and_then_a_tick_each_tick():
    room, stage = await opened(record())
    (session,) = room.control.sessions
    await put_on_air(stage, session)
    assert session.rendered_to == START
    player = Player()
    session.broadcast.attach(player)
    assert player.frames == BURST_FRAMES
    before = player.frames
    await tick(room, stage, 10)
    assert player.frames - before in range(80 - 3, 80 + 4)
    assert session.rendered_to == START + 10 * TICK_GRANULES


class SlowTurns:
    """A stage whose burst is rendered block by block, each when it is let."""

    def __init__(self, stage):
        self._render = stage._burst_shard.render_and_encode
        self._turns = queue.Queue()
        stage._burst_shard.render_and_encode = self.render_and_encode

    def render_and_encode(self, jobs, granules):
        self._turns.get(timeout=10)
        return self._render(jobs, granules)

    def let(self, blocks):
        for _ in range(blocks):
            self._turns.put(None)


async def test_whoever_comes_hears_the_first_of_the_burst_while_the_rest_is_rendered():
    room, stage = await opened(record())
    (session,) = room.control.sessions
    turns = SlowTurns(stage)
    turns.let(1)
    await stage.put_on_air(session)
    player = Player()
    session.broadcast.attach(player)
    assert session.is_bursting
    assert 0 < player.frames <= TICK_GRANULES
    turns.let(11)
    await put_on_air(stage, session)
    assert player.frames in range(12 * TICK_GRANULES - 3, 12 * TICK_GRANULES + 1)
    assert session.rendered_to == START


async def test_a_burst_that_fails_tells_everybody_who_waits_for_it():
    room, stage = await opened(record())
    (session,) = room.control.sessions
    session.planned.plan = None
    results = await asyncio.gather(*(stage.put_on_air(session) for _ in range(2)), return_exceptions=True)
    assert [type(result) for result in results] == [TypeError, TypeError]
    assert not session.is_bursting


async def test_what_sounds_already_when_somebody_comes_begins_without_a_click():
    room, _ = await opened(record(), sources=ToneSources())
    (session,) = room.control.sessions
    # Here the tone is far from zero.
    session.skip_to(START + 5)
    shard = Shard(room.sources)
    sound = np.concatenate([shard.render([session.job(TICK_GRANULES)], TICK_GRANULES)[0, :, 0].copy() for _ in "ab"])
    assert np.abs(sound).max() > 8_000
    assert np.abs(np.diff(sound)).max() < 1.05 * 8_192 * 2 * np.pi * HERTZ / SAMPLE_RATE


async def test_a_listener_of_opus_gets_four_seconds_at_once_and_then_a_tick_each_tick():
    room, stage = await opened(record(format=Format.OPUS, bitrate_kbps=96), sources=ToneSources())
    (session,) = room.control.sessions
    await put_on_air(stage, session)
    assert session.rendered_to == START
    player = Player()
    session.broadcast.attach(player)
    burst = len(decoded(player.received))
    await tick(room, stage, 10)
    sound = decoded(player.received)
    # Less than a packet of 20 ms is held back, and the decoder drops what it needs to find its way in.
    rendered = (OPUS_BURST_GRANULES + 10 * TICK_GRANULES) * GRANULE_FRAMES * 48_000 / SAMPLE_RATE
    assert 0 <= rendered - PRE_SKIP_FRAMES - len(sound) < 960
    assert burst == pytest.approx(len(sound) * 20 / 30, rel=0.02)


async def test_neither_the_ticks_nor_the_end_of_the_burst_can_be_heard_in_opus():
    room, stage = await opened(record(format=Format.OPUS, bitrate_kbps=128), sources=ToneSources())
    (session,) = room.control.sessions
    await put_on_air(stage, session)
    player = Player()
    session.broadcast.attach(player)
    await tick(room, stage, 15)
    # By then the speaker has risen to its level.
    sound = decoded(player.received)[96_000:]
    amplitude = float(np.sqrt(2 * np.mean(sound.astype(np.float64) ** 2)))
    assert amplitude > 0.1
    assert np.abs(np.diff(sound)).max() < 1.05 * amplitude * 2 * np.pi * HERTZ / 48_000
    assert loudest_hertz(sound, rate=48_000) == pytest.approx(HERTZ, abs=0.5)


async def test_a_stream_of_opus_that_nobody_hears_keeps_four_seconds_in_hand():
    room, stage = await opened(record(format=Format.OPUS, bitrate_kbps=96))
    await tick(room, stage, 40)
    (session,) = room.control.sessions
    assert session.rendered_to == START + 39 * TICK_GRANULES - OPUS_BURST_GRANULES


async def test_the_burst_waits_a_moment_for_a_sound_that_is_being_decoded():
    room, stage = await opened(record())
    (session,) = room.control.sessions
    room.sources.states["speaker 1"] = SourceState.PENDING
    session.planned = room.begin(record(), plain_soundscape()).planned
    burst = asyncio.create_task(put_on_air(stage, session))
    await asyncio.sleep(0.03)
    assert not session.is_sounding
    room.sources.states["speaker 1"] = SourceState.READY
    await burst
    assert session.rendered_to == START
    gains = next(voice for voice in session.planned.plan(START, 8) if voice.source == "speaker 1").gains
    assert gains.min() == 1.0


async def test_nothing_is_rendered_for_nobody_but_time_goes_on():
    room, stage = await opened(record())
    assert await tick(room, stage, 20) == [0] * 20
    (session,) = room.control.sessions
    assert session.rendered_to == START + 19 * TICK_GRANULES - BURST_GRANULES
    assert not session.is_sounding


async def test_who_leaves_costs_nothing_from_the_next_tick_on():
    room, stage = await opened(record())
    (session,) = room.control.sessions
    await put_on_air(stage, session)
    listener = session.broadcast.attach(Player())
    assert await tick(room, stage) == [1]
    session.broadcast.detach(listener)
    assert await tick(room, stage) == [0]
    assert not session.is_sounding


async def test_a_listener_who_does_not_read_is_rendered_no_more_and_disturbs_nobody():
    room, stage = await opened(record("s1"), record("s2", number=13))
    deaf, healthy = Deaf(), Player()
    for session, player in zip(room.control.sessions, (deaf, healthy), strict=True):
        await put_on_air(stage, session)
        session.broadcast.attach(player)
    rendered = await tick(room, stage, 30)
    assert rendered[0] == 2 and rendered[-1] == 1
    assert len(deaf.received) <= 34_000 + 64 * 1024
    assert healthy.frames >= BURST_FRAMES + 30 * TICK_GRANULES - 6


async def test_a_plan_that_fails_ends_its_own_session_alone(caplog):
    room, stage = await opened(record("s1"), record("s2", number=13))
    players = [Player(), Player()]
    for session, player in zip(room.control.sessions, players, strict=True):
        await put_on_air(stage, session)
        session.broadcast.attach(player)
    room.control.sessions[0].planned.plan = None
    assert await tick(room, stage) == [1]
    room.control.publish_events()
    assert [session.stream_id for session in room.control.sessions] == ["s2"]
    assert "stream s1" in caplog.text
    assert [player.is_closed for player in players] == [True, False]
    assert await tick(room, stage, 2) == [1, 1]


async def test_ticks_that_were_skipped_leave_a_gap_and_no_block_of_the_past():
    room, stage = await opened(record())
    (session,) = room.control.sessions
    await put_on_air(stage, session)
    session.broadcast.attach(Player())
    await stage.render_tick(room.control.sessions, START + 50 * TICK_GRANULES)
    assert session.rendered_to == START + 51 * TICK_GRANULES


async def test_a_gap_begins_and_ends_without_a_click():
    # The speaker alone: one tone.
    room, _ = await opened(record(is_paused=True), sources=ToneSources())
    (session,) = room.control.sessions
    shard, blocks = Shard(room.sources), []
    for skipped in (0, 5, 0, 37, 1, 0):
        session.skip_to(session.rendered_to + skipped)
        blocks.append(shard.render([session.job(TICK_GRANULES)], TICK_GRANULES)[0, :, 0].copy())
    sound = np.concatenate(blocks)
    assert np.abs(sound).max() > 8_000
    assert np.abs(np.diff(sound)).max() < 1.05 * 8_192 * 2 * np.pi * HERTZ / SAMPLE_RATE


async def test_a_stream_that_is_closed_while_its_block_is_rendered_gets_no_more():
    room, stage = await opened(record())
    (session,) = room.control.sessions
    await put_on_air(stage, session)
    player = Player()
    session.broadcast.attach(player)
    render = stage._rendered

    async def close_meanwhile(jobs):
        chunks = await render(jobs)
        room.control.take(CloseStream("s1"))
        return chunks

    stage._rendered = close_meanwhile
    before = len(player.received)
    await tick(room, stage)
    assert len(player.received) == before
    assert player.is_closed
