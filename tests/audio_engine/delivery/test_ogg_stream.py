"""A stream of Ogg Opus, from the broadcast to whoever asks for it over HTTP."""

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest

from audio_engine.delivery.broadcast import Broadcast
from audio_engine.delivery.framing import FRAMINGS, TICK_SECONDS
from audio_engine.encoding.formats import Format
from audio_engine.encoding.ogg_pages import PRE_SKIP_FRAMES, split_pages
from tests.audio_engine.delivery.ogg import STEEPEST, decoded, frames, numbers, pages
from tests.audio_engine.delivery.test_broadcast import Studio
from tests.audio_engine.delivery.test_http import KEY, Station, on_the_loopback
from tests.backend.decoding.recordings import loudest_hertz

TARGET = f"/stream7.ogg?key={KEY}"


def in_opus(held, tally=None):
    """The studio or station, its stream in Opus."""
    held.broadcast = Broadcast(
        bitrate_kbps=96,
        now=held.clock.now,
        name="Sea walk",
        max_listeners=2,
        framing=FRAMINGS[Format.OPUS],
        tally=tally,
    )
    return held


@pytest.fixture
def studio():
    studio = Studio()
    return in_opus(studio, studio.tally)


@asynccontextmanager
async def station_of_opus():
    async with on_the_loopback(in_opus(Station())) as station:
        yield station


def test_each_listener_gets_headers_and_the_last_four_seconds(studio):
    studio.on_air(pages(30))
    players = [studio.player(), studio.player()]
    for player in players:
        sent = split_pages(player.heard)
        assert [page[28:36] for page in sent[:2]] == [b"OpusHead", b"OpusTags"]
        assert [page[27:] for page in sent[2:]] == [page[27:] for page in pages(30)[-20:]]
    assert players[0].heard != players[1].heard


def test_who_comes_before_any_sound_gets_the_headers_at_once(studio):
    player = studio.player()
    assert len(split_pages(player.heard)) == 2
    studio.on_air(pages(10))
    assert len(decoded(player.heard)) == frames(pages(10)) - PRE_SKIP_FRAMES


def test_what_is_kept_for_the_burst_is_bounded_also_in_silence(studio):
    studio.on_air((b"".join(pages(30)[:1]),) * 500)
    assert len(studio.broadcast._recent) == 21


def test_titles_are_not_woven_into_ogg(studio):
    studio.broadcast.set_title("Sea")
    player = studio.player(wants_titles=True)
    studio.on_air(pages(40))
    assert b"StreamTitle" not in player.heard
    assert len(split_pages(player.heard)) == 42


def test_who_stops_reading_is_taken_back_at_a_page_without_a_gap_in_the_numbers(studio):
    player = studio.player()
    player.is_stuck = True
    studio.on_air(pages(40))
    lost = studio.tally.lost_chunks
    assert lost > 0
    assert player.most_waiting <= studio.broadcast.most_waiting_bytes
    player.is_stuck = False
    player.take(studio.broadcast.most_waiting_bytes)
    studio.on_air(pages(40)[:20])
    sent = split_pages(player.heard)
    assert [numbers(page)[2] for page in sent] == list(range(2 + 60 - lost))
    assert loudest_hertz(decoded(player.heard)[-80_000:], rate=48_000) == pytest.approx(440, abs=1)


async def test_burst_and_live_are_one_stream_of_ogg_opus():
    async with station_of_opus() as station:
        await station.on_air(pages(40)[:25])
        (status, headers), reader, writer = await station.listening("Icy-MetaData: 1", target=TARGET)
        await station.on_air(pages(40)[25:])
        station.broadcast.close()
        stream = await asyncio.wait_for(reader.read(), 5)
        writer.close()
    assert status == "HTTP/1.1 200 OK"
    assert headers["content-type"] == "audio/ogg; codecs=opus"
    assert not [name for name in headers if name.startswith("icy-")]
    sound = decoded(stream)
    assert len(sound) == frames(pages(40)[5:]) - PRE_SKIP_FRAMES
    assert len(sound) / 48_000 == pytest.approx(35 * TICK_SECONDS - PRE_SKIP_FRAMES / 48_000, abs=0.02)
    assert np.abs(np.diff(sound)).max() < STEEPEST
    assert loudest_hertz(sound, rate=48_000) == pytest.approx(440, abs=0.5)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("suffix", ["mp3", "wav", "og", "OGG"])
async def test_another_ending_than_its_formats_finds_no_stream(method, suffix):
    async with station_of_opus() as station:
        status, _, _ = await station.answer(f"{method} /stream7.{suffix}?key={KEY} HTTP/1.1\r\n\r\n")
        assert status == "HTTP/1.1 404 Not Found"
        assert not station.broadcast.has_listeners


@pytest.mark.parametrize("suffix", ["ogg", "opus"])
async def test_either_ending_of_ogg_finds_it(suffix):
    async with station_of_opus() as station:
        status, headers, body = await station.answer(f"HEAD /stream7.{suffix}?key={KEY} HTTP/1.1\r\n\r\n")
    assert (status, body) == ("HTTP/1.1 200 OK", b"")
    assert headers["content-type"] == "audio/ogg; codecs=opus"


async def test_an_mp3_stream_is_not_found_by_the_ending_of_ogg():
    async with on_the_loopback(Station()) as station:
        status, _, _ = await station.answer(f"GET {TARGET} HTTP/1.1\r\n\r\n")
        assert status == "HTTP/1.1 404 Not Found"
        assert not station.broadcast.has_listeners
