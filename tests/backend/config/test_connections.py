"""A gateway's websockets: written to at once, in order with the server's own frames; what is unsent is known."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PATIENCE_SECONDS = 20
CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10
SERVER = """
import asyncio, json, sys
from backend.config.gateway import GatewayServer

wires = {}

async def tell(send, text, more=False):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": text.encode(), "more_body": more})

async def application(scope, receive, send):
    wire = scope["earshot.wire"]
    if scope["path"] == "/flow":
        await tell(send, json.dumps({k: [w.unsent_bytes(), w.taken_bytes()] for k, w in wires.items()}))
    elif scope["path"] == "/slow":
        print("begun", flush=True)
        await asyncio.sleep(0.5)
        await tell(send, "done")
    elif scope["path"] == "/flood":
        wires["http"] = wire
        await tell(send, "x" * 20_000_000, more=True)
        await receive()
        await receive()
    elif scope["path"] == "/refused":
        await send({"type": "websocket.close"})
    else:
        await talk(wire, receive, send)

async def talk(wire, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    wires["socket"] = wire
    while (message := await receive())["type"] == "websocket.receive":
        command, *numbers = message["text"].split()
        if command == "send":
            for number in range(int(numbers[0])):
                wire.send_text(b"%06d" % number + b"x" * (int(numbers[1]) - 6))
        elif command == "close":
            wire.close(1001, "restarting; " + "y" * 200)
            wire.send_text(b"too late")
        elif command == "asgi-close":
            await send({"type": "websocket.close", "code": 4403, "reason": "Forbidden"})
        else:
            await send({"type": "websocket.send", "text": "by asgi"})
            wire.send_text(b"by wire")
    print(message["type"], flush=True)

async def before_stop():
    if "socket" in wires:
        wires["socket"].close(1001, "restarting")

GatewayServer(
    application, host="127.0.0.1", port=int(sys.argv[1]), max_body_bytes=1000, before_stop=before_stop,
    ping_after_seconds=float(sys.argv[2]), pong_within_seconds=1.0,
).run()
"""


class Gateway:
    """A gateway in a process of its own."""

    def __init__(self, *, ping_after_seconds=60.0):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-c", SERVER, str(self.port), str(ping_after_seconds)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline
                time.sleep(0.05)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_SECONDS) as answer:
            return answer.read().decode()

    def flow(self, of="socket"):
        """Unsent and taken bytes of a wire."""
        return json.loads(self.get("/flow"))[of]

    def memory_bytes(self):
        """What the process takes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def end(self):
        self.process.terminate()
        return self.process.wait(PATIENCE_SECONDS)


class Client:
    """A websocket as it is on the network."""

    def __init__(self, port, path="/", *, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(
            b"GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n" % path.encode()
        )
        self.stream = self.socket.makefile("rb")
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += self.stream.readline()

    def write(self, payload, opcode=TEXT, *, is_last=True):
        """A masked frame, by a mask of zeros."""
        first, length = 0x80 * is_last | opcode, len(payload)
        head = struct.pack("!BB", first, 0x80 | length) if length < 126 else struct.pack("!BBQ", first, 0xFF, length)
        self.socket.sendall(head + bytes(4) + payload)

    def frame(self):
        """The next frame's opcode and payload."""
        first, length = self.stream.read(2)
        if length == 126:
            (length,) = struct.unpack("!H", self.stream.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.stream.read(8))
        assert first & 0xF0 == 0x80
        return first & 0x0F, self.stream.read(length)

    def texts(self, count):
        """So many text messages, and how many pongs came between them."""
        found, pongs = [], 0
        while len(found) < count:
            opcode, payload = self.frame()
            assert opcode in (TEXT, PONG)
            found += [payload] if opcode == TEXT else []
            pongs += opcode == PONG
        return found, pongs


@contextmanager
def running(**options):
    gateway = Gateway(**options)
    try:
        yield gateway
    finally:
        gateway.end()


@pytest.fixture(scope="module")
def gateway():
    with running() as started:
        yield started


def expected(count, size):
    return [b"%06d" % number + b"x" * (size - 6) for number in range(count)]


@pytest.mark.parametrize("size", [6, 125, 126, 65_535, 65_536, 1 << 20])
def test_a_message_arrives_as_it_was_whatever_its_length(gateway, size):
    client = Client(gateway.port)
    client.write(b"send 3 %d" % size)
    assert client.texts(3)[0] == expected(3, size)


def test_nothing_is_compressed(gateway):
    assert b"101" in Client(gateway.port).head
    assert b"deflate" not in Client(gateway.port).head


def test_messages_by_the_wire_and_by_asgi_keep_their_order(gateway):
    client = Client(gateway.port)
    for _ in range(3):
        client.write(b"both")
    assert client.texts(6)[0] == 3 * [b"by asgi", b"by wire"]


def test_pongs_come_between_messages_and_never_within_one(gateway):
    client = Client(gateway.port, receive_buffer=4_096)
    client.write(b"send 8 1000000")
    for number in range(20):
        client.write(b"%d" % number, PING)
    client.write(b"send 8 1000000")
    texts, pongs = client.texts(16)
    assert texts == 2 * expected(8, 1_000_000)
    client.write(b"last", PING)
    while client.frame() != (PONG, b"last"):
        pongs += 1
    assert pongs == 20


def test_what_a_client_does_not_read_is_counted_and_not_lost(gateway):
    client = Client(gateway.port, receive_buffer=4_096)
    client.write(b"send 20 1000000")
    client.write(b"")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while sum(gateway.flow()) < 20_000_000:
        assert time.monotonic() < deadline
    unsent, taken = gateway.flow()
    assert unsent > 10_000_000
    # The answer to the handshake, and a head of ten bytes before each message.
    assert unsent + taken == 20 * 1_000_010 + len(client.head)
    assert client.texts(20)[0] == expected(20, 1_000_000)
    assert gateway.flow()[0] == 0


def test_a_response_has_a_wire_too(gateway):
    with socket.create_connection(("127.0.0.1", gateway.port), PATIENCE_SECONDS) as connection:
        connection.sendall(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1_000)
        unsent, taken = gateway.flow("http")
        assert unsent > 10_000_000
        assert unsent + taken > 20_000_000


def test_a_close_comes_last_with_its_code_and_as_much_of_its_reason_as_fits(gateway):
    client = Client(gateway.port)
    client.write(b"send 2 2000000")
    client.write(b"close")
    assert client.texts(2)[0] == expected(2, 2_000_000)
    opcode, payload = client.frame()
    assert (opcode, payload[:2]) == (CLOSE, (1001).to_bytes(2, "big"))
    assert payload[2:] == b"restarting; " + 111 * b"y"
    client.write(payload[:2], CLOSE)
    # Autobahn resets the connection as soon as both have said goodbye.
    with suppress(ConnectionResetError):
        assert client.stream.read() == b""


def test_a_close_by_asgi_has_its_reason(gateway):
    client = Client(gateway.port)
    client.write(b"asgi-close")
    assert client.frame() == (CLOSE, (4403).to_bytes(2, "big") + b"Forbidden")


@pytest.mark.parametrize("pieces", [1, 8])
def test_whoever_sends_too_long_a_message_is_told_so(gateway, pieces):
    client = Client(gateway.port)
    for piece in range(pieces):
        client.write(b"x" * (8_000_000 // pieces), CONTINUATION if piece else TEXT, is_last=piece == pieces - 1)
    assert client.frame() == (CLOSE, (1009).to_bytes(2, "big") + b"Message too long")
    assert gateway.process.poll() is None
    client.write((1009).to_bytes(2, "big"), CLOSE)
    with suppress(ConnectionResetError):
        assert client.stream.read() == b""


def test_whoever_goes_on_after_too_long_a_message_is_cut_off_and_nothing_of_it_is_kept():
    with running() as gateway:
        client = Client(gateway.port)
        # A frame of which no end comes.
        client.socket.sendall(struct.pack("!BBQ", 0x80 | TEXT, 0xFF, 1 << 40) + bytes(4))
        assert client.frame()[1][:2] == (1009).to_bytes(2, "big")
        began, before, sent = time.monotonic(), gateway.memory_bytes(), 0
        with suppress(OSError):
            while time.monotonic() - began < PATIENCE_SECONDS:
                most = gateway.memory_bytes()
                sent += client.socket.send(b"x" * 1_000_000)
        assert 2 < time.monotonic() - began < 6
        assert most - before < 20_000_000 < sent


def test_a_ping_of_any_length_is_not_waited_for(gateway):
    client = Client(gateway.port)
    client.socket.sendall(struct.pack("!BBQ", 0x80 | PING, 0xFF, 1 << 40) + bytes(4))
    with suppress(ConnectionResetError):
        assert client.stream.read() == b""


def test_a_socket_that_is_not_accepted_is_refused_by_http(gateway):
    assert Client(gateway.port, "/refused").head.startswith(b"HTTP/1.1 403 ")


def test_a_peer_that_is_silent_is_pinged_and_then_given_up():
    with running(ping_after_seconds=0.0) as gateway:
        client = Client(gateway.port)
        assert client.frame()[0] == PING
        began = time.monotonic()
        assert gateway.process.stdout.readline() == "websocket.disconnect\n"
        assert time.monotonic() - began < 5


def test_at_sigterm_sockets_are_told_requests_finish_and_nobody_new_is_let_in():
    gateway = Gateway()
    client = Client(gateway.port)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(gateway.get("/slow")))
    asking.start()
    assert gateway.process.stdout.readline() == "begun\n"
    began = time.monotonic()
    os.kill(gateway.process.pid, signal.SIGTERM)
    assert client.frame() == (CLOSE, (1001).to_bytes(2, "big") + b"restarting")
    client.write((1001).to_bytes(2, "big"), CLOSE)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", gateway.port), 1).close()
    asking.join(PATIENCE_SECONDS)
    assert answers == ["done"]
    assert gateway.process.wait(PATIENCE_SECONDS) == 0
    assert time.monotonic() - began < 3
