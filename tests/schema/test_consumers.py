"""/graphql/ over websockets: what the protocol asks, and what a stream does."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import orjson
import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from backend import bus
from backend.accounts.actions import issue_token, revoke_token
from backend.accounts.models import User
from backend.bus import events
from backend.database import Overloaded, TookTooLong
from backend.documents.actions import register_document, sha256_of
from backend.geo.position import Position
from backend.journal import queries as journal
from backend.journal.actions import record
from backend.listening.models import Stream
from realtime import rooms, sockets
from schema import consumers, event_types, persisted
from schema.consumers import socket_app
from schema.ids import global_id
from tests.cast import INSIDE, make_session, make_speaker, make_walk
from tests.patience import PATIENCE_SECONDS, until

pytestmark = pytest.mark.django_db(transaction=True)

MAX_MESSAGE_BYTES = 10_000
EVERYTHING = """
subscription ($id: ID!) { streamEvents(streamId: $id) {
  __typename
  ... on ListenerMoved { latitude longitude heading }
  ... on GainsChanged { gains { speakerId speaker { code project { name } } gain } }
  ... on AssetStarted {
    playId assetId asset { description tags { nodes { label } } } audiotrackId startedAt offsetSeconds plannedSeconds
  }
  ... on AssetEnded { playId assetId playedSeconds }
  ... on StreamPaused { streamId }
  ... on RangeLeft { streamId }
  ... on RangeEntered { streamId }
  ... on StreamClosed { reason }
  ... on Lagged { missed }
} }
"""


async def happens(event):
    """As an action, or the engine, tells it."""
    if isinstance(event, events.Logged):
        await sync_to_async(record)(event)
    else:
        bus.publish(event)


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def stream(walk, cast):
    return Stream.objects.create(session=make_session(walk.project, cast.contributor), **INSIDE)


@pytest.fixture
def token(cast):
    return issue_token(cast.contributor)


class Socket:
    """One connection as a client has it."""

    def __init__(self, communicator):
        self.communicator = communicator

    async def send(self, **message):
        await self.communicator.send_to(text_data=orjson.dumps(message).decode())

    async def receive(self):
        return orjson.loads(await self.communicator.receive_from(timeout=PATIENCE_SECONDS))

    async def closed(self):
        message = await self.communicator.receive_output(timeout=PATIENCE_SECONDS)
        assert message["type"] == "websocket.close"
        return message["code"]

    async def silent(self):
        return await self.communicator.receive_nothing(0.05)

    async def subscribe(self, query=EVERYTHING, *, operation="1", name=None, **variables):
        payload = {"query": query, "variables": variables, "operationName": name}
        await self.send(type="subscribe", id=operation, payload=payload)

    async def ask(self, query, **variables):
        await self.subscribe(query, operation="q", **variables)
        answer = await self.receive()
        if answer["type"] == "next":
            assert await self.receive() == {"type": "complete", "id": "q"}
        return answer["payload"]

    async def event(self):
        message = await self.receive()
        assert message["type"] == "next", message
        return message["payload"]["data"]["streamEvents"]


@asynccontextmanager
async def connected(*, headers=(), subprotocols=("graphql-transport-ws",)):
    communicator = WebsocketCommunicator(
        socket_app(max_message_bytes=MAX_MESSAGE_BYTES),
        "/graphql/",
        headers=[(b"host", b"testserver"), *headers],
        subprotocols=list(subprotocols),
    )
    accepted, _ = await communicator.connect()
    assert accepted
    yield Socket(communicator)
    await communicator.disconnect()


@asynccontextmanager
async def listening(token=None, **options):
    """A connection that has been acknowledged."""
    async with connected(**options) as socket:
        await socket.send(type="connection_init", payload={"authorization": f"Token {token}"} if token else {})
        assert await socket.receive() == {"type": "connection_ack"}
        yield socket


class TestEvents:
    async def test_a_subscriber_sees_where_the_listener_is_and_what_the_stream_does(self, walk, stream, token):
        key = str(stream.pk)
        async with listening(token) as socket:
            await socket.subscribe(id=global_id("Stream", key))
            assert await socket.event() == {"__typename": "ListenerMoved", **INSIDE, "heading": None}
            await happens(events.ListenerMoved(key, stream.session.project_id, Position(60.2, 24.9), 90.0))
            assert await socket.event() == {
                "__typename": "ListenerMoved",
                "latitude": 60.2,
                "longitude": 24.9,
                "heading": 90.0,
            }
            await happens(events.StreamPaused(key, stream.session.project_id))
            assert await socket.event() == {"__typename": "StreamPaused", "streamId": global_id("Stream", key)}
            for kind in (events.RangeLeft, events.RangeEntered):
                await happens(kind(key, stream.session.project_id))
                told = {"__typename": kind.__name__, "streamId": global_id("Stream", key)}
                assert await socket.event() == told
            await happens(events.StreamClosed(key, stream.session.project_id, "IDLE"))
            assert await socket.event() == {"__typename": "StreamClosed", "reason": "IDLE"}
            assert await socket.receive() == {"type": "complete", "id": "1"}

    async def test_a_recording_is_shown_with_all_that_is_asked_of_it(self, walk, stream, token):
        key, at = str(stream.pk), datetime(2026, 11, 3, 12, tzinfo=UTC)
        async with listening(token) as socket:
            await socket.subscribe(id=key)
            await socket.event()
            track = walk.audiotrack.pk
            await happens(
                events.AssetStarted(key, stream.session.project_id, "play-1", walk.asset.pk, track, at, 1.5, 9.0)
            )
            assert await socket.event() == {
                "__typename": "AssetStarted",
                "playId": "play-1",
                "assetId": global_id("Asset", walk.asset.pk),
                "asset": {"description": "", "tags": {"nodes": [{"label": "sea"}]}},
                "audiotrackId": global_id("Audiotrack", track),
                "startedAt": "2026-11-03T12:00:00+00:00",
                "offsetSeconds": 1.5,
                "plannedSeconds": 9.0,
            }
            await happens(events.AssetEnded(key, stream.session.project_id, "play-1", walk.asset.pk, track, 8.25))
            ended = await socket.event()
            assert (ended["playId"], ended["playedSeconds"]) == ("play-1", 8.25)

    async def test_speakers_are_read_together_and_only_when_asked_for(self, walk, stream, token, monkeypatch):
        key = str(stream.pk)
        speakers = [walk.speaker, *[await sync_to_async(make_speaker)(walk.project, code=str(n)) for n in range(4)]]
        gains = tuple(events.SpeakerGain(speaker.pk, number / 10) for number, speaker in enumerate(speakers))
        statements = counted(monkeypatch)
        async with listening(token) as socket:
            await socket.subscribe(id=key)
            await socket.event()
            statements.clear()
            await happens(events.GainsChanged(key, stream.session.project_id, gains))
            seen = (await socket.event())["gains"]
            assert [each["gain"] for each in seen] == [0.0, 0.1, 0.2, 0.3, 0.4]
            assert seen[0] == {
                "speakerId": global_id("Speaker", walk.speaker.pk),
                "speaker": {"code": "A", "project": {"name": "Walk"}},
                "gain": 0.0,
            }
            assert len([each for each in statements if "soundscape_speaker" in each]) == 1
        async with listening(token) as socket:
            bare = "subscription ($id: ID!) { streamEvents(streamId: $id) { ... on GainsChanged { gains { gain } } } }"
            await socket.subscribe(bare, id=key)
            await socket.event()
            await socket.event()
            statements.clear()
            await happens(events.GainsChanged(key, stream.session.project_id, gains[:1]))
            assert (await socket.event()) == {"gains": [{"gain": 0.0}]}
            assert not [each for each in statements if "soundscape_speaker" in each]

    async def test_two_subscriptions_on_one_socket_have_their_own_events(self, walk, stream, token, cast):
        def another():
            return Stream.objects.create(session=make_session(walk.project, cast.contributor), **INSIDE)

        other = await sync_to_async(another)()
        async with listening(token) as socket:
            await socket.subscribe(id=str(stream.pk))
            await socket.event()
            await socket.subscribe(operation="2", id=str(other.pk))
            await socket.event()
            await happens(events.StreamPaused(str(other.pk), stream.session.project_id))
            message = await socket.receive()
            assert message["id"] == "2"
            assert await socket.silent()

    async def test_one_who_completes_is_sent_nothing_more(self, stream, token):
        async with listening(token) as socket:
            await socket.subscribe(id=str(stream.pk))
            await socket.event()
            await socket.send(type="complete", id="1")
            await asyncio.sleep(0.05)
            assert rooms.current().followers(("stream", str(stream.pk))) == 0
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            assert await socket.silent()

    async def test_one_who_goes_leaves_no_watcher(self, stream, token):
        async with listening(token) as socket:
            await socket.subscribe(id=str(stream.pk))
            await socket.event()
            assert rooms.current().followers(("stream", str(stream.pk))) == 1
        assert rooms.current().followers(("stream", str(stream.pk))) == 0


class TestWhoMay:
    @pytest.mark.parametrize("who", ["stranger", "nobody"])
    async def test_a_strangers_stream_is_as_one_that_is_not_there(self, cast, stream, who):
        token = await sync_to_async(issue_token)(cast.stranger) if who == "stranger" else None
        async with listening(token) as socket:
            answers = []
            for given in (str(stream.pk), "0b8f6f3e-0000-4000-8000-000000000000", "rubbish", global_id("Tag", 1)):
                await socket.subscribe(id=given)
                message = await socket.receive()
                assert message["type"] == "error"
                answers.append([(error["message"], error["extensions"]) for error in message["payload"]])
            assert answers == 4 * [[("Stream not found.", {"code": "NOT_FOUND", "field": "streamId"})]]

    async def test_the_token_may_come_in_the_handshake_too(self, token):
        async with listening(headers=[(b"authorization", f"Bearer {token}".encode())]) as socket:
            assert (await socket.ask("{ viewer { username } }"))["data"] == {"viewer": {"username": "contributor"}}

    @pytest.mark.parametrize(("origin", "who"), [(b"http://testserver", "curator"), (b"https://other.example", None)])
    async def test_a_browsers_cookie_counts_for_our_own_pages(self, cast, settings, origin, who):
        settings.CORS_ALLOW_ALL_ORIGINS = True
        browser = Client()
        await sync_to_async(browser.force_login)(cast.curator)
        cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
        async with listening(headers=[(b"origin", origin), (b"cookie", cookie)]) as socket:
            answer = await socket.ask("{ viewer { username } }")
            assert answer["data"]["viewer"] == (who and {"username": who})

    async def test_a_wrong_token_closes_the_socket(self, walk):
        async with connected() as socket:
            await socket.send(type="connection_init", payload={"authorization": "Token " + 40 * "0"})
            assert await socket.closed() == 4403


class TestNotNow:
    """What says nothing of who somebody is: their clients come again."""

    @pytest.mark.parametrize(
        ("failure", "code"),
        [
            (Overloaded("Too many requests wait."), 1013),
            (TookTooLong("It took too long."), 1013),
            (OSError("gone"), 1011),
        ],
    )
    async def test_a_database_that_does_not_answer_turns_nobody_away_for_good(self, monkeypatch, failure, code):
        async def introduced(*_):
            raise failure

        monkeypatch.setattr(consumers, "introduced", introduced)
        async with connected() as socket:
            await socket.send(type="connection_init")
            assert await socket.closed() == code
        assert len(sockets.current()) == 0

    async def test_nothing_is_left_of_one_who_is_cut_off_before_it_is_known_who_they_are(self, monkeypatch):
        never = asyncio.get_running_loop().create_future()
        monkeypatch.setattr(consumers, "introduced", lambda *_: never)
        communicator = WebsocketCommunicator(
            socket_app(max_message_bytes=MAX_MESSAGE_BYTES), "/graphql/", subprotocols=["graphql-transport-ws"]
        )
        await communicator.connect()
        await Socket(communicator).send(type="connection_init")
        await until(lambda: len(sockets.current()) == 1)
        # As Daphne does to an application that does not end by itself.
        communicator.future.cancel()
        await asyncio.wait([communicator.future])
        assert len(sockets.current()) == 0


class TestAnswers:
    async def test_queries_and_mutations_are_answered(self, walk):
        async with listening() as socket:
            answer = await socket.ask("query ($id: ID!) { project(id: $id) { name } }", id=str(walk.project.pk))
            assert answer["data"] == {"project": {"name": "Walk"}}
            assert answer["extensions"]["cost"] == {"requested": 2, "maximum": 25_000}
            answer = await socket.ask(
                'mutation { registerDevice(input: {deviceId: "d"}) { ... on RegisterDeviceSuccess { user { id } } } }'
            )
            assert answer["data"]["registerDevice"]["user"]["id"]

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
            ("subscription { streamEvents { __typename } }", "GRAPHQL_VALIDATION_FAILED"),
            ("query ($id: ID!) { node(id: $id) { id } }", "BAD_USER_INPUT"),
            ("{ projects { nodes { assets { nodes { tags { nodes { id } } } } } } }", "COST_EXCEEDED"),
            ("{ __schema { types { name } } }", "INTROSPECTION_NOT_ALLOWED"),
        ],
    )
    async def test_an_operation_that_is_wrong_fails_alone(self, stream, token, query, code):
        async with listening(token) as socket:
            await socket.subscribe(id=str(stream.pk))
            await socket.event()
            await socket.send(type="subscribe", id="wrong", payload={"query": query})
            message = await socket.receive()
            assert (message["type"], message["id"]) == ("error", "wrong")
            assert message["payload"][0]["extensions"]["code"] == code
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            assert (await socket.event())["__typename"] == "StreamPaused"

    async def test_a_document_is_asked_for_by_its_hash(self, transactional_db, settings):
        persisted.forget()
        text = "query ($a: Boolean!) { __typename @include(if: $a) }"
        await sync_to_async(register_document)(text, name="a")
        settings.GRAPHQL_DOCUMENTS = "enforce"
        named = {"documentId": f"sha256:{sha256_of(text)}"}
        by_apq = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256_of(text)}}}
        async with listening() as socket:
            for payload in (named, by_apq, {"query": text}):
                await socket.send(type="subscribe", id="q", payload={**payload, "variables": {"a": True}})
                assert (await socket.receive())["payload"]["data"] == {"__typename": "Query"}
                assert (await socket.receive())["type"] == "complete"
            for payload, code in (
                ({"documentId": "sha256:" + 64 * "0"}, "PERSISTED_QUERY_NOT_FOUND"),
                ({"query": "{ __typename }"}, "PERSISTED_DOCUMENT_REQUIRED"),
            ):
                await socket.send(type="subscribe", id="q", payload=payload)
                assert (await socket.receive())["payload"][0]["extensions"]["code"] == code

    async def test_a_warning_comes_with_the_answer(self, transactional_db, settings):
        settings.GRAPHQL_DOCUMENTS = "warn"
        async with listening() as socket:
            assert (await socket.ask("{ __typename }"))["extensions"]["warnings"] == [persisted.UNREGISTERED]

    async def test_hostile_variables_are_refused(self):
        async with listening() as socket:
            await socket.subscribe("{ __typename }", id=[1] * 3_000)
            assert (await socket.receive())["payload"][0]["extensions"]["code"] == "VARIABLES_TOO_LARGE"

    async def test_a_fault_of_ours_shows_its_number_and_not_its_text(self, stream, token, monkeypatch):
        def broken(_):
            raise RuntimeError("swordfish")

        monkeypatch.setitem(event_types.SHOWN, events.StreamPaused, broken)
        async with listening(token) as socket:
            await socket.subscribe(id=str(stream.pk))
            await socket.event()
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            text = orjson.dumps(await socket.receive())
            assert b"swordfish" not in text
            assert b"INTERNAL_ERROR" in text


class TestStanding:
    """Sockets are looked at every two seconds: here whenever the test wants."""

    async def test_a_revoked_token_closes_its_sockets_and_no_others(self, cast, token):
        other = await sync_to_async(issue_token)(cast.contributor)
        async with listening(token) as one, listening(token) as two, listening(other) as third, listening():
            await sockets.current().look()
            await sync_to_async(revoke_token)(token, viewer=cast.contributor)
            await sockets.current().look()
            assert await one.closed() == await two.closed() == 4403
            assert await third.silent()
            assert len(sockets.current()) == 2

    async def test_so_does_an_account_that_is_deactivated(self, cast, token):
        async with listening(token) as socket:
            await sync_to_async(User.objects.filter(pk=cast.contributor.pk).update)(is_active=False)
            await sockets.current().look()
            assert await socket.closed() == 4403

    async def test_so_does_a_login_that_has_ended(self, cast):
        browser = Client()
        await sync_to_async(browser.force_login)(cast.curator)
        cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
        async with listening(headers=[(b"origin", b"http://testserver"), (b"cookie", cookie)]) as socket:
            await sockets.current().look()
            assert (await socket.ask("{ viewer { username } }"))["data"] == {"viewer": {"username": "curator"}}
            await sync_to_async(browser.logout)()
            await sockets.current().look()
            assert await socket.closed() == 4403

    async def test_what_is_followed_ends_with_it(self, cast, stream, token):
        async with listening(token) as socket:
            await socket.subscribe(id=str(stream.pk))
            await socket.event()
            await sync_to_async(revoke_token)(token, viewer=cast.contributor)
            await sockets.current().look()
            assert rooms.current().followers(("stream", str(stream.pk))) == 0
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            assert await socket.closed() == 4403

    async def test_who_is_staff_no_more_asks_as_one_who_is_not(self, cast, walk):
        token = await sync_to_async(issue_token)(cast.curator)
        async with listening(token) as socket:
            assert "data" in await socket.ask("{ __schema { queryType { name } } }")
            await sync_to_async(User.objects.filter(pk=cast.curator.pk).update)(is_staff=False)
            await sockets.current().look()
            (error,) = await socket.ask("{ __schema { queryType { name } } }")
            assert error["extensions"]["code"] == "INTROSPECTION_NOT_ALLOWED"


class TestDrain:
    async def test_clients_are_told_where_to_go_on(self, stream, token):
        async with listening(token) as socket:
            await socket.subscribe(id=str(stream.pk), operation="a")
            await socket.event()
            await socket.subscribe(id=str(stream.pk), operation="b")
            await socket.event()
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            await socket.event()
            await socket.event()
            head = await sync_to_async(journal.head)(stream.session.project_id)
            await sockets.drain()
            told = {"draining": True, "cursors": {"a": str(head), "b": str(head)}}
            assert await socket.receive() == {"type": "ping", "payload": told}
            assert await socket.communicator.receive_output(3) == {
                "type": "websocket.close",
                "code": 1001,
                "reason": f"restarting; after={head}",
            }

    async def test_those_who_follow_nothing_are_told_as_well(self):
        async with listening() as socket, connected() as stranger:
            await sockets.drain()
            assert await socket.receive() == {"type": "ping", "payload": {"draining": True, "cursors": {}}}
            for each in (socket, stranger):
                assert await each.closed() == 1001


class TestRooms:
    """An event is asked about, executed and encoded once for all to whom it is the same."""

    SHORT = """subscription ($id: ID!, $after: String) {
        streamEvents(streamId: $id, after: $after) { __typename ... on LiveEvent { cursor } }
    }"""

    @pytest.fixture
    def rendered(self, monkeypatch):
        def counting(happening):
            made.append(type(happening.event))
            return kinds[type(happening.event)](happening=happening)

        made, kinds = [], dict(event_types.SHOWN)
        for kind in (events.StreamPaused, events.StreamResumed):
            monkeypatch.setitem(event_types.SHOWN, kind, counting)
        return made

    async def follow(self, socket, stream, **variables):
        await socket.subscribe(self.SHORT, operation=str(len(variables)), id=str(stream.pk), **variables)
        if "after" not in variables:
            await socket.event()

    async def test_once_for_all_who_ask_the_same(self, stream, token, rendered):
        async with listening(token) as one, listening(token) as two:
            for socket in (one, two):
                await self.follow(socket, stream)
            rendered.clear()
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            told = [await socket.event() for socket in (one, two)]
            assert told[0] == told[1]
            assert rendered == [events.StreamPaused]

    async def test_wherever_they_go_on_from(self, stream, token, rendered):
        async with listening(token) as one, listening(token) as two:
            await self.follow(one, stream)
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            cursor = (await one.event())["cursor"]
            await self.follow(two, stream, after=cursor)
            # Positions stand in no log: this one comes to all who begin.
            assert (await two.event())["__typename"] == "ListenerMoved"
            rendered.clear()
            await happens(events.StreamResumed(str(stream.pk), stream.session.project_id))
            assert await one.event() == await two.event()
            assert rendered == [events.StreamResumed]

    async def test_once_for_different_people_who_are_shown_the_same(self, cast, stream, token, rendered):
        curators = await sync_to_async(issue_token)(cast.curator)
        async with listening(token) as one, listening(curators) as two:
            for socket in (one, two):
                await self.follow(socket, stream)
            rendered.clear()
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            assert await one.event() == await two.event()
            assert rendered == [events.StreamPaused]

    @pytest.mark.parametrize("difference", ["language", "document"])
    async def test_for_others_again(self, stream, token, rendered, difference):
        headers = [(b"accept-language", b"fi")] if difference == "language" else []
        async with listening(token) as one, listening(token, headers=headers) as two:
            await self.follow(one, stream)
            if difference == "document":
                await two.subscribe(id=str(stream.pk))
                await two.event()
            else:
                await self.follow(two, stream)
            rendered.clear()
            await happens(events.StreamPaused(str(stream.pk), stream.session.project_id))
            for socket in (one, two):
                assert (await socket.event())["__typename"] == "StreamPaused"
            assert len(rendered) == 2


def counted(monkeypatch):
    """A list that grows with every statement of the database threads."""
    from backend import database

    statements = []
    execute = database._execute_before

    def counting(deadline, run, sql, *rest):
        statements.append(sql)
        return execute(deadline, run, sql, *rest)

    monkeypatch.setattr(database, "_execute_before", counting)
    return statements
