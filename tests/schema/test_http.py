"""/graphql/ over HTTP, through the ASGI application itself."""

import asyncio
import json
import threading

import httpx
import orjson
import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from backend.accounts.actions import issue_token
from backend.bus.commands import OpenStream
from backend.database import DEADLINE_SECONDS, DatabaseThreads, TookTooLong
from backend.documents.actions import register_document, sha256_of
from backend.listening.models import Stream
from schema import http as door
from schema import http_responses, persisted
from schema.execution import Answer
from schema.http import GraphQLApp, Page
from schema.http_messages import Request
from schema.http_responses import Response, send_response
from schema.root import schema
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
            (b'{"query": "{ __typename }", "variables": {"x": 1e400}}', 400),
            (b'{"query": "{ __typename } # \xff"}', 400),
            (b'{"query": "{ __typename } # \\ud800"}', 400),
            (b'{"query": "{ __typename }", "variables": {"x": ' + b"[" * 2_000 + b"]" * 2_000 + b"}}", 400),
            ({"documentId": "x"}, 400),
            ({"documentId": 3}, 400),
            ({"documentId": "sha256:" + "g" * 64}, 400),
            ({"extensions": {"persistedQuery": 3}}, 400),
            ({"extensions": {"persistedQuery": {"version": 1}}}, 400),
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


BY_SIZE = "query ($v: Int) { projects(first: $v) { totalCount } }"
BY_ID = "query ($v: [ID!]) { assets(filter: {id: {in: $v}}) { totalCount } }"
BY_FILTER = "query ($v: AssetFilter) { assets(filter: $v) { totalCount } }"
NESTED = {"not": {"not": {"not": [[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}}}


class TestHostileVariables:
    @pytest.mark.parametrize(
        ("query", "value", "code"),
        [
            (BY_SIZE, 2**70, "BAD_USER_INPUT"),
            (BY_SIZE, -(2**40), "BAD_USER_INPUT"),
            (BY_SIZE, 1.5, "BAD_USER_INPUT"),
            (BY_SIZE, "x", "BAD_USER_INPUT"),
            (BY_ID, [[["1"]]], "BAD_USER_INPUT"),
            (BY_ID, [{"a": 1}], "BAD_USER_INPUT"),
            (BY_ID, ["1"] * 3_000, "VARIABLES_TOO_LARGE"),
            (BY_FILTER, {"nothing": 1}, "BAD_USER_INPUT"),
            (BY_FILTER, {"coordinates": [0] * 100_000}, "BAD_USER_INPUT"),
            (BY_FILTER, NESTED, "VARIABLES_TOO_DEEP"),
        ],
    )
    async def test_they_are_the_clients_mistake(self, db, query, value, code):
        app = GraphQLApp(max_body_bytes=1_000_000)
        body = json.dumps({"query": query, "variables": {"v": value}}).encode()
        response = await post(body, app=app, accept=NEW)
        assert (response.status_code, code_of(response)) == (400, code)
        assert len(response.content) < 2_000

    @pytest.mark.parametrize("value", [2**63, -(2**63), 2**70, "9" * 400, "\x00", "=", "Project:1", 10**300])
    async def test_an_id_of_nothing_finds_nothing(self, transactional_db, value):
        body = json.dumps(
            {"query": "query ($id: ID!) { project(id: $id) { id } node(id: $id) { id } }", "variables": {"id": value}}
        )
        response = await post(body.encode())
        assert response.json()["data"] == {"project": None, "node": None}


class TestFaults:
    """What is our own mistake shows its number alone, and the log has the rest under it."""

    def broken(self, *_):
        raise RuntimeError("swordfish")

    async def test_within_the_data(self, monkeypatch, caplog):
        monkeypatch.setattr(schema._schema.query_type.fields["viewer"], "resolve", self.broken)
        response = await post({"query": "{ viewer { id } __typename }"})
        assert response.status_code == 200
        assert response.json()["data"] == {"viewer": None, "__typename": "Query"}
        self.check(response, caplog)

    async def test_around_it(self, monkeypatch, caplog):
        monkeypatch.setattr(door, "execute", self.broken)
        response = await post()
        assert response.status_code == 500
        assert "data" not in response.json()
        self.check(response, caplog)

    def check(self, response, caplog):
        [error] = response.json()["errors"]
        assert error["extensions"]["code"] == "INTERNAL_ERROR"
        assert error["extensions"]["id"] in caplog.text
        assert "swordfish" not in response.text
        assert "swordfish" in caplog.text


class TestCost:
    async def test_every_answer_tells_it(self):
        response = await post({"query": "{ __typename }"})
        assert response.json()["extensions"] == {"cost": {"requested": 1, "maximum": 25_000}}

    async def test_no_answer_is_kept_by_caches(self):
        assert (await get(query="{ __typename }")).headers["cache-control"] == "no-store"

    async def test_so_does_a_refusal_for_it(self, settings):
        settings.GRAPHQL_MAX_COST = 100
        response = await post({"query": "{ projects { nodes { id } } }"}, accept=NEW)
        assert (response.status_code, code_of(response)) == (400, "COST_EXCEEDED")
        assert response.json()["extensions"] == {"cost": {"requested": 111, "maximum": 100}}


@pytest.mark.django_db(transaction=True)
class TestDocumentsByHash:
    QUERY = "query Name($a: Boolean!) { __typename @include(if: $a) }"
    HASH = sha256_of(QUERY)

    @pytest.fixture
    def registered(self, transactional_db):
        persisted.forget()
        register_document(self.QUERY, name="name")

    async def test_they_are_asked_for_by_id_and_as_automatic_persisted_queries_have_it(self, registered, settings):
        settings.GRAPHQL_DOCUMENTS = "enforce"
        document_id = f"sha256:{self.HASH}"
        persisted_query = {"persistedQuery": {"version": 1, "sha256Hash": self.HASH}}
        given, in_address = {"variables": {"a": True}}, {"variables": '{"a": true}'}
        for response in (
            await post({"documentId": document_id, **given}),
            await get(documentId=document_id, headers={"accept": "text/html, */*"}, **in_address),
            await post({"extensions": persisted_query, **given}),
            await get(extensions=json.dumps(persisted_query), **in_address),
            await post({"query": self.QUERY, **given}),
        ):
            assert response.json()["data"] == {"__typename": "Query"}
        response = await post({"documentId": "sha256:" + 64 * "0"}, accept=NEW)
        assert (response.status_code, code_of(response)) == (400, "PERSISTED_QUERY_NOT_FOUND")
        response = await post()
        assert (response.status_code, code_of(response)) == (400, "PERSISTED_DOCUMENT_REQUIRED")


@pytest.mark.django_db(transaction=True)
class TestBrowsers:
    WHO = {"query": "{ viewer { username } }"}

    @pytest.fixture
    def cookie(self, cast):
        browser = Client()
        browser.force_login(cast.curator)
        return f"sessionid={browser.cookies['sessionid'].value}; csrftoken={'a' * 32}"

    async def test_one_who_is_logged_in_asks_with_the_token_of_our_page(self, cookie):
        response = await post(self.WHO, cookie=cookie, x_csrftoken="a" * 32)
        assert response.json()["data"] == {"viewer": {"username": "curator"}}
        response = await post(self.WHO, cookie=cookie)
        assert (response.status_code, code_of(response)) == (403, "CSRF_FAILED")
        assert "data" not in response.json()

    async def test_an_address_that_is_opened_from_elsewhere_asks_for_nobody(self, cookie):
        own = await get(headers={"cookie": cookie, "sec-fetch-site": "same-origin"}, **self.WHO)
        other = await get(headers={"cookie": cookie, "sec-fetch-site": "cross-site"}, **self.WHO)
        assert [answer.json()["data"]["viewer"] for answer in (own, other)] == [{"username": "curator"}, None]

    async def test_pages_of_other_hosts_are_never_sent_what_the_cookie_opens(self, cookie, settings):
        settings.CORS_ALLOW_ALL_ORIGINS = True
        response = await post(self.WHO, cookie=cookie, x_csrftoken="a" * 32, origin="https://evil.example")
        assert (response.status_code, code_of(response)) == (403, "CSRF_FAILED")
        assert "access-control-allow-credentials" not in response.headers
        assert "x-csrftoken" not in response.headers["access-control-allow-headers"]


FILE = {
    "operations": (None, '{"query": "query ($f: String) { node(id: \\"x\\") { id } }", "variables": {"f": null}}'),
    "map": (None, '{"a": ["variables.f"]}'),
    "a": ("a.wav", b"sound" * 1_000),
}


@pytest.mark.django_db(transaction=True)
class TestFiles:
    @pytest.fixture
    def token(self, cast):
        return issue_token(cast.contributor)

    @pytest.fixture
    def seen(self, monkeypatch):
        """What would be executed: the variables and the thread."""
        seen = []

        def execute(operation, context, allowed):
            file = operation.variables["f"]
            seen.append((file.name, file.read(), context.viewer.username, threading.current_thread().name))
            return Answer({"done": True}, was_executed=True)

        monkeypatch.setattr(door, "execute", execute)
        return seen

    async def send(self, *, most=1_000_000, files=FILE, **headers):
        app = GraphQLApp(max_body_bytes=100, max_upload_body_bytes=most)
        async with client(app) as http:
            return await http.post("/graphql/", files=files, headers=headers)

    async def test_they_are_taken_from_one_who_has_a_token(self, token, seen):
        response = await self.send(authorization=f"Token {token}")
        assert response.json() == {"data": {"done": True}}
        [(name, data, username, thread)] = seen
        assert (name, data, username) == ("a.wav", b"sound" * 1_000, "contributor")
        assert thread.startswith("database")

    @pytest.mark.parametrize("authorization", ["", "Token " + 40 * "0", "Basic eDp4"])
    async def test_of_anybody_else_nothing_is_read(self, cast, seen, authorization, monkeypatch):
        async def read(*_, **__):
            raise AssertionError("the body was read")

        monkeypatch.setattr(door, "in_a_file", read)
        response = await self.send(authorization=authorization)
        assert (response.status_code, code_of(response)) == (401, "NOT_AUTHENTICATED")
        assert seen == []

    async def test_a_browser_needs_the_token_of_our_page(self, cast, seen):
        browser = Client()
        await sync_to_async(browser.force_login)(cast.curator)
        cookie = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={'a' * 32}"
        response = await self.send(cookie=cookie)
        assert (response.status_code, code_of(response)) == (403, "CSRF_FAILED")
        assert (await self.send(**{"cookie": cookie, "x-csrftoken": "a" * 32})).status_code == 200
        assert [username for _, _, username, _ in seen] == ["curator"]

    async def test_a_mistake_in_the_parts_is_a_400(self, token, seen):
        response = await self.send(authorization=f"Token {token}", files={"a": FILE["a"]})
        assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")
        assert "operations" in response.json()["errors"][0]["message"]
        response = await self.send(authorization=f"Token {token}", most=1_000)
        assert (response.status_code, code_of(response)) == (413, "BAD_REQUEST")
        assert seen == []

    async def test_a_file_where_a_text_is_asked_for_is_the_clients_mistake(self, token):
        response = await self.send(authorization=f"Token {token}")
        assert code_of(response) == "GRAPHQL_VALIDATION_FAILED"
        operations = '{"query": "query ($f: ID!) { node(id: $f) { id } }", "variables": {"f": null}}'
        response = await self.send(authorization=f"Token {token}", files={**FILE, "operations": (None, operations)})
        assert code_of(response) == "BAD_USER_INPUT"


async def test_a_long_answer_goes_out_in_pieces(monkeypatch):
    monkeypatch.setattr(http_responses, "PIECE_BYTES", 10)
    for length in (0, 9, 10, 11, 20, 25):
        sent = []

        async def send(message, sent=sent):
            sent.append(message)

        await send_response(Response(200, bytes(range(length))), Request("GET", "/", "", {}), send)
        start, *pieces = sent
        assert dict(start["headers"])[b"content-length"] == str(length).encode()
        assert b"".join(piece["body"] for piece in pieces) == bytes(range(length))
        assert [piece.get("more_body", False) for piece in pieces] == [True] * (len(pieces) - 1) + [False]
        assert all(len(piece["body"]) <= 10 for piece in pieces)


@pytest.mark.django_db(transaction=True)
class TestWithTheDatabase:
    @pytest.fixture
    def walk(self, transactional_db):
        return make_walk()

    @pytest.mark.parametrize("scheme", ["Token", "bearer"])
    async def test_the_token_says_who_asks(self, cast, scheme):
        token = await sync_to_async(issue_token)(cast.contributor)
        response = await post({"query": "{ viewer { username } }"}, authorization=f"{scheme} {token}")
        assert response.json()["data"] == {"viewer": {"username": "contributor"}}

    async def test_a_wrong_token_is_a_401(self, walk):
        response = await post(authorization="Token " + 40 * "0")
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Token")
        assert code_of(response) == "NOT_AUTHENTICATED"

    async def test_the_header_says_in_which_language(self, walk):
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

    async def test_work_that_is_not_done_in_ten_seconds_is_a_503(self):
        class Late(DatabaseThreads):
            async def run(self, work, *, deadline_seconds=DEADLINE_SECONDS):
                raise TookTooLong(f"{deadline_seconds} s")

        response = await post(app=GraphQLApp(max_body_bytes=MAX_BODY_BYTES, workers=Late()))
        assert (response.status_code, code_of(response)) == (503, "DEADLINE_EXCEEDED")
        assert response.json()["errors"][0]["message"] == "10.0 s"

    async def test_work_that_finds_no_thread_is_a_503(self, walk, monkeypatch):
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
