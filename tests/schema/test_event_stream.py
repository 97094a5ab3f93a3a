"""Subscriptions over server-sent events: the same events, errors as HTTP has them, and a place to go on from."""

import asyncio
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from backend import bus
from backend.accounts.actions import issue_token
from backend.accounts.models import Token
from backend.bus import events
from backend.bus.events import MixedSpeaker, MixPlanned, MixPoint
from backend.geo.position import Position
from backend.journal import queries as journal
from backend.listening.models import Stream
from realtime import rooms, sockets
from realtime.membership import MOST_EVENTS
from schema import event_stream
from schema.ids import global_id
from tests.cast import INSIDE, make_session, make_walk
from tests.patience import until
from tests.schema.event_source import Outflow, asked
from tests.schema.test_consumers import happens, listening
from tests.schema.test_mix_plan import watched

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = """subscription ($id: ID!, $after: String) {
  streamEvents(streamId: $id, after: $after) { __typename ... on LiveEvent { cursor } ... on Lagged { missed resync } }
}"""
MIX = "subscription ($id: ID!) { mixPlan(streamId: $id) { speakers { url } } }"
NEW = "application/graphql-response+json"


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def stream(walk, cast):
    return Stream.objects.create(session=make_session(walk.project, cast.contributor), **INSIDE)


@pytest.fixture
def token(cast):
    return f"Token {issue_token(cast.contributor)}"


def following(stream, token, query=EVENTS, **options):
    variables = {"id": str(stream.pk), **options.pop("variables", {})}
    return asked(query, variables=variables, authorization=token, **options)


async def kind(answer):
    return (await answer.event())["data"]["data"]["streamEvents"]["__typename"]


def paused(stream):
    return events.StreamPaused(str(stream.pk), stream.session.project_id)


async def head(stream):
    return str(await sync_to_async(journal.head)(stream.session.project_id))


class TestEvents:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_each_comes_with_its_cursor_and_the_last_is_followed_by_the_end(self, stream, token, method):
        async with following(stream, token, method=method) as answer:
            assert await answer.block() == ":"
            assert answer.status == 200
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
            assert (await answer.event())["data"]["data"]["streamEvents"]["__typename"] == "ListenerMoved"
            await happens(paused(stream))
            cursor = await head(stream)
            told = {"__typename": "StreamPaused", "cursor": cursor}
            assert await answer.event() == {"event": "next", "id": cursor, "data": {"data": {"streamEvents": told}}}
            await happens(events.StreamClosed(str(stream.pk), stream.session.project_id, "CLOSED"))
            assert await kind(answer) == "StreamClosed"
            assert await answer.event() == {"event": "complete", "data": None}
            assert await answer.event() is None
            await asyncio.wait_for(answer.task, 5)

    async def test_an_event_is_executed_once_for_both_wires(self, stream, token):
        raw = token.removeprefix("Token ")
        async with listening(raw) as socket, following(stream, token) as answer:
            await socket.subscribe(EVENTS, id=str(stream.pk))
            await socket.event()
            await answer.event()
            assert rooms.current().followers(("stream", str(stream.pk))) == 2
            assert len(rooms.current()._rooms) == 1
            await happens(paused(stream))
            assert (await socket.receive())["payload"] == (await answer.event())["data"]

    async def test_a_client_that_was_away_goes_on_after_its_last_event(self, stream, token):
        before = await head(stream)
        for _ in range(2):
            await happens(paused(stream))
        async with following(stream, token, last_event_id=before) as answer:
            assert [await kind(answer) for _ in range(3)] == ["StreamPaused", "StreamPaused", "ListenerMoved"]
        async with following(stream, token, last_event_id=await head(stream), variables={"after": before}) as answer:
            assert await kind(answer) == "StreamPaused"

    async def test_a_plan_of_the_mix_comes_too(self, stream, token):
        async with following(stream, token, MIX) as answer:
            await watched(stream)
            now = datetime.now(UTC)
            sound = MixedSpeaker(None, "https://sounds.example/far.mp3", 60.0, 0.0, (MixPoint(0.0, 1.0),))
            until_ = now + timedelta(seconds=30)
            bus.publish(MixPlanned(str(stream.pk), stream.session.project_id, now, until_, 2.5, (sound,), ()))
            told = {"data": {"mixPlan": {"speakers": [{"url": "https://sounds.example/far.mp3"}]}}}
            assert await answer.event() == {"event": "next", "data": told}
            bus.publish(events.StreamClosed(str(stream.pk), stream.session.project_id, "CLOSED"))
            assert (await answer.event())["event"] == "complete"

    async def test_one_of_several_operations_is_chosen_by_name(self, stream, token):
        both = EVENTS.replace("subscription (", "query A { __typename } subscription B(")
        async with following(stream, token, both, name="B") as answer:
            assert await kind(answer) == "ListenerMoved"

    async def test_who_goes_is_followed_by_nobody(self, stream, token):
        async with following(stream, token) as answer:
            await answer.event()
            assert rooms.current().followers(("stream", str(stream.pk))) == 1
            assert len(sockets.current()) == 1
        assert rooms.current().followers(("stream", str(stream.pk))) == 0
        assert len(sockets.current()) == 0


class TestWhatIsWrongBeforeTheFirstEvent:
    async def error(self, answer):
        body = await answer.body()
        assert answer.headers["content-type"] == f"{NEW}; charset=utf-8"
        assert "data" not in body
        return answer.status, body["errors"][0]["extensions"]["code"]

    async def test_a_strangers_stream_is_not_found(self, cast, stream):
        strangers = f"Token {await sync_to_async(issue_token)(cast.stranger)}"
        for given in (strangers, None):
            async with following(stream, given) as answer:
                assert await self.error(answer) == (400, "NOT_FOUND")
            assert rooms.current().followers(("stream", str(stream.pk))) == 0

    async def test_a_wrong_token_is_a_401(self, stream):
        async with following(stream, "Token " + 40 * "0") as answer:
            assert await self.error(answer) == (401, "NOT_AUTHENTICATED")
            assert answer.headers["www-authenticate"] == "Token"

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("subscription {", "GRAPHQL_PARSE_FAILED"),
            ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
            ('subscription { streamEvents(streamId: "x", after: "y") { __typename } }', "INVALID_INPUT"),
        ],
    )
    async def test_a_wrong_operation_is_a_400(self, walk, query, code):
        async with asked(query) as answer:
            assert await self.error(answer) == (400, code)

    async def test_a_last_event_that_is_none_is_said_so(self, stream, token):
        async with following(stream, token, last_event_id="17") as answer:
            assert await self.error(answer) == (400, "INVALID_INPUT")

    async def test_where_only_json_is_taken_a_subscription_is_a_400(self, stream, token):
        async with following(stream, token, accept="application/json") as answer:
            assert (await answer.body())["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
            assert answer.status == 400


class TestOneAnswer:
    async def test_a_query_is_told_as_one_event(self, walk):
        async with asked("{ __typename }") as answer:
            told = await answer.event()
            assert (told["event"], told["data"]["data"]) == ("next", {"__typename": "Query"})
            assert "id" not in told
            assert await answer.event() == {"event": "complete", "data": None}
            assert await answer.event() is None

    async def test_a_mutation_is_told_so_by_post_alone(self, walk):
        mutation = 'mutation { registerDevice(input: {deviceId: "d"}) { __typename } }'
        async with asked(mutation) as answer:
            assert (await answer.event())["data"]["data"] == {"registerDevice": {"__typename": "RegisterDeviceSuccess"}}
        async with asked(mutation, method="GET") as answer:
            assert (await answer.body())["errors"]
            assert answer.status == 405

    @pytest.mark.parametrize(
        ("accept", "expected"),
        [
            (f"{NEW}, application/json, text/event-stream", f"{NEW}; charset=utf-8"),
            (f"application/json;q=0.5, {NEW};q=0.4, text/event-stream", "text/event-stream; charset=utf-8"),
            ("text/event-stream;q=0.1, application/json", "application/json; charset=utf-8"),
            ("text/event-stream, application/json", "text/event-stream; charset=utf-8"),
        ],
    )
    async def test_it_comes_as_the_client_likes_it_best(self, walk, accept, expected):
        async with asked("{ __typename }", accept=accept) as answer:
            await until(lambda: answer.is_complete)
            assert answer.headers["content-type"] == expected


class TestBrowsers:
    @pytest.fixture
    def cookie(self, cast):
        browser = Client()
        browser.force_login(cast.curator)
        return f"sessionid={browser.cookies['sessionid'].value}"

    async def test_a_cookie_counts_for_our_own_pages(self, stream, cookie):
        options = {"method": "GET", "variables": {"id": str(stream.pk)}, "cookie": cookie}
        async with asked(EVENTS, sec_fetch_site="same-origin", **options) as answer:
            assert await kind(answer) == "ListenerMoved"
        async with asked(EVENTS, sec_fetch_site="cross-site", **options) as answer:
            assert (await answer.body())["errors"][0]["extensions"]["code"] == "NOT_FOUND"

    async def test_pages_of_other_hosts_follow_where_the_settings_say_so(self, stream, token, settings):
        origin = "https://walk.example"
        async with following(stream, token, origin=origin) as answer:
            await answer.event()
            assert "access-control-allow-origin" not in answer.headers
        settings.CORS_ALLOWED_ORIGINS = [origin]
        async with following(stream, token, origin=origin) as answer:
            await answer.event()
            assert answer.headers["access-control-allow-origin"] == origin
            assert "last-event-id" in answer.headers["access-control-allow-headers"]


class TestALongConnection:
    async def test_a_comment_keeps_it_awake(self, stream, token, monkeypatch):
        async with following(stream, token) as answer:
            await answer.event()
            (open_stream,) = sockets.current()._sockets
            now = asyncio.get_running_loop().time()
            open_stream.stay_awake(now + event_stream.COMMENT_SECONDS - 0.5)
            assert await answer.silent()
            open_stream.stay_awake(now + event_stream.COMMENT_SECONDS + 0.5)
            assert await answer.block() == ":"

    async def test_a_revoked_token_ends_it(self, stream, token):
        async with following(stream, token) as answer:
            await answer.event()
            await Token.objects.aupdate(revoked_at=datetime.now(UTC))
            await sockets.current().look()
            assert await answer.block() == ": 4403 Forbidden"
            assert await answer.event() is None
            await happens(paused(stream))
            assert await answer.silent()

    async def test_when_the_server_stops_it_ends_without_being_complete(self, stream, token):
        async with following(stream, token) as answer:
            await answer.event()
            sockets.current().drain()
            assert await answer.block() == ": 1001 restarting"
            assert await answer.event() is None
            await asyncio.wait_for(answer.task, 5)

    async def test_who_does_not_read_is_told_how_much_was_lost(self, stream, token):
        async with following(stream, token) as answer:
            await answer.event()
            answer.may_write.clear()
            for _ in range(MOST_EVENTS + 40):
                await happens(paused(stream))
            await asyncio.sleep(0.2)
            answer.may_write.set()
            told = []
            while not told or told[-1]["__typename"] != "Lagged":
                told.append((await answer.event())["data"]["data"]["streamEvents"])
            assert len(told) - 1 + told[-1]["missed"] == MOST_EVENTS + 40
            assert told[-1]["resync"] == told[-2]["cursor"]

    async def test_what_the_connection_still_holds_counts(self, stream, token):
        outflow = Outflow()
        async with following(stream, token, outflow=outflow) as answer:
            await answer.event()
            outflow.unsent = 1 << 20
            for _ in range(3):
                await happens(paused(stream))
            bus.publish(events.ListenerMoved(str(stream.pk), stream.session.project_id, Position(60.2, 24.9)))
            assert await answer.silent(0.2)
            outflow.unsent = 0
            told = (await answer.event())["data"]["data"]["streamEvents"]
            assert (told["__typename"], told["missed"]) == ("Lagged", 3)
            assert await kind(answer) == "ListenerMoved"

    async def test_a_fault_while_it_goes_on_shows_its_number_alone(self, stream, token, monkeypatch):
        from schema import streaming

        async def broken(self):
            raise RuntimeError("swordfish")
            yield

        monkeypatch.setattr(streaming.Subscription, "payloads", broken)
        async with following(stream, token, MIX) as answer:
            told = await answer.event()
            assert told["data"]["errors"][0]["extensions"]["code"] == "INTERNAL_ERROR"
            assert b"swordfish" not in orjson.dumps(told)
            assert (await answer.event())["event"] == "complete"


async def test_presence_comes_over_this_wire_too(walk, cast, stream):
    curators = f"Token {await sync_to_async(issue_token)(cast.curator)}"
    query = """subscription ($id: ID!) {
      listeners(projectId: $id) { __typename ... on ListenersSnapshot { listeners { streamId } } }
    }"""
    async with asked(query, variables={"id": str(walk.project.pk)}, authorization=curators) as answer:
        told = (await answer.event())["data"]["data"]["listeners"]
        assert told["listeners"] == [{"streamId": global_id("Stream", stream.pk)}]
