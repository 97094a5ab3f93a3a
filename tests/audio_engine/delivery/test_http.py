import asyncio
import gc
import json
import socket
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict

import pytest

from audio_engine.clock import FakeClock
from audio_engine.delivery import http
from audio_engine.delivery.broadcast import Broadcast
from audio_engine.delivery.http import AudioServer
from audio_engine.delivery.responses import Refusal
from audio_engine.delivery.status import EngineStatus
from tests.audio_engine.delivery.mp3 import TICK_SECONDS, decoded, ticks
from tests.backend.decoding.recordings import loudest_hertz

STATUS = EngineStatus(
    uptime_seconds=12.5, streams=3, sounding=2, listeners=4, load=0.25, underruns=6, lag_seconds={"7": 0.5}
)
KEY = "s3cret"


class Station:
    """A server with stream 7 on air, and what it was asked to resolve."""

    def __init__(self):
        self.clock = FakeClock(100.0)
        self.broadcast = Broadcast(bitrate_kbps=128, now=self.clock.now, name="Sea walk", max_listeners=2)
        self.asked = []
        self.put_on_air = []
        self.refusal = None
        self.server = AudioServer(
            find=self.find,
            put_on_air=self.find_on_air,
            status=lambda: STATUS,
            now=self.clock.now,
            max_connections=self.max_connections,
        )

    max_connections = 100

    async def find_on_air(self, number, key):
        self.put_on_air.append(number)
        return await self.find(number, key)

    async def find(self, number, key):
        self.asked.append((number, key))
        if isinstance(self.refusal, Exception):
            raise self.refusal
        return self.broadcast if (number, key) == (7, KEY) and self.refusal is None else self.refusal or NOT_FOUND

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.server.port)

    async def answer(self, request):
        """The whole response to a request that is not for a stream: status line, headers, body."""
        reader, writer = await self.connect()
        writer.write(request.encode() if isinstance(request, str) else request)
        response = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return parsed(response)

    async def listening(self, *headers, target=f"/stream7.mp3?key={KEY}", version="1.1"):
        """A connection that has got its response head."""
        before = self.broadcast.listeners
        reader, writer = await self.connect()
        lines = [f"GET {target} HTTP/{version}", "Host: localhost", *headers, "", ""]
        writer.write("\r\n".join(lines).encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        await until(lambda: self.broadcast.listeners > before)
        return parsed(head)[:2], reader, writer

    async def on_air(self, chunks):
        for chunk in chunks:
            self.broadcast.publish(chunk)
            self.clock.advance(TICK_SECONDS)
            await asyncio.sleep(0)


NOT_FOUND = Refusal.NOT_FOUND


def parsed(response):
    head, _, body = response.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.lower().split(": ", 1) for line in lines), body


@asynccontextmanager
async def on_the_loopback(station):
    await station.server.start("127.0.0.1", 0)
    try:
        yield station
    finally:
        await station.server.close()
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def no_sweeping_by_itself(monkeypatch):
    monkeypatch.setattr(http, "SWEEP_SECONDS", 3_600.0)


@pytest.fixture
async def station():
    async with on_the_loopback(Station()) as station:
        yield station


async def until(condition):
    """Let the loop and the kernel work until it is so; they tell nobody when they are done."""
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


async def test_a_listener_hears_the_burst_and_then_what_is_live(station):
    chunks = ticks(40)
    await station.on_air(chunks[:20])
    (status, headers), reader, writer = await station.listening()
    await station.on_air(chunks[20:])
    station.broadcast.close()
    sound = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert status == "HTTP/1.1 200 OK"
    assert headers["content-type"] == "audio/mpeg"
    assert headers["cache-control"] == "no-store"
    assert headers["connection"] == "close"
    assert headers["access-control-allow-origin"] == "*"
    assert "icy-metaint" in headers["access-control-expose-headers"]
    assert headers["icy-br"] == "128"
    assert headers["icy-name"] == "sea walk"
    assert headers["icy-pub"] == "0"
    assert not {"content-length", "transfer-encoding", "icy-metaint"} & set(headers)
    assert b"".join(chunks).endswith(sound)
    assert len(sound) >= len(b"".join(chunks[20:])) + 31_000
    assert loudest_hertz(decoded(sound)[10_000:80_000]) == pytest.approx(440, abs=1)


async def test_an_old_player_is_served_until_the_connection_closes(station):
    (status, headers), reader, writer = await station.listening(version="1.0")
    await station.on_air(ticks(4))
    station.broadcast.close()
    assert await asyncio.wait_for(reader.read(), 5) == b"".join(ticks(4))
    writer.close()
    assert status == "HTTP/1.1 200 OK"
    assert "transfer-encoding" not in headers


@pytest.mark.parametrize(
    "target",
    [
        "/stream7.mp3",
        "/stream7.mp3?key=",
        "/stream7.mp3?key=wrong",
        "/stream8.mp3?key=s3cret",
        "/stream999999999999999999.mp3?key=s3cret",
        "/stream9999999999999999999.mp3?key=s3cret",
        "/stream-7.mp3?key=s3cret",
        "/streamx.mp3?key=s3cret",
        "/stream7.ogg?key=s3cret",
        "/stream7.mp3/?key=s3cret",
        "/%2e%2e/etc/passwd",
        "/stream7.mp3?" + "a=b&" * 50 + "key=s3cret",
    ],
)
async def test_an_unknown_stream_and_a_wrong_key_get_the_same_answer_and_touch_nothing(station, target):
    expected = await station.answer("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
    assert await station.answer(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n") == expected
    status, headers, body = expected
    assert status == "HTTP/1.1 404 Not Found"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {"code": "NOT_FOUND", "message": "There is no such stream."}
    assert station.broadcast.listeners == 0


async def test_the_key_is_taken_from_the_query_whatever_else_is_in_it(station):
    _, _, writer = await station.listening(target="/stream7.mp3?nocache=1&key=s3cret&x=%20")
    writer.close()
    assert station.asked == [(7, KEY)]


async def test_head_gives_the_head_and_nothing_is_rendered_for_it_and_nobody_gives_way(station):
    _, _, writer = await station.listening()
    _, _, other = await station.listening()
    station.put_on_air.clear()
    status, headers, body = await station.answer(f"HEAD /stream7.mp3?key={KEY} HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (status, headers["content-type"], body) == ("HTTP/1.1 200 OK", "audio/mpeg", b"")
    status, headers, body = await station.answer("HEAD /stream7.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (status, body) == ("HTTP/1.1 404 Not Found", b"")
    assert station.put_on_air == []
    assert station.broadcast.listeners == 2
    for each in (writer, other):
        each.close()


async def test_a_page_of_another_origin_may_ask_first(station):
    status, headers, body = await station.answer(
        "OPTIONS /stream7.mp3 HTTP/1.1\r\nHost: x\r\nOrigin: http://page.example\r\n"
        "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: icy-metadata\r\n\r\n"
    )
    assert (status, body) == ("HTTP/1.1 204 No Content", b"")
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-headers"] == "icy-metadata, range"
    assert station.asked == []


@pytest.mark.parametrize("sought", ["bytes=0-", "bytes=0-1"])
async def test_a_range_is_answered_with_the_live_stream(station, sought):
    (status, headers), reader, writer = await station.listening(f"Range: {sought}")
    await station.on_air(ticks(4))
    assert await asyncio.wait_for(reader.readexactly(len(b"".join(ticks(4)))), 5) == b"".join(ticks(4))
    writer.close()
    assert status == "HTTP/1.1 200 OK"
    assert headers["accept-ranges"] == "none"
    assert "content-range" not in headers


async def test_titles_come_to_a_player_that_asks(station):
    station.broadcast.set_title("Sea")
    (_, headers), reader, writer = await station.listening("Icy-MetaData: 1")
    await station.on_air(ticks(10))
    sound = await asyncio.wait_for(reader.readexactly(16_000), 5)
    block = await asyncio.wait_for(reader.readexactly(33), 5)
    writer.close()
    assert headers["icy-metaint"] == "16000"
    assert b"".join(ticks(10)).startswith(sound)
    assert block == b"\x02" + b"StreamTitle='Sea';".ljust(32, b"\0")


@pytest.mark.parametrize("refusal", [Refusal.OVERLOADED, RuntimeError("the database is away")])
async def test_an_engine_that_cannot_take_one_more_says_when_to_come_again(station, refusal):
    station.refusal = refusal
    status, headers, body = await station.answer(f"GET /stream7.mp3?key={KEY} HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == "HTTP/1.1 503 Service Unavailable"
    assert headers["retry-after"] == "5"
    assert "retry-after" in headers["access-control-expose-headers"]
    assert json.loads(body)["code"] == "OVERLOADED"


async def test_a_stream_that_is_not_found_in_time_is_an_overload(station, monkeypatch):
    monkeypatch.setattr(http, "RESOLVE_SECONDS", 0.01)
    station.server.put_on_air = lambda *_: asyncio.sleep(60)
    status, _, _ = await station.answer(f"GET /stream7.mp3?key={KEY} HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == "HTTP/1.1 503 Service Unavailable"


async def replaced_by(station, *headers):
    """The two who listen, and one more with these headers: what each has heard when the stream ends."""
    heard = []
    readers = [(await station.listening())[1:] for _ in range(2)]
    await station.on_air(ticks(4)[:2])
    lines = [f"GET /stream7.mp3?key={KEY} HTTP/1.1", "Host: x", *headers, "", ""]
    newcomer = await station.connect()
    newcomer[1].write("\r\n".join(lines).encode())
    await asyncio.wait_for(newcomer[0].readuntil(b"\r\n\r\n"), 5)
    await until(lambda: station.server.connections and len(station.put_on_air) == 3)
    await station.on_air(ticks(4)[2:])
    station.broadcast.close()
    for reader, writer in [*readers, newcomer]:
        heard.append(await asyncio.wait_for(reader.read(), 5))
        writer.close()
    return heard


async def test_the_newest_with_the_key_takes_the_place_of_the_oldest_who_hears_all_until_then(station):
    heard = await replaced_by(station)
    assert heard == [b"".join(ticks(4)[:2]), b"".join(ticks(4)), b"".join(ticks(4))]


@pytest.mark.parametrize(
    ("sought", "gives_way"),
    [("bytes=0-1", False), ("bytes=0-1023", False), ("bytes=0-", True), ("bytes=0-1073741822", True), ("x", True)],
)
async def test_a_probe_takes_nobodys_place_and_a_player_that_names_all_bytes_does(station, sought, gives_way):
    first, second, newcomer = await replaced_by(station, f"Range: {sought}")
    assert first == b"".join(ticks(4)[:2] if gives_way else ticks(4))
    assert second == newcomer == b"".join(ticks(4))


async def test_a_wrong_key_takes_nobodys_place(station):
    _, _, writer = await station.listening()
    await station.answer("GET /stream7.mp3?key=wrong HTTP/1.1\r\nHost: x\r\n\r\n")
    assert station.broadcast.listeners == 1
    writer.close()


async def test_a_stream_that_has_just_ended_is_not_found(station):
    station.broadcast.close()
    status, _, _ = await station.answer(f"GET /stream7.mp3?key={KEY} HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == "HTTP/1.1 404 Not Found"


async def test_a_server_takes_a_bounded_number_of_connections():
    class SmallStation(Station):
        max_connections = 2

    async with on_the_loopback(SmallStation()) as station:
        kept = [await station.connect() for _ in range(2)]
        await until(lambda: len(station.server.connections) == 2)
        status, _, _ = await station.answer(b"")
        assert status == "HTTP/1.1 503 Service Unavailable"
        for _, writer in kept:
            writer.close()


async def test_who_goes_away_is_no_listener(station):
    _, _, writer = await station.listening()
    assert station.broadcast.listeners == 1
    writer.close()
    await until(lambda: station.broadcast.listeners == 0 and not station.server.connections)


async def test_who_goes_away_while_the_stream_is_looked_for_stops_the_search(station):
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def search(_number, _key):
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    station.server.put_on_air = search
    _, writer = await station.connect()
    writer.write(f"GET /stream7.mp3?key={KEY} HTTP/1.1\r\n\r\n".encode())
    await asyncio.wait_for(begun.wait(), 5)
    writer.transport.abort()
    await asyncio.wait_for(stopped.wait(), 5)
    assert station.broadcast.listeners == 0


async def test_the_status_is_json(station):
    status, headers, body = await station.answer("GET /status HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (status, headers["content-type"]) == ("HTTP/1.1 200 OK", "application/json")
    assert json.loads(body) == asdict(STATUS)


async def test_the_metrics_are_the_same_figures_for_prometheus(station):
    status, headers, body = await station.answer("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == "HTTP/1.1 200 OK"
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = body.decode().splitlines()
    assert "earshot_load 0.25" in lines
    assert "earshot_underruns_total 6.0" in lines
    assert 'earshot_lag_seconds{stream="7"} 0.5' in lines


async def test_how_far_behind_a_listener_is_counts_what_waits_in_the_kernel_too(station):
    stalled = await stalled_listener(station)
    assert station.server.lags() == {7: 0.0}
    chunks = ticks(40)
    await station.on_air(chunks)
    # Another listener of the same stream keeps up.
    _, reader, writer = await station.listening()
    await reader.read(1_000_000)
    behind = station.server.lags()[7]
    sent = len(b"".join(chunks)) / 16_000
    # What the other end's kernel took has been taken.
    assert sent - 2 < behind <= sent
    stalled.close()
    writer.close()
    await until(lambda: station.server.lags() == {})


async def test_who_is_refused_for_want_of_time_is_counted_and_a_wrong_key_is_not(station):
    await station.answer("GET /stream7.mp3?key=wrong HTTP/1.1\r\n\r\n")
    station.refusal = Refusal.OVERLOADED
    await station.answer(f"GET /stream7.mp3?key={KEY} HTTP/1.1\r\n\r\n")
    assert station.server.tally.refused == 1


async def test_the_root_says_what_this_is(station):
    status, headers, body = await station.answer("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (status, headers["content-type"]) == ("HTTP/1.1 200 OK", "text/plain; charset=utf-8")
    assert b"Earshot" in body
    assert int(headers["content-length"]) == len(body)


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"POST /stream7.mp3?key=s3cret HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 405, "METHOD_NOT_ALLOWED"),
        (b"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", 405, "METHOD_NOT_ALLOWED"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello", 400, "BAD_REQUEST"),
        (b"nonsense\r\n\r\n", 400, "BAD_REQUEST"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 20_000, 431, "HEADERS_TOO_LARGE"),
        (b"GET /" + b"x" * 20_000, 431, "HEADERS_TOO_LARGE"),
    ],
)
async def test_other_requests_are_refused_with_a_code(station, request_bytes, status, code):
    line, _, body = await station.answer(request_bytes)
    assert line.startswith(f"HTTP/1.1 {status} ")
    assert json.loads(body)["code"] == code
    assert station.asked == []


async def test_a_request_may_come_in_pieces_and_ask_for_more_than_we_do(station):
    reader, writer = await station.connect()
    for piece in (
        b"GE",
        b"T / HT",
        b"TP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n",
        b"Connection: upgrade\r\n\r",
        b"\n",
    ):
        writer.write(piece)
        await asyncio.sleep(0.005)
    status, _, _ = parsed(await asyncio.wait_for(reader.read(), 5))
    writer.close()
    assert status == "HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    "second",
    [
        b"GET /status HTTP/1.1\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nIcy-MetaData: 1\r\nRange: bytes=0-1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        b"nonsense\r\n\r\n",
    ],
)
async def test_of_requests_that_come_at_once_the_first_is_answered(station, second):
    await station.on_air(ticks(10))
    reader, writer = await station.connect()
    writer.write(f"GET /stream7.mp3?key={KEY} HTTP/1.1\r\nHost: x\r\n\r\n".encode() + second)
    status, headers, _ = parsed(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5))
    assert (status, headers["content-type"]) == ("HTTP/1.1 200 OK", "audio/mpeg")
    assert "icy-metaint" not in headers
    assert await asyncio.wait_for(reader.readexactly(2), 5) == b"\xff\xfb"
    assert station.asked == [(7, KEY)]
    writer.close()


async def test_who_sends_no_request_is_cut_off_after_fifteen_seconds(station):
    reader, writer = await station.connect()
    writer.write(b"GET / HTTP/1.1\r\nX-Slow: ")
    await until(lambda: station.server.connections)
    station.clock.advance(14.9)
    station.server.sweep()
    await asyncio.sleep(0.01)
    assert len(station.server.connections) == 1
    station.clock.advance(0.2)
    station.server.sweep()
    await until(lambda: not station.server.connections)
    with suppress(ConnectionError):
        assert await reader.read() == b""
    writer.close()


async def test_a_server_sweeps_by_itself(monkeypatch):
    monkeypatch.setattr(http, "SWEEP_SECONDS", 0.01)
    async with on_the_loopback(Station()) as station:
        _, writer = await station.connect()
        await until(lambda: station.server.connections)
        station.clock.advance(16)
        await until(lambda: not station.server.connections)
        writer.close()


async def stalled_listener(station):
    """A listener whose kernel holds little and who never reads."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(connection, ("127.0.0.1", station.server.port))
    await loop.sock_sendall(connection, f"GET /stream7.mp3?key={KEY} HTTP/1.1\r\n\r\n".encode())
    await until(lambda: station.broadcast.has_listeners)
    return connection


async def test_a_listener_who_stops_reading_costs_bounded_memory_and_others_hear_everything(station):
    stalled = await stalled_listener(station)
    _, reader, writer = await station.listening()
    chunks = ticks(40) * 40
    heard = asyncio.create_task(reader.readexactly(len(b"".join(chunks))))
    for at in range(0, len(chunks), 4):
        await station.on_air(chunks[at : at + 4])
        await asyncio.sleep(0.001)
    assert await asyncio.wait_for(heard, 10) == b"".join(chunks)
    [waiting, none] = sorted(
        (connection._transport.get_write_buffer_size() for connection in station.server.connections), reverse=True
    )
    assert 0 < waiting <= station.broadcast.most_waiting_bytes
    assert none == 0
    assert station.broadcast.is_reading
    writer.close()
    await until(lambda: station.broadcast.listeners == 1)
    assert not station.broadcast.is_reading
    station.server.sweep()
    await until(lambda: not station.server.connections)
    assert not station.broadcast.has_listeners
    stalled.close()


async def test_a_listener_who_reads_again_hears_whole_frames_and_then_live(station):
    stalled = await stalled_listener(station)
    await station.on_air(ticks(100))
    assert not station.broadcast.is_reading
    reader, writer = await asyncio.open_connection(sock=stalled)
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    collected = asyncio.create_task(reader.read())
    await until(lambda: station.broadcast.is_reading)
    await until(lambda: all(c._transport.get_write_buffer_size() == 0 for c in station.server.connections))
    await station.on_air(ticks(40, hertz=1_000.0))
    station.broadcast.close()
    sound = await asyncio.wait_for(collected, 5)
    writer.close()
    assert len(sound) < len(b"".join(ticks(100))) + len(b"".join(ticks(40, hertz=1_000.0)))
    assert sound.endswith(b"".join(ticks(40, hertz=1_000.0)))
    assert loudest_hertz(decoded(sound)[-80_000:]) == pytest.approx(1_000, abs=1)


async def test_five_hundred_listeners_share_one_object_and_leave_nothing_behind():
    station = Station()
    station.server._max_connections = 1_000
    async with on_the_loopback(station):
        broadcasts = {
            number: Broadcast(bitrate_kbps=128, now=station.clock.now, max_listeners=4) for number in range(125)
        }

        async def resolve(number, _key):
            return broadcasts[number]

        station.server.put_on_air = resolve
        players = [await station.connect() for _ in range(500)]
        for at, (_, writer) in enumerate(players):
            writer.write(f"GET /stream{at % 125}.mp3?key=x HTTP/1.1\r\n\r\n".encode())
        await until(lambda: all(broadcast.listeners == 4 for broadcast in broadcasts.values()))
        for chunk in ticks(4):
            for broadcast in broadcasts.values():
                broadcast.publish(chunk)
        expected = b"".join(ticks(4))
        for reader, writer in players:
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert await asyncio.wait_for(reader.readexactly(len(expected)), 5) == expected
            writer.close()
        await until(lambda: not station.server.connections)
        assert not any(broadcast.has_listeners for broadcast in broadcasts.values())
    gc.collect()
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
