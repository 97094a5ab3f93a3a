"""A client without GraphQL follows its stream as plain JSON, and is told why when it may not."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import orjson
import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.test import Client
from django.urls import re_path

from backend import bus
from backend.accounts.actions import issue_token
from backend.accounts.models import Token
from backend.bus import events
from backend.geo.position import Position
from backend.journal import queries as journal
from backend.journal.actions import record
from backend.listening.models import Stream
from realtime import plain, rooms, sockets
from realtime.plain import PlainStreams
from schema.callers import socket_caller
from tests.cast import INSIDE, LATITUDE, LONGITUDE, make_cast, make_session, make_walk
from tests.patience import PATIENCE_SECONDS

recorded = sync_to_async(record)


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def people(walk):
    return make_cast(walk.project)


@pytest.fixture
def stream(walk, people):
    return Stream.objects.create(session=make_session(walk.project, people.contributor), **INSIDE)


@pytest.fixture
def token(people):
    return f"Token {issue_token(people.contributor)}"


class Socket:
    def __init__(self, communicator):
        self.communicator = communicator

    async def say(self, message):
        await self.communicator.send_to(
            text_data=message if isinstance(message, str) else orjson.dumps(message).decode()
        )

    async def told(self):
        return orjson.loads(await self.communicator.receive_from(timeout=PATIENCE_SECONDS))

    async def kind(self):
        return (await self.told())["type"]

    async def closed(self):
        message = await self.communicator.receive_output(timeout=PATIENCE_SECONDS)
        assert message["type"] == "websocket.close", message
        return message["code"], message["reason"]

    async def silent(self):
        return await self.communicator.receive_nothing(0.05)


@asynccontextmanager
async def connected(name, authorization=None, *, after=None, init_seconds=10.0, **headers):
    app = URLRouter(
        [re_path(r"^ws/streams/(?P<stream_id>[^/]+)/$", PlainStreams(socket_caller, init_seconds=init_seconds))]
    )
    given = {"host": "testserver", "authorization": authorization, **headers}
    query = "" if after is None else f"?after={after}"
    communicator = WebsocketCommunicator(
        app,
        f"/ws/streams/{name}/{query}",
        headers=[(key.encode(), value.encode()) for key, value in given.items() if value],
    )
    accepted, _ = await communicator.connect()
    assert accepted
    yield Socket(communicator)
    await communicator.disconnect()


def paused(stream):
    return events.StreamPaused(str(stream.pk), stream.session.project_id)


async def head(stream):
    return str(await sync_to_async(journal.head)(stream.session.project_id))


class TestEvents:
    async def test_first_comes_how_it_is_and_then_what_happens(self, walk, stream, token):
        key, project_id = str(stream.pk), walk.project.pk
        named = {"stream_id": stream.session_id, "project_id": project_id}
        async with connected(stream.pk, token) as socket:
            told = await socket.told()
            assert told.pop("at")
            assert told == {
                "type": "ListenerMoved",
                "cursor": await head(stream),
                "data": {**named, "latitude": LATITUDE, "longitude": LONGITUDE, "heading": None},
            }
            at = datetime(2026, 11, 22, 12, tzinfo=UTC)
            await recorded(events.AssetStarted(key, project_id, "play", 5, 7, at, 1.5, 9.0))
            told = await socket.told()
            assert (told["type"], told["cursor"]) == ("AssetStarted", await head(stream))
            assert told["data"] == {
                **named,
                "play_id": "play",
                "asset_id": 5,
                "audiotrack_id": 7,
                "started_at": "2026-11-22T12:00:00+00:00",
                "offset_seconds": 1.5,
                "planned_seconds": 9.0,
            }
            bus.publish(events.GainsChanged(key, project_id, (events.SpeakerGain(4, 0.5),)))
            assert (await socket.told())["data"] == {**named, "gains": [{"speaker_id": 4, "gain": 0.5}]}

    async def test_it_ends_with_the_stream(self, stream, token):
        async with connected(stream.pk, token) as socket:
            await socket.told()
            await recorded(events.StreamClosed(str(stream.pk), stream.session.project_id, "IDLE"))
            told = await socket.told()
            assert (told["type"], told["data"]["reason"]) == ("StreamClosed", "IDLE")
            assert (await socket.closed())[0] == 1000

    async def test_it_ends_with_a_stream_that_is_deleted(self, stream, token):
        async with connected(stream.pk, token) as socket:
            await socket.told()
            await Stream.objects.filter(pk=stream.pk).adelete()
            told = await socket.told()
            assert (told["type"], told["data"]["reason"]) == ("StreamClosed", "CLOSED")
            assert await socket.closed() == (1000, "The stream has ended.")

    async def test_a_stream_may_be_named_as_the_old_api_does(self, stream, token):
        async with connected(stream.session_id, token) as socket:
            assert await socket.kind() == "ListenerMoved"

    async def test_a_cursor_brings_what_happened_since(self, stream, token):
        before = await head(stream)
        for _ in range(2):
            await recorded(paused(stream))
        async with connected(stream.pk, token, after=before) as socket:
            assert [await socket.kind() for _ in range(3)] == ["StreamPaused", "StreamPaused", "ListenerMoved"]

    async def test_a_cursor_of_another_log_is_said_to_be_lost(self, stream, token):
        async with connected(stream.pk, token, after="ffffffff.3") as socket:
            told = await socket.told()
            assert (told["type"], told["data"]) == ("Lagged", {"missed": None, "resync": None})

    async def test_what_it_says_later_changes_nothing(self, stream, token):
        async with connected(stream.pk, token) as socket:
            await socket.told()
            await socket.say("hello")
            await recorded(paused(stream))
            assert await socket.kind() == "StreamPaused"

    async def test_all_who_follow_share_a_room_and_who_goes_leaves_it(self, stream, token):
        async with connected(stream.pk, token) as one:
            await one.told()
            async with connected(stream.session_id, token) as two:
                await two.told()
                assert len(rooms.current()._rooms) == 1
                assert rooms.current().followers(("stream", str(stream.pk))) == 2
            assert rooms.current().followers(("stream", str(stream.pk))) == 1
        assert rooms.current()._rooms == {}
        assert len(sockets.current()) == 0


class TestWhoMay:
    async def test_the_token_may_come_as_the_first_message(self, stream, token):
        async with connected(stream.pk) as socket:
            assert await socket.silent()
            await socket.say({"authorization": token})
            assert await socket.kind() == "ListenerMoved"

    @pytest.mark.parametrize(("origin", "is_let_in"), [("http://testserver", True), ("https://evil.example", False)])
    async def test_a_browsers_cookie_counts_for_our_own_pages(self, people, stream, origin, is_let_in):
        browser = Client()
        await sync_to_async(browser.force_login)(people.contributor)
        cookie = f"sessionid={browser.cookies['sessionid'].value}"
        async with connected(stream.pk, cookie=cookie, origin=origin) as socket:
            if is_let_in:
                assert await socket.kind() == "ListenerMoved"
            else:
                assert await socket.silent()

    async def test_who_says_nothing_is_closed(self, stream):
        async with connected(stream.pk, init_seconds=0.01) as socket:
            assert await socket.closed() == (4401, "Unauthorized")

    async def test_a_wrong_token_is_closed(self, stream):
        wrong = "Token " + 40 * "0"
        async with connected(stream.pk, wrong) as socket:
            assert (await socket.closed())[0] == 4401
        async with connected(stream.pk) as socket:
            await socket.say({"authorization": wrong})
            assert (await socket.closed())[0] == 4401

    @pytest.mark.parametrize("message", ["{", "[]", "3", "{}", '{"authorization": 3}'])
    async def test_a_first_message_that_is_none_is_closed(self, stream, message):
        async with connected(stream.pk) as socket:
            await socket.say(message)
            assert (await socket.closed())[0] == 4400

    async def test_bytes_and_long_texts_are_closed(self, stream):
        async with connected(stream.pk) as socket:
            await socket.communicator.send_to(bytes_data=b"{}")
            assert (await socket.closed())[0] == 4400
        async with connected(stream.pk) as socket:
            await socket.say("x" * (plain.MOST_CHARACTERS + 1))
            assert (await socket.closed())[0] == 1009

    @pytest.mark.parametrize("who", ["stranger", "owner"])
    async def test_a_strangers_stream_is_as_one_that_is_not_there(self, people, stream, who):
        token = f"Token {await sync_to_async(issue_token)(getattr(people, who))}"
        reasons = set()
        for name in (
            stream.pk,
            stream.session_id,
            999_999,
            "9" * 40,
            "rubbish",
            "0b8f6f3e-0000-4000-8000-000000000000",
        ):
            async with connected(name, token) as socket:
                code, reason = await socket.closed()
                assert code == 4404
                reasons.add(reason)
            assert rooms.current()._rooms == {}
        assert reasons <= {"Stream not found.", "Session not found."}

    async def test_a_cursor_that_is_none_is_refused(self, stream, token):
        async with connected(stream.pk, token, after="17") as socket:
            assert (await socket.closed())[0] == 4400

    async def test_a_revoked_token_closes_it_and_nothing_more_is_sent(self, stream, token):
        async with connected(stream.pk, token) as socket:
            await socket.told()
            await Token.objects.aupdate(revoked_at=datetime.now(UTC))
            await sockets.current().look()
            assert (await socket.closed())[0] == 4403
            await recorded(paused(stream))
            assert await socket.silent()


class TestALongConnection:
    async def test_a_heartbeat_comes_when_nothing_else_does(self, stream, token):
        async with connected(stream.pk, token) as socket:
            await socket.told()
            (open_socket,) = sockets.current()._sockets
            now = asyncio.get_running_loop().time()
            open_socket.stay_awake(now + plain.HEARTBEAT_SECONDS - 0.5)
            assert await socket.silent()
            open_socket.stay_awake(now + plain.HEARTBEAT_SECONDS + 0.5)
            told = await socket.told()
            assert (told["type"], told["cursor"], told["data"]) == ("Heartbeat", await head(stream), {})

    async def test_when_the_server_stops_it_says_where_to_go_on(self, stream, token):
        async with connected(stream.pk, token) as socket:
            await socket.told()
            sockets.current().drain()
            assert await socket.closed() == (1001, f"restarting; after={await head(stream)}")

    async def test_who_does_not_read_is_told_how_much_was_lost(self, stream, token, monkeypatch):
        async with connected(stream.pk, token) as socket:
            await socket.told()
            (open_socket,) = sockets.current()._sockets
            before = await head(stream)
            with monkeypatch.context() as held:
                held.setattr(open_socket._wire, "unsent_bytes", lambda: 1 << 20)
                for _ in range(3):
                    await recorded(paused(stream))
                assert await socket.silent()
            told = await socket.told()
            assert (told["type"], told["data"]) == ("Lagged", {"missed": 3, "resync": before})
            bus.publish(events.ListenerMoved(str(stream.pk), stream.session.project_id, Position(60.2, 24.9)))
            assert await socket.kind() == "ListenerMoved"
