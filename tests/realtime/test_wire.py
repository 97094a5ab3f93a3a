"""Frames are as RFC 6455 has them; what is not taken is counted; any ASGI server's `send` makes a wire."""

import asyncio

import pytest

from realtime.wire import AsgiWire, Untaken, reason_that_fits, text_head, wire_of


class HeldOutflow:
    """A connection whose socket takes what the test says."""

    def __init__(self):
        self.written = self.taken = 0

    def write(self, size):
        self.written += size

    def unsent_bytes(self):
        return self.written - self.taken

    def taken_bytes(self):
        return self.taken


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, "8100"),
        (125, "817d"),
        (126, "817e007e"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
        (1 << 20, "817f0000000000100000"),
    ],
)
def test_a_frames_head_says_its_length(length, head):
    assert text_head(length).hex() == head


def test_a_reason_is_cut_between_letters():
    assert reason_that_fits("restarting") == "restarting"
    assert reason_that_fits("ä" * 100) == "ä" * 61


def test_messages_are_untaken_until_their_last_byte_is():
    outflow = HeldOutflow()
    untaken = Untaken(outflow)
    assert untaken.count() == 0
    for _ in range(3):
        outflow.write(100)
        untaken.wrote()
    # Not ours, but it stands between.
    outflow.write(1_000)
    outflow.write(100)
    untaken.wrote()
    counts = []
    for taken in (0, 99, 100, 299, 300, 1_399, 1_400):
        outflow.taken = taken
        counts.append(untaken.count())
    assert counts == [4, 4, 3, 2, 1, 1, 0]


def test_what_is_taken_at_once_was_never_untaken():
    outflow = HeldOutflow()
    untaken = Untaken(outflow)
    for _ in range(100):
        outflow.write(100)
        outflow.taken = outflow.written
        untaken.wrote()
    assert untaken.count() == 0


class HeldSend:
    """An ASGI `send` that waits until the test lets it."""

    def __init__(self):
        self.sent, self.gate = [], asyncio.Semaphore(0)

    async def __call__(self, message):
        await self.gate.acquire()
        self.sent.append(message)

    async def let(self, count):
        for _ in range(count):
            self.gate.release()
        await asyncio.sleep(0.01)


async def test_by_asgi_messages_wait_in_order_and_are_counted():
    send = HeldSend()
    wire = wire_of({}, send)
    wire.send_text(b"one")
    wire.send_text("zwölf".encode())
    wire.close(1001, "restarting")
    wire.send_text(b"too late")
    assert (wire.unsent_bytes(), wire.taken_bytes()) == (9, 0)
    await send.let(1)
    assert (wire.unsent_bytes(), wire.taken_bytes()) == (6, 3)
    await send.let(9)
    assert send.sent == [
        {"type": "websocket.send", "text": "one"},
        {"type": "websocket.send", "text": "zwölf"},
        {"type": "websocket.close", "code": 1001, "reason": "restarting"},
    ]
    assert (wire.unsent_bytes(), wire.taken_bytes()) == (0, 9)


async def test_a_client_who_has_gone_ends_the_wire():
    async def send(message):
        raise ConnectionResetError

    wire = AsgiWire(send)
    wire.send_text(b"one")
    await asyncio.sleep(0.01)
    wire.send_text(b"two")
    assert (wire.unsent_bytes(), wire.taken_bytes()) == (0, 0)


def test_the_servers_own_wire_comes_first():
    own = object()
    assert wire_of({"earshot.wire": own}, None) is own
