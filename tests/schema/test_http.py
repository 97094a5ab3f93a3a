"""/graphql/ over HTTP, through the ASGI application itself."""

import asyncio
import threading

import httpx
import orjson
import pytest

from backend.accounts.actions import issue_token
from backend.bus.commands import OpenStream
from backend.database import DatabaseThreads
from backend.listening.models import Stream
from schema import http as door
from schema.http import GraphQLApp, Page
from tests.cast import INSIDE, make_walk

MAX_BODY_BYTES = 10_000
NEW = "application/graphql-response+json"
TYPENAME = {"query": "{ __typename }"}


def client(app=None):
    app = app or GraphQLApp(max_body_bytes=MAX_BODY_BYTES)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


async def post(body=TYPENAME, *, app=None, **headers):
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with client(app) as http:
        return await http.post("/graphql/", content=content, headers=headers)


async def get(app=None, headers=None, method="GET", **parameters):
    async with client(app) as http:
        return await http.request(method, "/graphql/", params=parameters, headers=headers)


def code_of(response):
    return response.json()["errors"][0]["extensions"]["code"]


class TestMediaTypes:
    @pytest.mark.parametrize(
        ("accept", "expected"),
        [
            ("application/json", "application/json"),
            ("*/*", "application/json"),
            ("application/*", "application/json"),
            (NEW, NEW),
            (f"{NEW}, application/json;q=0.9", NEW),
            (f"{NEW};q=0.5, application/json", "application/json"),
            ("text/html, */*;q=0.1", "application/json"),
        ],
    )
    async def test_the_answer_comes_as_the_client_takes_it(self, accept, expected):
        response = await post(accept=accept)
        assert response.status_code == 200
        assert response.headers["content-type"] == f"{expected}; charset=utf-8"
        assert response.json()["data"] == {"__typename": "Query"}

    async def test_one_who_takes_neither_gets_a_406(self):
        assert (await post(accept="text/csv")).status_code == 406

    @pytest.mark.parametrize("query", ["{", "{ nothing }", "query ($id: ID!) { project(id: $id) { id } }"])
    async def test_a_wrong_request_is_a_400_in_the_new_media_type_alone(self, query):
        new, old = await post({"query": query}, accept=NEW), await post({"query": query}, accept="application/json")
        assert (new.status_code, old.status_code) == (400, 200)
        assert "data" not in new.json()
        assert new.json()["errors"] == old.json()["errors"]


class TestWhatIsNoRequest:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"", 400),
            (b"{", 400),
            (b"[]", 400),
            (b"3", 400),
            (b'{"query": "{ __typename }", "variables": {"x": NaN}}', 400),
            ({}, 400),
            ({"query": ""}, 400),
            ({"query": 3}, 400),
            ({"query": "{ __typename }", "variables": []}, 400),
            ({"query": "{ __typename }", "extensions": "x"}, 400),
            ({"query": "{ __typename }", "operationName": 3}, 400),
            ([TYPENAME, TYPENAME], 400),
        ],
    )
    async def test_it_is_refused(self, body, status):
        response = await post(body)
        assert response.status_code == status
        assert code_of(response) == "BAD_REQUEST"

    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=latin1"]
    )
    async def test_only_json_in_utf_8_is_read(self, content_type):
        assert (await post(content_type=content_type)).status_code == 415

    async def test_a_body_beyond_the_cap_is_a_413(self):
        assert (await post({"query": "{ __typename }" + " " * MAX_BODY_BYTES})).status_code == 413

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
    async def test_other_methods_are_told_which_are_taken(self, method):
        response = await get(method=method)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, OPTIONS")


class TestGet:
    async def test_a_query_is_answered(self):
        response = await get(query="query ($a: Boolean!) { __typename @include(if: $a) }", variables='{"a": true}')
        assert response.json()["data"] == {"__typename": "Query"}

    async def test_a_mutation_is_not(self):
        response = await get(query='mutation { registerDevice(input: {deviceId: "x"}) { __typename } }')
        assert (response.status_code, response.headers["allow"]) == (405, "POST, OPTIONS")

    async def test_a_subscription_is_sent_to_the_websocket(self):
        response = await get(query='subscription { streamEvents(streamId: "x") { __typename } }')
        assert response.status_code == 400

    async def test_variables_that_are_no_json_are_refused(self):
        assert (await get(query="{ __typename }", variables="{")).status_code == 400

    async def test_a_browser_gets_the_page_and_a_client_the_answer(self):
        page = Page(lambda address: f"<p>{address}", {"content-type": "text/html", "x-content-type-options": "nosniff"})
        app = GraphQLApp(page, max_body_bytes=MAX_BODY_BYTES)
        browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        response = await get(app, browser)
        assert (response.status_code, response.text) == (200, "<p>/graphql/")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert (await get(app, browser, query="{ __typename }")).json()["data"] == {"__typename": "Query"}
        assert (await get(None, browser)).status_code == 400


class TestOtherOrigins:
    async def test_they_are_let_in_where_the_settings_say_so(self, settings):
        settings.CORS_ALLOW_ALL_ORIGINS = True
        preflight = await get(method="OPTIONS", headers={"origin": "https://evil.example"})
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "authorization" in preflight.headers["access-control-allow-headers"]
        assert (await post()).headers["access-control-allow-origin"] == "*"

    async def test_those_that_are_named_are_let_in_and_no_look_alikes(self, settings):
        settings.CORS_ALLOWED_ORIGINS = ["https://walk.example"]
        allowed = await post(origin="https://walk.example")
        assert allowed.headers["access-control-allow-origin"] == "https://walk.example"
        for evil in ("https://walk.example.evil", "http://walk.example", "null"):
            assert "access-control-allow-origin" not in (await post(origin=evil)).headers

    async def test_they_are_kept_out_by_default(self):
        assert "access-control-allow-origin" not in (await post(origin="https://evil.example")).headers


@pytest.mark.django_db(transaction=True)
class TestWithTheDatabase:
    @pytest.fixture
    def walk(self, transactional_db):
        return make_walk()

    @pytest.mark.parametrize("scheme", ["Token", "bearer"])
    async def test_the_token_says_who_asks(self, cast, scheme):
        from asgiref.sync import sync_to_async

        token = await sync_to_async(issue_token)(cast.contributor)
        response = await post({"query": "{ viewer { username } }"}, authorization=f"{scheme} {token}")
        assert response.json()["data"] == {"viewer": {"username": "contributor"}}

    async def test_a_wrong_token_is_a_401(self, walk):
        response = await post(authorization="Token " + 40 * "0")
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Token")
        assert code_of(response) == "NOT_AUTHENTICATED"

    async def test_the_header_says_in_which_language(self, walk):
        from asgiref.sync import sync_to_async

        await sync_to_async(walk.project.description_texts.create)(text="A walk", language_id=1)
        response = await post({"query": "{ projects { nodes { description } } }"}, accept_language="fi")
        assert response.json()["data"]["projects"]["nodes"] == [{"description": "A walk"}]

    async def test_a_whole_visit(self, walk, recording_bus):
        async def do(mutation, selection, given, token=None):
            kind = mutation[0].upper() + mutation[1:]
            payload = f"... on {kind}Success {{ {selection} }}"
            query = f"mutation ($i: {kind}Input!) {{ p: {mutation}(input: $i) {{ {payload} }} }}"
            headers = {"authorization": f"Token {token}"} if token else {}
            return (await post({"query": query, "variables": {"i": given}}, **headers)).json()["data"]["p"]

        token = (await do("registerDevice", "token", {"deviceId": "d", "clientType": "web"}))["token"]
        visit = await do("createSession", "session { id }", {"projectId": str(walk.project.pk)}, token)
        opened = await do(
            "openStream", "stream { id url state }", {"sessionId": visit["session"]["id"], **INSIDE}, token
        )
        assert opened["stream"]["state"] == "PLAYING"
        assert (await Stream.objects.aget()).key in opened["stream"]["url"]
        assert [command.stream_id for command in recording_bus.sent_of(OpenStream)] == [
            str((await Stream.objects.aget()).pk)
        ]

    async def test_work_that_takes_too_long_is_a_503(self, walk, monkeypatch):
        let_go = threading.Event()
        workers = DatabaseThreads(threads=1, most_jobs=1)
        monkeypatch.setattr(door, "_asked", lambda *_: let_go.wait(5))
        app = GraphQLApp(max_body_bytes=MAX_BODY_BYTES, workers=workers)
        first = asyncio.create_task(post(app=app))
        await asyncio.sleep(0.05)
        response = await post(app=app)
        assert (response.status_code, response.headers["retry-after"]) == (503, "5")
        assert code_of(response) == "OVERLOADED"
        let_go.set()
        first.cancel()
