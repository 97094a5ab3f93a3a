"""A listener walks from one zone of *Tones* into another and hears it: the old API's way, without a browser."""

import secrets
from dataclasses import dataclass

import httpx
import numpy as np
import pytest
from pytest import approx

from tests.journeys.conftest import DemoServer
from tests.journeys.sound import SAMPLE_RATE, Recorder, decoded, level_dbfs, peak_hertz

BYTES_PER_SECOND = 16_000
WINDOW = SAMPLE_RATE // 2
# A window of half a second tells frequencies 2 Hz apart; the MP3's own frames smear a little.
TOLERANCE_HERTZ = 4


@dataclass(frozen=True)
class Zone:
    """A place in the middle of a speaker's shape, and what it plays."""

    hertz: float
    latitude: float
    longitude: float


class Client:
    """An old client with a device, a token and a session."""

    def __init__(self, server: DemoServer) -> None:
        self.http = httpx.Client(base_url=f"{server.url}/api/2/", timeout=30)
        user = self.post("users/", device_id=secrets.token_hex(16), client_type="test")
        self.http.headers["Authorization"] = f"token {user['token']}"
        projects = self.get("projects/")
        self.project = next(project["id"] for project in projects if project["name"] == "Tones")
        self.session = self.post("sessions/", project_id=self.project, client_system="test", timezone="+0200")["id"]

    def get(self, path: str, **query: object) -> object:
        response = self.http.get(path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, **body: object) -> dict:
        response = self.http.post(path, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def zones(self) -> list[Zone]:
        speakers = self.get("speakers/", project_id=self.project, activeyn="true")
        return [Zone(float(speaker["code"]), *middle(speaker["shape"])) for speaker in speakers]

    def open(self, zone: Zone) -> dict:
        return self.post(
            "streams/", session_id=self.session, latitude=str(zone.latitude), longitude=str(zone.longitude)
        )

    def move(self, stream_id: int, zone: Zone) -> None:
        response = self.http.patch(f"streams/{stream_id}/", json=place(zone))
        assert response.status_code == 200, response.text


def place(zone: Zone) -> dict:
    return {"latitude": zone.latitude, "longitude": zone.longitude}


def middle(shape: dict) -> tuple[float, float]:
    """Latitude and longitude of a convex shape's middle."""
    ring = np.array(shape["coordinates"][0][0][:-1])
    longitude, latitude = (ring.min(axis=0) + ring.max(axis=0)) / 2
    return latitude, longitude


@pytest.fixture
def client(demo_server: DemoServer) -> Client:
    return Client(demo_server)


def follow(client: Client) -> None:
    """Hear one zone, walk into the next, and hear that, without a gap."""
    here, there = client.zones()[:2]
    stream = client.open(here)
    recorder = Recorder(stream["stream_url"])
    assert recorder.content_type == "audio/mpeg"
    before = recorder.wait_for(4 * BYTES_PER_SECOND)
    client.move(stream["stream_id"], there)
    recorder.wait_for(len(before) + 4 * BYTES_PER_SECOND)
    samples = decoded(recorder.stop())
    assert peak_hertz(samples[SAMPLE_RATE : SAMPLE_RATE + WINDOW]) == approx(here.hertz, abs=TOLERANCE_HERTZ)
    assert peak_hertz(samples[-WINDOW:]) == approx(there.hertz, abs=TOLERANCE_HERTZ)
    quietest = min(level_dbfs(part) for part in np.array_split(samples[SAMPLE_RATE:], len(samples) // 4_410))
    assert quietest > -40, "the sound has a gap while it changes"


def test_the_sound_follows_the_listener(client: Client) -> None:
    follow(client)


def test_a_stranger_moves_nothing_and_hears_nothing(client: Client, demo_server: DemoServer) -> None:
    here, there = client.zones()[:2]
    stream = client.open(here)
    stranger = Client(demo_server)
    refused = stranger.http.patch(f"streams/{stream['stream_id']}/", json=place(there))
    absent = stranger.http.patch("streams/999999/", json=place(there))
    assert (refused.status_code, refused.json()) == (absent.status_code, absent.json())
    assert refused.status_code == 404
    without_key = httpx.get(stream["stream_url"].partition("?")[0])
    assert without_key.status_code == 404
    recorder = Recorder(stream["stream_url"])
    samples = decoded(recorder.wait_for(3 * BYTES_PER_SECOND))
    recorder.stop()
    assert peak_hertz(samples[-WINDOW:]) == approx(here.hertz, abs=TOLERANCE_HERTZ)


@pytest.mark.parametrize("latitude", ["91", "NaN", "north", None])
def test_a_place_that_is_none_is_refused_and_moves_nobody(client: Client, latitude: str | None) -> None:
    here = client.zones()[0]
    stream = client.open(here)
    bad = {"latitude": latitude, "longitude": here.longitude}
    response = client.http.patch(f"streams/{stream['stream_id']}/", json=bad)
    assert response.status_code == 400
    assert response.json()
    refused = client.http.post("streams/", json={"session_id": client.session, **bad})
    assert refused.status_code == 400
    assert client.get(f"streams/{stream['stream_id']}/isactive/")["active"] is True


def test_an_unknown_session_opens_no_stream(client: Client) -> None:
    response = client.http.post("streams/", json={"session_id": 999_999, "latitude": 60.17, "longitude": 24.94})
    assert response.status_code in (400, 404)
    assert "detail" in response.json() or "session_id" in response.json()
