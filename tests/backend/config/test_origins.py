"""Only our own pages, those that are named, and apps that are no pages may open websockets."""

import pytest
from asgiref.testing import ApplicationCommunicator

from backend.config.origins import FromAllowedOrigins, Origins

OURS = "https://earshot.example"
HOST = "earshot.example"
NAMED = ("https://walks.example", "http://localhost:3000")


@pytest.fixture
def origins():
    return Origins(f"{OURS}/", NAMED)


@pytest.mark.parametrize(
    "origin",
    [
        OURS,
        "HTTPS://Earshot.Example",
        "https://earshot.example:443",
        *NAMED,
        "https://walks.example:443",
    ],
)
def test_our_own_pages_and_those_that_are_named_may(origins, origin):
    assert origins.allow(origin, HOST)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "file://",
        "https://",
        "https://[",
        "https://earshot.example:notaport",
        "https://earshot.example:70000",
        "earshot.example",
        "https://evil-earshot.example",
        "https://earshot.example.evil.example",
        "https://evil.example/https://earshot.example",
        "https://earshot.example@evil.example",
        "https://user@earshot.example",
        "https://earshot.example/",
        "https://earshot.example?x",
        "https://sub.earshot.example",
        "https://earshot.example.",
        "https://earshot.example:8443",
        "https://earshot.example\tx",
        "http://earshot.example",
        "ws://earshot.example",
        "chrome-extension://earshot.example",
        "http://walks.example",
        "https://walks.example:3000",
        "http://localhost:3001",
        "http://localhost",
    ],
)
def test_no_others_may(origins, origin):
    assert not origins.allow(origin, HOST)


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        ("http://192.168.1.7:8000", "192.168.1.7:8000", True),
        ("https://192.168.1.7", "192.168.1.7", True),
        ("https://192.168.1.7", "192.168.1.7:443", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://192.168.1.7:8001", "192.168.1.7:8000", False),
        ("http://192.168.1.7", "192.168.1.7:8000", False),
        ("http://192.168.1.8:8000", "192.168.1.7:8000", False),
        ("https://192.168.1.7", "", False),
        ("https://192.168.1.7", "192.168.1.7/", False),
    ],
)
def test_a_page_of_the_host_that_it_asks_may_by_whatever_address(origins, origin, host, may):
    assert origins.allow(origin, host) is may


def test_a_page_that_came_without_tls_may_where_ours_do_too():
    assert Origins("http://earshot.example").allow("http://earshot.example", HOST)


def test_a_demonstration_lets_in_what_is_made_on_its_own_machine():
    origins = Origins("http://localhost:8000", allows_this_machine=True)
    for origin in ("http://localhost:5173", "https://127.0.0.1:3000", "http://[::1]"):
        assert origins.allow(origin, "localhost:8000")
    for origin in ("http://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example"):
        assert not origins.allow(origin, "localhost:8000")


def test_all_may_only_where_the_settings_say_so():
    assert Origins(OURS, ["*"]).allow("https://anything.example", HOST)


async def handshake(origins, *headers):
    """What the server is told, first."""

    async def accept(scope, receive, send):
        await send({"type": "websocket.accept"})

    headers = [(b"host", HOST.encode()), *((b"origin", each) for each in headers)]
    communicator = ApplicationCommunicator(
        FromAllowedOrigins(accept, origins), {"type": "websocket", "path": "/any/", "headers": headers}
    )
    await communicator.send_input({"type": "websocket.connect"})
    return await communicator.receive_output(1)


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ([], "websocket.accept"),
        ([OURS.encode()], "websocket.accept"),
        ([b"https://evil.example"], "websocket.close"),
        ([b"null"], "websocket.close"),
        ([OURS.encode(), b"https://evil.example"], "websocket.close"),
    ],
)
async def test_the_rest_is_refused_before_it_is_accepted(origins, headers, answer):
    assert (await handshake(origins, *headers))["type"] == answer


def test_every_websocket_of_the_gateway_is_asked_about():
    from backend.config.asgi import gateway

    assert isinstance(gateway().application_mapping["websocket"], FromAllowedOrigins)
