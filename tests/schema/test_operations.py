"""An operation as a room's outlet, and as one that asks its source by itself."""

import asyncio

import pytest
from graphql import OperationType

from realtime.membership import MOST_BYTES, MOST_EVENTS, Unsent
from schema import operations, streaming
from schema.context import Context
from schema.execution import Approved
from schema.operations import Operation
from tests.patience import until


class HeldWire:
    """Takes as much as the test says."""

    def __init__(self):
        self.sent, self.taken = [], 0

    def send_text(self, data):
        self.sent.append(data)

    def taken_bytes(self):
        return self.taken

    def unsent_bytes(self):
        return sum(map(len, self.sent)) - self.taken

    def take_all(self):
        self.taken = sum(map(len, self.sent))


class Host:
    def __init__(self):
        self.wire, self.forgotten = HeldWire(), []

    def forget(self, operation):
        self.forgotten.append(operation.id)


@pytest.fixture
def host():
    return Host()


def test_a_payload_is_sent_as_it_is_with_the_operations_id(host):
    Operation('"7"', host).send(b'{"data":1}')
    assert host.wire.sent == [b'{"id":"\\"7\\"","type":"next","payload":{"data":1}}']


def test_what_the_socket_has_not_taken_is_counted_for_each_operation(host):
    one, two = Operation("1", host), Operation("2", host)
    for _ in range(3):
        one.send(b"x" * 100)
    two.send(b"y" * 100)
    size = len(host.wire.sent[0])
    assert (one.unsent(), two.unsent()) == (Unsent(3, 4 * size), Unsent(1, 4 * size))
    host.wire.taken = 2 * size
    assert (one.unsent(), two.unsent()) == (Unsent(1, 2 * size), Unsent(1, 2 * size))
    host.wire.take_all()
    assert one.unsent() == two.unsent() == Unsent(0, 0)


def test_its_end_is_told_once_and_nothing_after_it(host):
    operation = Operation("1", host)
    operation.end()
    operation.end()
    operation.send(b"too late")
    assert host.wire.sent == [b'{"id":"1","type":"complete"}']
    assert host.forgotten == ["1"]


def test_one_that_is_stopped_says_nothing(host):
    operation = Operation("1", host)
    operation.stop()
    operation.send(b"too late")
    operation.end()
    assert (host.wire.sent, host.forgotten) == ([], [])


@pytest.mark.parametrize(("payload_bytes", "sent"), [(1, MOST_EVENTS), (MOST_BYTES // 4, 4)])
async def test_a_source_waits_for_a_client_who_does_not_read(host, monkeypatch, payload_bytes, sent):
    class Endless(streaming.Subscription):
        def __init__(self):
            pass

        def tell(self, outlet):
            return None

        async def payloads(self):
            while True:
                yield b"x" * payload_bytes

    async def begun(ready, context):
        return Endless()

    monkeypatch.setattr(streaming, "begun", begun)
    monkeypatch.setattr(streaming, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(
        operations.execution,
        "approved",
        lambda asked, viewer: Approved("", {}, None, OperationType.SUBSCRIPTION, {}),
    )
    operation = Operation("1", host)
    operation.start(operations.execution.Operation(), Context())
    await until(lambda: len(host.wire.sent) == sent)
    await asyncio.sleep(0.02)
    assert len(host.wire.sent) == sent
    host.wire.take_all()
    await until(lambda: len(host.wire.sent) == 2 * sent)
    operation.stop()
