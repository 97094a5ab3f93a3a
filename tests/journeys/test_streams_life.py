"""What a stream's listener does not want to hear is silent at once; what is new is heard at once; why, it tells."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import PASSWORD, Demo, DemoServer
from tests.journeys.graphql_client import GraphQLClient
from tests.journeys.test_frontend import EVENTS, PATIENCE_SECONDS, opened, until, zones_of_tones
from tests.patience import wall_clock

# A fade of 0.4 s, the beat, and what messages take on a busy machine.
FADED_WITHIN_SECONDS = 1.0
HEARD_WITHIN_SECONDS = 2.0

FAR_AWAY = {"latitude": 65.0, "longitude": 25.5}
IDLE_SECONDS = 3

STATE = "query ($id: ID!) { stream(id: $id) { state url } }"
EXPLAIN = """query ($stream: ID!, $asset: ID!) {
  explainAsset(streamId: $stream, assetId: $asset) { playable reasons { rule passed detail } }
}"""


@dataclass(frozen=True)
class Visit:
    """Somebody who listens in a zone, and what they are told."""

    client: GraphQLClient
    session_id: str
    stream: dict[str, Any]
    events: AsyncIterator[dict[str, Any]]

    async def start(self) -> dict[str, Any]:
        return await until(self.events, lambda event: event["__typename"] == "AssetStarted")

    async def end_of(self, started: dict[str, Any]) -> None:
        await until(self.events, lambda event: event.get("playId") == started["playId"] and "playedSeconds" in event)


@asynccontextmanager
async def visiting(client: GraphQLClient) -> AsyncIterator[Visit]:
    project_id, (zone, *_) = zones_of_tones(client)
    stream = opened(client, project_id, zone["place"])
    row = client.ask("query ($id: ID!) { stream(id: $id) { session { id } } }", id=stream["id"])["stream"]
    said = EVENTS.replace("playId asset {", "playId assetId asset {")
    with httpx.stream("GET", stream["url"], timeout=10):
        async with client.events(stream["id"], said) as events:
            yield Visit(client, row["session"]["id"], stream, events)


@pytest.fixture
def client(demo_server: DemoServer) -> GraphQLClient:
    return GraphQLClient(demo_server, secrets.token_hex(16))


@pytest.fixture
def curator(demo_server: DemoServer) -> GraphQLClient:
    staff = GraphQLClient(demo_server, secrets.token_hex(16))
    staff.token = staff.mutate("login", "token", username="curator", password=PASSWORD)["token"]
    return staff


@wall_clock
async def test_a_blocked_recording_fades_at_once_and_is_explained(client: GraphQLClient) -> None:
    async with visiting(client) as visit:
        started = await visit.start()
        vote = {"sessionId": visit.session_id, "assetId": started["assetId"], "voteType": "BLOCK_ASSET"}
        client.mutate("voteAsset", "asset { id }", **vote)
        blocked_at = time.monotonic()
        await visit.end_of(started)
        assert time.monotonic() - blocked_at < FADED_WITHIN_SECONDS
        said = client.ask(EXPLAIN, stream=visit.stream["id"], asset=started["assetId"])["explainAsset"]
        assert not said["playable"]
        assert "blocked" in {reason["rule"] for reason in said["reasons"] if not reason["passed"]}
        client.mutate("voteAsset", "asset { id }", **vote)


def moderate(curator: GraphQLClient, asset_id: str, *, submitted: bool) -> None:
    curator.mutate("moderateAssets", "assets { nodes { id } }", ids=[asset_id], submitted=submitted)


@contextmanager
def restoring(curator: GraphQLClient, asset_id: str) -> Iterator[None]:
    """What was withdrawn is approved in the end."""
    try:
        yield
    finally:
        moderate(curator, asset_id, submitted=True)


@wall_clock
async def test_what_is_withdrawn_fades_and_what_is_approved_is_heard(
    client: GraphQLClient, curator: GraphQLClient
) -> None:
    async with visiting(client) as visit:
        started = await visit.start()
        await asyncio.sleep(1)
        moderate(curator, started["assetId"], submitted=False)
        withdrawn_at = time.monotonic()
        # Whatever comes of it, those who come next find the place as it was.
        with restoring(curator, started["assetId"]):
            await visit.end_of(started)
            assert time.monotonic() - withdrawn_at < FADED_WITHIN_SECONDS
            await is_heard_when_approved(client, curator, started)


async def is_heard_when_approved(client: GraphQLClient, curator: GraphQLClient, started: dict[str, Any]) -> None:
    other = GraphQLClient(client._server, secrets.token_hex(16))
    async with visiting(other) as visit:
        await asyncio.sleep(2)
        moderate(curator, started["assetId"], submitted=True)
        approved_at = time.monotonic()
        heard = await visit.start()
        while heard["assetId"] != started["assetId"]:
            heard = await visit.start()
        assert time.monotonic() - approved_at < HEARD_WITHIN_SECONDS


async def test_who_walks_away_is_told_and_who_comes_back_hears_the_place_again(client: GraphQLClient) -> None:
    async with visiting(client) as visit:
        started = await visit.start()
        _, (zone, *_) = zones_of_tones(client)
        stream_id = visit.stream["id"]
        client.mutate("moveListener", "stream { id }", streamId=stream_id, **FAR_AWAY)
        await until(visit.events, lambda event: event["__typename"] == "RangeLeft")
        await visit.end_of(started)
        state_becomes(client, stream_id, "OUT_OF_RANGE")
        moved = client.mutate("moveListener", "stream { state }", streamId=stream_id, **zone["place"])
        assert moved["stream"]["state"] == "PLAYING"
        await until(visit.events, lambda event: event["__typename"] == "RangeEntered")


async def test_a_stream_that_nobody_wants_falls_idle_and_the_same_address_brings_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAM_IDLE_SECONDS", str(IDLE_SECONDS))
    demo = Demo(tmp_path)
    try:
        client = GraphQLClient(demo.server(), secrets.token_hex(16))
        async with visiting(client) as visit:
            stream_id = visit.stream["id"]
            await visit.start()
            await asyncio.sleep(2 * IDLE_SECONDS)
            assert client.ask(STATE, id=stream_id)["stream"]["state"] == "PLAYING"
        async with client.events(stream_id, EVENTS) as events:
            closed = await until(events, lambda event: event["__typename"] == "StreamClosed")
        assert closed["reason"] == "IDLE"
        state_becomes(client, stream_id, "IDLE")
        with httpx.stream("GET", visit.stream["url"], timeout=10) as audio:
            assert audio.status_code == 200
            state_becomes(client, stream_id, "PLAYING")
        assert client.ask(STATE, id=stream_id)["stream"]["url"] == visit.stream["url"]
        state_becomes(client, stream_id, "IDLE")
        beat = client.mutate("heartbeat", "stream { state }", streamId=stream_id)
        assert beat["stream"]["state"] == "PLAYING"
        client.mutate("closeStream", "stream { state }", streamId=stream_id)
        assert client.mutate("heartbeat", "stream { state }", streamId=stream_id)["code"] == "STREAM_CLOSED"
        gone = await asyncio.to_thread(httpx.get, visit.stream["url"])
        assert gone.status_code == 404
    finally:
        demo.interrupt()


def state_becomes(client: GraphQLClient, stream_id: str, state: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (now := client.ask(STATE, id=stream_id)["stream"]["state"]) != state:
        assert time.monotonic() < deadline, f"it is {now} and not {state}"
        time.sleep(0.1)
