"""The gateway as a whole: which addresses and which hosts it answers to."""

import json

import pytest
from asgiref.testing import ApplicationCommunicator

from backend.config.asgi import gateway

PROTOCOL = {"subprotocols": ["graphql-transport-ws"]}


async def handshake(path, *, host="testserver", **scope):
    """What the server is told, first."""
    headers = [(b"host", host.encode()), (b"origin", f"http://{host}".encode())]
    asked = {"type": "websocket", "path": path, "headers": headers, **PROTOCOL, **scope}
    communicator = ApplicationCommunicator(gateway(), asked)
    await communicator.send_input({"type": "websocket.connect"})
    answer = await communicator.receive_output(1)
    await communicator.send_input({"type": "websocket.disconnect", "code": 1000})
    await communicator.wait(1)
    return answer["type"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/ws/streams/7", "/ws/streams/7/"])
async def test_a_websocket_is_answered_where_there_is_one(path):
    assert await handshake(path) == "websocket.accept"


@pytest.mark.parametrize("path", ["/", "", "/ws/streams/", "/ws/streams/7/x", "/graphql/x", "/graphql\n", "/api/2/"])
async def test_elsewhere_its_handshake_is_refused(path):
    assert await handshake(path) == "websocket.close"


async def test_so_it_is_where_somebody_says_that_we_are_mounted_elsewhere():
    assert await handshake("/graphql/", root_path="/elsewhere") == "websocket.close"


async def asked(host, **options):
    """Status and body of the GraphQL door's answer."""
    headers = [*([(b"host", host.encode())] if host else []), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql/", "headers": headers, **options}
    communicator = ApplicationCommunicator(gateway(), scope)
    await communicator.send_input({"type": "http.request", "body": b'{"query": "{ __typename }"}'})
    start, body = [await communicator.receive_output(5) for _ in range(2)]
    return start["status"], json.loads(body["body"])


def answers_by_django(client, host):
    """Whether Django's handler answers to this host; of the same path for all."""
    return client.get("/api/2/", headers={"host": host}).status_code != 400


OURS = ("localhost", "localhost:8888", "LOCALHOST", "127.0.0.1:1", "a.earshot.example", "earshot.example")
OTHERS = (
    "evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "127.0.0.2",
    "[::1]:8888",
    "localhost:x",
    "",
)


@pytest.mark.django_db(transaction=True)
class TestHosts:
    @pytest.fixture(autouse=True)
    def hosts(self, settings):
        settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", ".earshot.example"]

    @pytest.mark.parametrize("host", OURS)
    async def test_those_that_are_named_are_answered(self, host):
        status, answer = await asked(host)
        assert (status, answer["data"]) == (200, {"__typename": "Query"})
        assert await handshake("/graphql/", host=host) == "websocket.accept"

    @pytest.mark.parametrize("host", OTHERS)
    async def test_no_others_are_though_the_page_be_of_the_same_host(self, host):
        for path in ("/graphql/", "/ws/streams/7/"):
            assert await handshake(path, host=host) == "websocket.close"
        if host:
            status, answer = await asked(host)
            assert (status, answer["errors"][0]["extensions"]) == (400, {"code": "BAD_REQUEST"})
            assert "ALLOWED_HOSTS" in answer["errors"][0]["message"]

    @pytest.mark.parametrize("host", [*OURS, *OTHERS])
    def test_they_are_those_that_django_answers_to(self, host, client):
        assert answers_by_django(client, host) is (host in OURS)

    async def test_without_a_host_the_address_counts_that_was_connected_to(self):
        assert (await asked("", server=("127.0.0.1", 8888)))[0] == 200
        assert (await asked("", server=("10.0.0.7", 8888)))[0] == 400

    async def test_of_two_hosts_none_is_believed(self):
        headers = [(b"host", b"localhost"), (b"host", b"localhost"), (b"content-type", b"application/json")]
        assert (await asked("", headers=headers))[0] == 400

    async def test_while_it_is_made_a_site_that_names_none_answers_to_this_machine(self, settings):
        settings.ALLOWED_HOSTS = []
        assert await handshake("/graphql/", host="localhost:8888") == "websocket.close"
        settings.DEBUG = True
        assert await handshake("/graphql/", host="any.localhost:8888") == "websocket.accept"
        assert await handshake("/graphql/", host="evil.example") == "websocket.close"
