"""The gateway as a whole: which addresses and which hosts it answers to."""

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
