"""Eight recordings come at once into one envelope, by the old API: all of them can be heard, the last one at once."""

import asyncio
import base64
import contextlib
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from pytest import approx

from tests.backend.decoding.recordings import tone, write_wav
from tests.journeys.conftest import DemoServer
from tests.journeys.graphql_client import GraphQLClient
from tests.journeys.sound import SAMPLE_RATE, Recorder, decoded

# South of all zones of the walk and in its range: nothing else is near, and no speaker sounds.
PLACE = {"latitude": 60.1550, "longitude": 24.9443}
# None is a multiple of another one, or within 10 % of it.
PITCHES = (500, 590, 700, 830, 980, 1_160, 1_370, 1_620)
RECORDING_SECONDS = 4.0
# How soon after its answer the last one must be heard.
SOON_SECONDS = 8
PATIENCE_SECONDS = 30
BYTES_PER_SECOND = 16_000
# Far below a recording as it is levelled, far above what an MP3 adds.
AUDIBLE_AMPLITUDE = 0.01

NEAR = """
query ($projectId: ID!, $latitude: Float!, $longitude: Float!) {
  assetsNear(projectId: $projectId, latitude: $latitude, longitude: $longitude) { distanceMetres asset { id } }
}
"""


class Client:
    """An old client with a device, a token and a session in the sound walk."""

    def __init__(self, server: DemoServer) -> None:
        self.http = httpx.Client(base_url=f"{server.url}/api/2/", timeout=120)
        user = self.post("users/", device_id=secrets.token_hex(16), client_type="test")
        self.http.headers["Authorization"] = f"token {user['token']}"
        projects = said(self.http.get("projects/"))
        self.project = next(project["id"] for project in projects if project["speak_enabled"])
        self.session = self.post("sessions/", project_id=self.project, client_system="test")["id"]

    def post(self, path: str, **body: object) -> Any:
        return said(self.http.post(path, json=body))

    def tag_ids(self, *values: str) -> list[int]:
        tags = said(self.http.get("tags/", params={"project_id": self.project}))
        return [tag["id"] for tag in tags if tag["value"] in values]

    def upload(self, envelope: int, recording: Path, tag_ids: list[int]) -> Any:
        words = {"session_id": self.session, "tag_ids": ",".join(map(str, tag_ids)), "media_type": "audio", **PLACE}
        with recording.open("rb") as file:
            sent = {"file": (recording.name, file, "audio/wav")}
            return said(self.http.patch(f"envelopes/{envelope}/", data=words, files=sent))


def number(node: dict[str, str]) -> int:
    """The id that the old API has for it."""
    return int(base64.b64decode(node["id"]).decode().partition(":")[2])


def said(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


@dataclass(frozen=True)
class Contribution:
    """The assets in the order of their pitches, and what their contributor heard for a while after the last answer."""

    client: Client
    envelope: int
    tag_ids: list[int]
    assets: list[dict[str, Any]]
    heard: NDArray[np.float64]

    @property
    def ids(self) -> list[int]:
        return [asset["id"] for asset in self.assets]

    @property
    def last_pitch(self) -> int:
        """Of the one that was stored last."""
        return PITCHES[self.ids.index(max(self.ids))]


@pytest.fixture(scope="module")
def contribution(demo_server: DemoServer, tmp_path_factory: pytest.TempPathFactory) -> Contribution:
    """While the contributor listens, eight recordings are sent at once."""
    client, folder = Client(demo_server), tmp_path_factory.mktemp("eight")
    # Both tracks of the walk play such ones: voices, and sounds that are nobody's.
    tag_ids = client.tag_ids("everyday", "calm", "woman", "nobody")
    recordings = [write_wav(folder / f"{hertz}.wav", tone(hertz, seconds=RECORDING_SECONDS)) for hertz in PITCHES]
    stream = client.post("streams/", session_id=client.session, **PLACE)
    envelope = client.post("envelopes/", session_id=client.session)["id"]
    recorder = Recorder(stream["stream_url"])
    with ThreadPoolExecutor(len(PITCHES)) as pool:
        assets = list(pool.map(lambda recording: client.upload(envelope, recording, tag_ids), recordings))
    before = recorder.received_bytes
    recorder.wait_for(before + SOON_SECONDS * BYTES_PER_SECOND)
    heard = decoded(recorder.stop()[before:])
    return Contribution(client, envelope, tag_ids, assets, heard)


def sounding(samples: NDArray[np.float64]) -> set[int]:
    """The pitches that are heard in any half second."""
    windows = np.array_split(samples, len(samples) * 2 // SAMPLE_RATE)
    return {pitch for pitch in PITCHES if any(_amplitude(window, pitch) > AUDIBLE_AMPLITUDE for window in windows)}


def _amplitude(samples: NDArray[np.float64], hertz: float) -> float:
    """How strong this frequency is; 1 for a full-scale sine."""
    time = np.arange(len(samples)) / SAMPLE_RATE
    weights = np.hanning(len(samples))
    return float(2 * np.abs(np.sum(samples * weights * np.exp(-2j * np.pi * hertz * time))) / np.sum(weights))


def test_eight_files_at_once_are_eight_assets_of_one_envelope(contribution: Contribution) -> None:
    http, envelope = contribution.client.http, contribution.envelope
    assert len(set(contribution.ids)) == len(PITCHES)
    assert sorted(said(http.get(f"envelopes/{envelope}/"))["asset_ids"]) == sorted(contribution.ids)
    listed = said(http.get("assets/", params={"envelope_ids": envelope, "submitted": "true"}))
    assert {asset["id"] for asset in listed} == set(contribution.ids)
    for asset in [*contribution.assets, *listed]:
        assert (asset["envelope_ids"], asset["tag_ids"]) == ([envelope], sorted(contribution.tag_ids))
        assert (asset["latitude"], asset["longitude"]) == approx(tuple(PLACE.values()))
        assert asset["audio_length_in_seconds"] == approx(RECORDING_SECONDS, abs=0.1)
    events = said(http.get("events/", params={"session_id": contribution.client.session}))
    played = [event["data"] for event in events if event["event_type"] == "play_asset_in_stream"]
    assert sorted(played) == sorted(f"asset_id:{asset_id}" for asset_id in contribution.ids)


def test_the_last_one_sounds_soon_in_its_contributors_stream(contribution: Contribution) -> None:
    assert contribution.last_pitch in sounding(contribution.heard)


def test_all_eight_are_near_for_anybody(contribution: Contribution, demo_server: DemoServer) -> None:
    stranger = GraphQLClient(demo_server, secrets.token_hex(16))
    near = stranger.ask(NEAR, projectId=contribution.client.project, **PLACE)["assetsNear"]
    assert {number(found["asset"]) for found in near} == set(contribution.ids)
    assert [found["distanceMetres"] for found in near] == approx([0] * len(PITCHES), abs=1)


async def _started(events: AsyncIterator[dict[str, Any]]) -> AsyncIterator[int]:
    async for event in events:
        if event["__typename"] == "AssetStarted":
            yield number(event["asset"])


async def test_the_engine_plays_each_of_them_to_a_listener_nearby(
    contribution: Contribution, demo_server: DemoServer
) -> None:
    listener = GraphQLClient(demo_server, secrets.token_hex(16))
    session = listener.mutate("createSession", "session { id }", projectId=contribution.client.project)["session"]
    stream = listener.mutate("openStream", "stream { id url }", sessionId=session["id"], **PLACE)["stream"]
    heard: list[int] = []
    with httpx.stream("GET", stream["url"], timeout=PATIENCE_SECONDS):
        async with listener.events(stream["id"], "... on AssetStarted { asset { id } }") as events:
            async with asyncio.timeout(2 * PATIENCE_SECONDS):
                async with contextlib.aclosing(_started(events)) as started:
                    while len(heard) < len(PITCHES):
                        asset_id = await anext(started)
                        # The walk greets whoever begins it, wherever they are.
                        heard += [asset_id] if asset_id in contribution.ids else []
                        await asyncio.to_thread(listener.mutate, "skipAsset", "stream { id }", streamId=stream["id"])
    # What was heard comes again only when all that is near was heard.
    assert sorted(heard) == sorted(contribution.ids)
