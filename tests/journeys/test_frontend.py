"""A frontend's trip: a device, a session, a stream, what it does as a subscription, and its end."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest import approx

from tests.journeys.conftest import DemoServer
from tests.journeys.graphql_client import GraphQLClient

TONES = """{ projects { edges { node { id name speakers(first: 100) { edges { node { id code shape } } } } } } }"""
EVENTS = """
  ... on ListenerMoved { latitude longitude }
  ... on GainsChanged { gains { speaker { code } gain } }
  ... on AssetStarted { playId asset { description } plannedSeconds }
  ... on AssetEnded { playId playedSeconds }
  ... on StreamClosed { reason }
"""
PATIENCE_SECONDS = 20


@pytest.fixture
def client(demo_server: DemoServer) -> GraphQLClient:
    return GraphQLClient(demo_server, secrets.token_hex(16))


def zones_of_tones(client: GraphQLClient) -> tuple[str, list[dict[str, Any]]]:
    """The project's id, and its zones with a place in the middle of each."""
    projects = [edge["node"] for edge in client.ask(TONES)["projects"]["edges"]]
    project = next(project for project in projects if project["name"] == "Tones")
    zones = [edge["node"] for edge in project["speakers"]["edges"]]
    for zone in zones:
        longitudes, latitudes = zip(*zone["shape"]["coordinates"][0][0], strict=True)
        zone["place"] = {
            "latitude": (min(latitudes) + max(latitudes)) / 2,
            "longitude": (min(longitudes) + max(longitudes)) / 2,
        }
    return project["id"], zones


def opened(client: GraphQLClient, project_id: str, place: dict[str, float]) -> dict[str, Any]:
    session = client.mutate("createSession", "session { id }", projectId=project_id)["session"]
    return client.mutate("openStream", "stream { id url state }", sessionId=session["id"], **place)["stream"]


async def until(events: Any, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for event in events:
            if is_it(event):
                return event
    raise AssertionError("the events ended")


def is_gain_of(code: str) -> Callable[[dict[str, Any]], bool]:
    return lambda event: (
        event["__typename"] == "GainsChanged" and [gain["speaker"]["code"] for gain in event["gains"]] == [code]
    )


async def test_what_the_stream_does_is_told_to_its_listener(client: GraphQLClient) -> None:
    project_id, (here, there, *_) = zones_of_tones(client)
    stream = opened(client, project_id, here["place"])
    assert stream["state"] == "PLAYING"
    with httpx.stream("GET", stream["url"], timeout=10) as audio:
        assert audio.headers["content-type"] == "audio/mpeg"
        async with client.events(stream["id"], EVENTS) as events:
            await until(events, is_gain_of(here["code"]))
            started = await until(events, lambda event: event["__typename"] == "AssetStarted")
            assert 200 < float(started["asset"]["description"]) < 4_000
            moved = client.mutate("moveListener", "stream { id state }", streamId=stream["id"], **there["place"])
            assert moved["stream"]["id"] == stream["id"]
            event = await until(events, lambda event: event["__typename"] == "ListenerMoved")
            assert (event["latitude"], event["longitude"]) == approx(tuple(there["place"].values()))
            await until(events, is_gain_of(there["code"]))
            client.mutate("skipAsset", "stream { id }", streamId=stream["id"])
            ended = await until(events, lambda event: event["__typename"] == "AssetEnded")
            assert 0 < ended["playedSeconds"] < started["plannedSeconds"] + 0.5
            for verb, told in (("pauseStream", "StreamPaused"), ("resumeStream", "StreamResumed")):
                client.mutate(verb, "stream { state }", streamId=stream["id"])
                await until(events, lambda event, told=told: event["__typename"] == told)
            client.mutate("closeStream", "stream { state }", streamId=stream["id"])
            closed = await until(events, lambda event: event["__typename"] == "StreamClosed")
            assert closed["reason"] == "CLOSED"
    gone = await asyncio.to_thread(httpx.get, stream["url"])
    assert gone.status_code == 404


def test_out_of_range_the_stream_is_there_and_a_move_opens_it(client: GraphQLClient) -> None:
    project_id, (zone, *_) = zones_of_tones(client)
    stream = opened(client, project_id, {"latitude": 65.0, "longitude": 25.5})
    assert stream["state"] == "OUT_OF_RANGE"
    moved = client.mutate("moveListener", "stream { state url }", streamId=stream["id"], **zone["place"])
    assert moved["stream"]["state"] == "PLAYING"
    with httpx.stream("GET", moved["stream"]["url"], timeout=10) as audio:
        assert len(next(audio.iter_bytes(16_000))) == 16_000


def test_what_cannot_be_is_a_coded_error(client: GraphQLClient, demo_server: DemoServer) -> None:
    project_id, (zone, *_) = zones_of_tones(client)
    stream = opened(client, project_id, zone["place"])
    stranger = GraphQLClient(demo_server, secrets.token_hex(16))
    move = {"streamId": stream["id"], **zone["place"]}
    assert stranger.mutate("moveListener", "stream { id }", **move)["code"] == "NOT_FOUND"
    beyond = client.mutate("moveListener", "stream { id }", **{**move, "latitude": 91.0})
    assert (beyond["code"], beyond["field"]) == ("INVALID_INPUT", "latitude")
    session = client.mutate("createSession", "session { id }", projectId=project_id)["session"]["id"]
    nowhere = client.mutate("openStream", "stream { id }", sessionId=session)
    assert (nowhere["code"], nowhere["field"]) == ("INVALID_INPUT", "latitude")
    asked = {"sessionId": session, "format": "OPUS", "bitrate": 320, **zone["place"]}
    opus = client.mutate("openStream", "stream { id }", **asked)
    assert (opus["code"], opus["field"]) == ("INVALID_INPUT", "bitrate")
