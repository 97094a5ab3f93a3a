"""A gateway that is told to stop says where to go on; whoever goes on there misses nothing."""

import json
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.journeys.conftest import DemoServer
from tests.journeys.graphql_client import GraphQLClient
from tests.journeys.test_crashes import PATIENCE_SECONDS, pid_of
from tests.patience import wall_clock

ENDS_WITHIN_SECONDS = 5.0
HERE = {"latitude": 60.17, "longitude": 24.94}
EVENTS = """subscription ($id: ID!, $after: String) {
  projectEvents(projectId: $id, after: $after, types: [STREAM_OPENED, STREAM_PAUSED, STREAM_CLOSED]) {
    __typename ... on LiveEvent { cursor }
  }
}"""


class Follower:
    """Somebody who follows the events of a project."""

    def __init__(self, socket: ClientConnection, token: str, **variables: Any) -> None:
        self._socket = socket
        self.say(type="connection_init", payload={"authorization": f"Bearer {token}"})
        assert self.hear() == {"type": "connection_ack"}
        self.say(type="subscribe", id="1", payload={"query": EVENTS, "variables": variables})

    def say(self, **message: Any) -> None:
        self._socket.send(json.dumps(message))

    def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(PATIENCE_SECONDS))
        return message

    def event(self) -> dict[str, Any]:
        """The next one's `__typename` and cursor."""
        event: dict[str, Any] = self.hear()["payload"]["data"]["projectEvents"]
        return event

    def goodbye(self) -> tuple[int, str]:
        """The code and the reason of the close that comes next."""
        try:
            message = self.hear()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code, closed.rcvd.reason
        raise AssertionError(message)


@contextmanager
def following(server: DemoServer, token: str, **variables: Any) -> Iterator[Follower]:
    """As soon as somebody answers."""
    url = server.url.replace("http", "ws") + "/graphql/"
    deadline = time.monotonic() + PATIENCE_SECONDS
    with ExitStack() as stack:
        while True:
            try:
                socket = stack.enter_context(connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]))
                break
            except OSError:
                assert time.monotonic() < deadline, "the gateway does not answer"
                time.sleep(0.1)
        yield Follower(socket, token, **variables)


@wall_clock
def test_a_follower_goes_on_where_the_gateway_said_goodbye(demo_server: DemoServer) -> None:
    client = GraphQLClient(demo_server, str(uuid.uuid4()))
    project = client.ask("{ projects { nodes { id } } }")["projects"]["nodes"][0]["id"]
    visit = client.mutate("createSession", "session { id }", projectId=project)["session"]["id"]
    with following(demo_server, client.token, id=project) as follower:
        follower.say(type="ping")
        assert follower.hear() == {"type": "pong"}
        stream = client.mutate("openStream", "stream { id }", sessionId=visit, **HERE)["stream"]["id"]
        opened = follower.event()
        assert opened["__typename"] == "StreamOpened"

        gateway = pid_of(demo_server, "gateway")
        assert gateway is not None
        began = time.monotonic()
        os.kill(gateway, signal.SIGTERM)
        told = follower.hear()
        assert (told["type"], told["payload"]["draining"]) == ("ping", True)
        cursor = told["payload"]["cursors"]["1"]
        assert follower.goodbye() == (1001, f"restarting; after={cursor}")
    while pid_of(demo_server, "gateway") == gateway:
        assert time.monotonic() - began < ENDS_WITHIN_SECONDS, "the gateway does not end"
        time.sleep(0.02)

    with following(demo_server, client.token, id=project, after=cursor) as follower:
        client.mutate("pauseStream", "stream { id }", streamId=stream)
        assert follower.event()["__typename"] == "StreamPaused"
    with following(demo_server, client.token, id=project, after=opened["cursor"]) as follower:
        assert follower.event()["__typename"] == "StreamPaused"
