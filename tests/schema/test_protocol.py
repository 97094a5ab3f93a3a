"""graphql-transport-ws, check by check, from PROTOCOL.md of enisdenjo/graphql-ws; each test is one check."""

import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest
from channels.testing import WebsocketCommunicator

from realtime import sockets
from schema import protocol, streaming
from schema.consumers import socket_app
from tests.patience import PATIENCE_SECONDS, until

MAX_MESSAGE_BYTES = 10_000
# What it follows is the test's own: see `ticks`.
FOLLOW = 'subscription { mixPlan(streamId: "x") { beginsAt } }'
TYPENAME = "{ __typename }"
SILENCE_SECONDS = 0.03


class Ticks:
    """Subscriptions whose payloads the test makes; no database stands behind them."""

    def __init__(self):
        self.open = []

    async def begun(self, ready, context):
        self.open.append(Tick())
        return self.open[-1]


class Tick(streaming.Subscription):
    def __init__(self):
        self.queue, self.is_stopped = asyncio.Queue(), False

    def tell(self, outlet):
        return None

    async def payloads(self):
        try:
            while (number := await self.queue.get()) is not None:
                yield b'{"data":{"tick":%d}}' % number
        finally:
            self.is_stopped = True

    def put(self, *numbers):
        for number in numbers:
            self.queue.put_nowait(number)


@pytest.fixture
def ticks(monkeypatch):
    found = Ticks()
    monkeypatch.setattr(streaming, "begun", found.begun)
    return found


class Client:
    """A websocket as a client has it."""

    def __init__(self, communicator):
        self._communicator = communicator

    async def send(self, **message):
        await self.send_text(orjson.dumps(message).decode())

    async def send_text(self, text):
        await self._communicator.send_input({"type": "websocket.receive", "text": text})

    async def send_bytes(self, data):
        await self._communicator.send_to(bytes_data=data)

    async def receive(self):
        return orjson.loads(await self._communicator.receive_from(timeout=PATIENCE_SECONDS))

    async def closed(self):
        """Code and reason, when nothing but the close comes next."""
        message = await self._communicator.receive_output(timeout=PATIENCE_SECONDS)
        assert message["type"] == "websocket.close", message
        return message["code"], message.get("reason")

    async def hears_nothing(self):
        return await self._communicator.receive_nothing(SILENCE_SECONDS)

    async def subscribe(self, key="1", query=TYPENAME, **payload):
        await self.send(type="subscribe", id=key, payload={"query": query, **payload})

    async def follow(self, ticks, key="1"):
        """What the operation's events are made with, once it is followed."""
        before = len(ticks.open)
        await self.subscribe(key, FOLLOW)
        await until(lambda: len(ticks.open) > before)
        return ticks.open[-1]


@asynccontextmanager
async def opened(*, subprotocols=("graphql-transport-ws",), init_seconds=60.0):
    communicator = WebsocketCommunicator(
        socket_app(max_message_bytes=MAX_MESSAGE_BYTES, init_seconds=init_seconds),
        "/graphql/",
        headers=[(b"host", b"testserver")],
        subprotocols=list(subprotocols),
    )
    is_accepted, chosen = await communicator.connect()
    client = Client(communicator)
    client.is_accepted, client.subprotocol = is_accepted, chosen
    yield client
    await communicator.disconnect()


@asynccontextmanager
async def acknowledged():
    async with opened() as client:
        await client.send(type="connection_init")
        assert await client.receive() == {"type": "connection_ack"}
        yield client


class TestHandshake:
    async def test_01_the_subprotocol_is_chosen_whatever_else_is_offered(self):
        for offered in (["graphql-transport-ws"], ["graphql-ws", "chat", "graphql-transport-ws"]):
            async with opened(subprotocols=offered) as client:
                assert client.subprotocol == "graphql-transport-ws"

    @pytest.mark.parametrize("offered", [[], ["chat"]])
    async def test_02_without_the_subprotocol_the_socket_closes_with_4406(self, offered):
        async with opened(subprotocols=offered) as client:
            assert await client.closed() == (4406, "Subprotocol not acceptable")
            await client.send(type="connection_init")
            assert await client.hears_nothing()

    async def test_03_the_legacy_subprotocol_is_refused_at_the_handshake(self):
        async with opened(subprotocols=["graphql-ws"]) as client:
            assert not client.is_accepted


class TestConnectionInit:
    @pytest.mark.parametrize("fields", [{}, {"payload": None}, {"payload": {}}, {"payload": {"anything": [1]}}])
    async def test_04_it_is_acknowledged_with_or_without_a_payload(self, fields):
        async with opened() as client:
            await client.send(type="connection_init", **fields)
            assert await client.receive() == {"type": "connection_ack"}

    async def test_05_who_does_not_introduce_himself_in_time_is_closed_with_4408(self):
        async with opened(init_seconds=0.02) as client:
            assert await client.closed() == (4408, "Connection initialisation timeout")

    async def test_06_who_has_done_so_is_not(self):
        async with opened(init_seconds=0.05) as client:
            await client.send(type="connection_init")
            await client.receive()
            await asyncio.sleep(0.06)
            assert await client.hears_nothing()

    async def test_07_a_second_one_closes_with_4429(self):
        async with acknowledged() as client:
            await client.send(type="connection_init")
            assert await client.closed() == (4429, "Too many initialisation requests")

    async def test_08_a_second_one_before_the_first_is_answered_does_too(self):
        async with opened() as client:
            await client.send(type="connection_init")
            await client.send(type="connection_init")
            assert await client.receive() == {"type": "connection_ack"}
            assert (await client.closed())[0] == 4429

    async def test_09_who_is_not_let_in_is_closed_with_4403(self, db):
        async with opened() as client:
            await client.send(type="connection_init", payload={"authorization": "Token"})
            assert await client.closed() == (4403, "Forbidden")

    @pytest.mark.parametrize("payload", [3, "x", [], True])
    async def test_10_a_payload_that_is_no_object_closes_with_4400(self, payload):
        async with opened() as client:
            await client.send(type="connection_init", payload=payload)
            assert (await client.closed())[0] == 4400


class TestPing:
    async def test_11_a_ping_is_answered_by_a_pong(self):
        async with acknowledged() as client:
            await client.send(type="ping")
            assert await client.receive() == {"type": "pong"}

    async def test_12_its_payload_comes_back(self):
        async with acknowledged() as client:
            await client.send(type="ping", payload={"at": 3})
            assert await client.receive() == {"type": "pong", "payload": {"at": 3}}

    async def test_13_also_before_the_connection_is_acknowledged(self):
        async with opened() as client:
            await client.send(type="ping")
            assert await client.receive() == {"type": "pong"}

    async def test_14_a_pong_that_nobody_asked_for_is_taken(self):
        async with acknowledged() as client:
            await client.send(type="pong")
            await client.send(type="pong", payload={"beat": 1})
            assert await client.hears_nothing()

    async def test_15_a_client_that_is_silent_is_asked_whether_it_is_there(self):
        async with acknowledged() as client:
            (conversation,) = sockets.current()._sockets
            now = asyncio.get_running_loop().time()
            conversation.stay_awake(now + protocol.SILENT_SECONDS - 1)
            assert await client.hears_nothing()
            conversation.stay_awake(now + protocol.SILENT_SECONDS + 1)
            assert await client.receive() == {"type": "ping"}
            conversation.stay_awake(now + protocol.SILENT_SECONDS + 3)
            assert await client.hears_nothing()

    @pytest.mark.parametrize("kind", ["ping", "pong"])
    async def test_16_a_payload_that_is_no_object_closes_with_4400(self, kind):
        async with acknowledged() as client:
            await client.send(type=kind, payload="x")
            assert (await client.closed())[0] == 4400


class TestSubscribe:
    async def test_17_before_the_acknowledgement_it_closes_with_4401(self):
        async with opened() as client:
            await client.subscribe()
            assert await client.closed() == (4401, "Unauthorized")

    async def test_18_a_query_is_answered_by_next_and_complete(self):
        async with acknowledged() as client:
            await client.subscribe("q")
            answer = await client.receive()
            assert (answer["type"], answer["id"], answer["payload"]["data"]) == ("next", "q", {"__typename": "Query"})
            assert await client.receive() == {"type": "complete", "id": "q"}

    async def test_19_a_mutation_too(self, transactional_db):
        register = 'mutation { registerDevice(input: {deviceId: "d"}) { __typename } }'
        async with acknowledged() as client:
            await client.subscribe("m", register)
            answer = await client.receive()
            assert answer["payload"]["data"] == {"registerDevice": {"__typename": "RegisterDeviceSuccess"}}
            assert await client.receive() == {"type": "complete", "id": "m"}

    async def test_20_a_subscription_is_answered_by_next_for_each_event_in_order_and_complete(self, ticks):
        async with acknowledged() as client:
            tick = await client.follow(ticks)
            tick.put(1, 2, 3, None)
            for number in (1, 2, 3):
                assert await client.receive() == {"type": "next", "id": "1", "payload": {"data": {"tick": number}}}
            assert await client.receive() == {"type": "complete", "id": "1"}
            assert await client.hears_nothing()

    async def test_21_an_id_in_use_closes_with_4409(self, ticks):
        async with acknowledged() as client:
            tick = await client.follow(ticks)
            await client.subscribe("1")
            assert await client.closed() == (4409, "Subscriber for 1 already exists")
            await asyncio.sleep(0)
            assert tick.is_stopped

    async def test_22_an_id_may_be_used_again_after_its_end(self, ticks):
        async with acknowledged() as client:
            for ending in ("server", "client", "error"):
                tick = await client.follow(ticks)
                if ending == "server":
                    tick.put(None)
                    assert await client.receive() == {"type": "complete", "id": "1"}
                else:
                    await client.send(type="complete", id="1")
                await client.subscribe("1", "{")
                assert (await client.receive())["type"] == "error"

    async def test_23_twenty_go_on_at_once_and_never_mix(self, ticks):
        async with acknowledged() as client:
            followed = {str(key): await client.follow(ticks, str(key)) for key in range(20)}
            for number, tick in enumerate(followed.values()):
                tick.put(100 + number)
            seen = [await client.receive() for _ in followed]
            assert {each["id"]: each["payload"]["data"]["tick"] for each in seen} == {
                str(number): 100 + number for number in range(20)
            }

    async def test_24_the_hundred_and_first_operation_fails_alone(self, ticks):
        async with acknowledged() as client:
            for key in range(100):
                await client.subscribe(str(key), FOLLOW)
            await client.subscribe("one too many")
            refused = await client.receive()
            assert (refused["type"], refused["id"]) == ("error", "one too many")
            assert refused["payload"][0]["extensions"] == {"code": "TOO_MANY_OPERATIONS"}
            await client.send(type="complete", id="7")
            await client.subscribe("now")
            assert (await client.receive())["type"] == "next"

    async def test_25_null_stands_for_what_may_be_left_out(self):
        async with acknowledged() as client:
            await client.subscribe("q", operationName=None, variables=None, extensions=None)
            assert (await client.receive())["type"] == "next"

    async def test_26_one_of_several_operations_is_chosen_by_name(self):
        async with acknowledged() as client:
            await client.subscribe("q", "query A { __typename } query B { b: __typename }", operationName="B")
            assert (await client.receive())["payload"]["data"] == {"b": "Query"}


class TestError:
    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
            ("query ($id: ID!) { node(id: $id) { id } }", "BAD_USER_INPUT"),
        ],
    )
    async def test_27_a_wrong_operation_gets_an_error_and_the_socket_goes_on(self, ticks, query, code):
        async with acknowledged() as client:
            tick = await client.follow(ticks, "good")
            await client.subscribe("wrong", query)
            message = await client.receive()
            assert (message["type"], message["id"]) == ("error", "wrong")
            assert [error["extensions"]["code"] for error in message["payload"]] == [code]
            # No complete follows an error.
            assert await client.hears_nothing()
            tick.put(1)
            assert (await client.receive())["id"] == "good"

    async def test_28_so_does_a_subscription_that_cannot_begin(self, db):
        async with acknowledged() as client:
            await client.subscribe("1", FOLLOW)
            message = await client.receive()
            assert (message["type"], message["id"]) == ("error", "1")
            assert message["payload"][0]["extensions"]["code"] == "NOT_FOUND"
            assert await client.hears_nothing()

    async def test_29_an_error_of_a_field_comes_with_next(self):
        async with acknowledged() as client:
            await client.subscribe("q", '{ search(projectId: "1", text: "x") { __typename } }')
            answer = await client.receive()
            assert (answer["type"], answer["payload"]["data"]) == ("next", None)
            assert [error["path"] for error in answer["payload"]["errors"]] == [["search"]]
            assert await client.receive() == {"type": "complete", "id": "q"}


class TestComplete:
    async def test_30_a_client_who_completes_hears_nothing_more(self, ticks):
        async with acknowledged() as client:
            tick = await client.follow(ticks)
            await client.send(type="complete", id="1")
            await until(lambda: tick.is_stopped)
            tick.put(1)
            assert await client.hears_nothing()

    async def test_31_to_complete_what_is_unknown_or_over_does_nothing(self):
        async with acknowledged() as client:
            await client.send(type="complete", id="never was")
            await client.subscribe("q")
            await client.receive()
            await client.receive()
            await client.send(type="complete", id="q")
            assert await client.hears_nothing()

    async def test_32_the_others_go_on(self, ticks):
        async with acknowledged() as client:
            await client.follow(ticks, "1")
            other = await client.follow(ticks, "2")
            await client.send(type="complete", id="1")
            other.put(5)
            assert (await client.receive())["id"] == "2"

    async def test_33_who_goes_leaves_nothing_running(self, ticks):
        async with acknowledged() as client:
            followed = [await client.follow(ticks, str(key)) for key in range(3)]
        assert [tick.is_stopped for tick in followed] == [True, True, True]
        assert len(sockets.current()) == 0


class TestInvalidMessage:
    @pytest.mark.parametrize("text", ["{", "", "nonsense", '{"type": NaN}', "[" * 5_000, "\x00"])
    async def test_34_what_is_no_json_closes_with_4400(self, text):
        async with acknowledged() as client:
            await client.send_text(text)
            assert await client.closed() == (4400, "A message is JSON.")

    async def test_35_bytes_close_with_4400(self):
        async with acknowledged() as client:
            await client.send_bytes(b'{"type":"ping"}')
            assert (await client.closed())[0] == 4400

    @pytest.mark.parametrize("message", [[], 3, "ping", None, {}, {"id": "1"}, {"type": 3}, {"type": ["ping"]}])
    async def test_36_what_is_no_object_with_a_type_closes_with_4400(self, message):
        async with acknowledged() as client:
            await client.send_text(orjson.dumps(message).decode())
            assert (await client.closed())[0] == 4400

    @pytest.mark.parametrize("kind", ["nonsense", "next", "error", "connection_ack", "start", "stop", "Ping", ""])
    async def test_37_a_type_that_no_client_sends_closes_with_4400(self, kind):
        async with acknowledged() as client:
            await client.send(type=kind, id="1")
            assert (await client.closed())[0] == 4400

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"payload": None},
            {"payload": 3},
            {"payload": [{"query": TYPENAME}]},
            {"payload": {}},
            {"payload": {"query": 3}},
            {"payload": {"query": ""}},
            {"payload": {"query": TYPENAME, "variables": []}},
            {"payload": {"query": TYPENAME, "operationName": 3}},
            {"payload": {"query": TYPENAME, "extensions": "x"}},
            {"payload": {"documentId": "x"}},
        ],
    )
    async def test_38_a_subscribe_without_a_right_payload_closes_with_4400(self, fields):
        async with acknowledged() as client:
            await client.send(type="subscribe", id="1", **fields)
            assert (await client.closed())[0] == 4400

    @pytest.mark.parametrize("fields", [{}, {"id": None}, {"id": 1}, {"id": ""}, {"id": "x" * 256}])
    @pytest.mark.parametrize("kind", ["subscribe", "complete"])
    async def test_39_an_operation_without_an_id_closes_with_4400(self, kind, fields):
        async with acknowledged() as client:
            await client.send(type=kind, payload={"query": TYPENAME}, **fields)
            assert (await client.closed())[0] == 4400

    async def test_40_a_message_beyond_the_cap_closes_with_1009(self):
        async with acknowledged() as client:
            await client.send(type="ping", payload={"x": "y" * MAX_MESSAGE_BYTES})
            assert await client.closed() == (1009, "Message too long")

    async def test_41_after_a_close_nothing_is_heard_or_said(self, ticks):
        async with acknowledged() as client:
            tick = await client.follow(ticks)
            await client.send_text("{")
            assert (await client.closed())[0] == 4400
            tick.put(1)
            await client.send(type="ping")
            await client.subscribe("2")
            assert await client.hears_nothing()


class TestIds:
    @pytest.mark.parametrize("key", ['"', "\\", "ä ☃ 🦊", "\x00\n", "</script>", "x" * 255])
    async def test_42_an_id_comes_back_as_it_was(self, ticks, key):
        async with acknowledged() as client:
            tick = await client.follow(ticks, key)
            tick.put(1, None)
            assert await client.receive() == {"type": "next", "id": key, "payload": {"data": {"tick": 1}}}
            assert await client.receive() == {"type": "complete", "id": key}
