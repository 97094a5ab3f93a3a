"""The client of the old API that its makers publish visits a running demo, unchanged."""

import json
import os
import re
import secrets
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest import approx

from tests.backend.decoding.recordings import tone, write_wav
from tests.journeys.conftest import ROOT, DemoServer

SOURCES = Path(__file__).with_name("roundware")
PATIENCE_SECONDS = 300
# South of all zones, in range of the project: nothing else is near.
PLACE = {"latitude": 60.1590, "longitude": 24.9443}
ELSEWHERE = {"latitude": 60.1570, "longitude": 24.9443}
LISTEN_SECONDS = 1.5
RECORDING_SECONDS = 3.0
EMAIL = "aino@page.example"
# Such a client is built for one project: the walk is the demo's first one.
PROJECT = 1
# What the demo has in its pool.
ASSETS = 46

# Every call of the visit, ids left out, and how often it comes. Slashes are as the client has them.
CALLS = {
    "POST users/": 1,
    "POST sessions/": 1,
    "GET projects/:id/": 1,
    "GET projects/:id/uiconfig/": 1,
    "GET speakers/": 1,
    "GET audiotracks/": 1,
    "GET timedassets/": 1,
    # The pool, and what is new in it after each upload.
    "GET assets/": 3,
    "POST envelopes/": 1,
    "PATCH envelopes/:id/": 2,
    "GET envelopes/:id": 1,
    "POST assets/:id/votes/": 2,
    "POST events/": 9,
    "POST listenevents/": 1,
    "PATCH listenevents/:id": 1,
    "PATCH users/:id": 1,
}


@dataclass(frozen=True)
class Visit:
    """What was said on the wire, which media were loaded, what the client showed its page, and what went wrong."""

    calls: list[dict[str, Any]]
    media: list[dict[str, Any]]
    seen: dict[str, Any]
    faults: list[str]

    def made(self, question: str) -> list[dict[str, Any]]:
        """The calls of one kind, such as `POST events/`."""
        return [call for call in self.calls if _question(call) == question]


def _question(call: dict[str, Any]) -> str:
    return re.sub(r"/\d+", "/:id", f"{call['method']} {call['path'].removeprefix('/api/2/')}")


def _ran(*command: str, folder: Path) -> str:
    # Where the machine has no Node, scripts/vendor has put one beside our Python.
    places = os.pathsep.join([os.environ["PATH"], str(ROOT / ".venv" / "bin")])
    ran = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": places},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client, whose licence (AGPL) is not ours: it is fetched for the test and goes with it."""
    folder = shutil.copytree(SOURCES, tmp_path_factory.mktemp("roundware") / "visit")
    _ran("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=folder)
    return folder


@pytest.fixture(scope="module")
def visit(workshop: Path, demo_server: DemoServer) -> Visit:
    """All of a visit: look around, record, vote, walk, listen, leave an address."""
    wishes = {
        "serverUrl": f"{demo_server.url}/api/2",
        "projectId": PROJECT,
        "deviceId": secrets.token_hex(16),
        "place": PLACE,
        "elsewhere": ELSEWHERE,
        "recording": str(write_wav(workshop / "recording.wav", tone(700, seconds=RECORDING_SECONDS))),
        "listenSeconds": LISTEN_SECONDS,
        "patienceSeconds": 20,
        "email": EMAIL,
    }
    visit = Visit(**json.loads(_ran("node", "visit.js", json.dumps(wishes), folder=workshop)))
    refused = [call for call in visit.calls if not 200 <= call.get("status", 0) < 300]
    assert [(_question(call), call.get("status"), call["text"], call["sent"]) for call in refused] == []
    assert visit.faults == []
    return visit


@pytest.fixture(scope="module")
def api(visit: Visit, demo_server: DemoServer) -> httpx.Client:
    """What the visitor may read afterwards."""
    token = visit.made("POST users/")[0]["answer"]["token"]
    headers = {"Authorization": f"token {token}"}
    return httpx.Client(base_url=f"{demo_server.url}/api/2/", headers=headers, timeout=30)


def session_of(visit: Visit) -> int:
    return visit.made("POST sessions/")[0]["answer"]["id"]


def test_every_call_is_answered_in_json_to_a_page_of_another_host(visit: Visit) -> None:
    odd = [
        call
        for call in visit.calls
        if (call["status"], call["type"], call["isShared"]) != (200, "application/json", True)
    ]
    assert odd == []
    assert [call["path"] for call in visit.calls if call["answer"] is None] == []
    made = Counter(_question(call) for call in visit.calls)
    # The client may tell a duration twice.
    assert made - Counter({"PATCH listenevents/:id": made["PATCH listenevents/:id"] - 1}) == CALLS


def test_the_client_knows_the_project_and_its_pool(visit: Visit) -> None:
    # "(unknown)" would stand there if the client had missed something in the project.
    assert visit.seen["project"] == "Roundware Project 'A sound walk in Helsinki' (#1)"
    assert set(visit.seen["pool"]) >= set(range(1, ASSETS + 1))
    assert len(visit.seen["tagIds"]) == 3


def test_what_was_recorded_lies_in_its_envelope_with_its_place_and_tags(visit: Visit, api: httpx.Client) -> None:
    envelope = visit.made("POST envelopes/")[0]["answer"]["id"]
    recording, text = visit.seen["recording"]["id"], visit.seen["text"]["id"]
    assert visit.seen["recording"]["envelope_ids"] == visit.seen["text"]["envelope_ids"] == [envelope]
    assert sorted(visit.seen["envelope"]["asset_ids"]) == sorted([recording, text])
    asset = api.get(f"assets/{recording}/").json()
    assert (asset["media_type"], asset["session_id"], asset["envelope_ids"]) == ("audio", session_of(visit), [envelope])
    assert asset["tag_ids"] == sorted(visit.seen["tagIds"])
    assert (asset["latitude"], asset["longitude"]) == approx(tuple(PLACE.values()))
    assert asset["audio_length_in_seconds"] == approx(RECORDING_SECONDS, abs=0.1)
    assert asset["submitted"] is True
    said = api.get(f"assets/{text}/").json()
    assert (said["media_type"], said["tag_ids"]) == ("text", [])
    assert httpx.get(said["file"]).text == "Two waves a second."


def test_the_new_recording_is_in_the_clients_pool_at_once(visit: Visit) -> None:
    polls = [call for call in visit.made("GET assets/") if "created__gte" in call["query"]]
    assert any(asset["id"] == visit.seen["recording"]["id"] for call in polls for asset in call["answer"])
    assert visit.seen["asset"]["id"] == visit.seen["recording"]["id"]


def test_the_votes_are_counted(visit: Visit, api: httpx.Client) -> None:
    tallies = api.get(f"assets/{visit.seen['recording']['id']}/votes/").json()
    assert {tally["type"]: (tally["total"], tally.get("avg")) for tally in tallies} == {
        "like": (1, None),
        "rate": (1, 4.0),
    }


def test_every_event_is_kept_with_what_it_tells(visit: Visit, api: httpx.Client) -> None:
    events = api.get("events/", params={"session_id": session_of(visit)}).json()
    sent = [call["sent"] for call in visit.made("POST events/")]
    kept = Counter(event["event_type"] for event in events)
    assert Counter(event["event_type"] for event in sent) - kept == Counter()
    by_type = {event["event_type"]: event for event in events}
    moved = by_type["location_update"]
    assert (moved["latitude"], moved["longitude"]) == approx(tuple(PLACE.values()))
    assert sorted(map(int, re.findall(r"\d+", str(by_type["filter_stream"]["tag_ids"])))) == sorted(
        visit.seen["tagIds"]
    )
    assert by_type["share_map"]["data"] == "https://page.example/listen?eid=1"


def test_what_was_heard_is_kept_with_its_duration(visit: Visit, api: httpx.Client) -> None:
    recording = visit.seen["recording"]["id"]
    assert visit.seen["playing"] == [recording]
    (heard,) = api.get("listenevents/", params={"session_id": session_of(visit)}).json()
    assert (heard["session_id"], heard["asset_id"]) == (session_of(visit), recording)
    assert LISTEN_SECONDS - 1 < heard["duration_in_seconds"] < 60
    assert heard["duration_in_seconds"] == visit.made("PATCH listenevents/:id")[-1]["sent"]["duration_in_seconds"]


def test_sounds_load_in_a_page_of_another_host(visit: Visit) -> None:
    assert [source for source in visit.media if source["status"] != 206 or not source["isShared"]] == []
    own = Path(visit.seen["asset"]["file"]).stem
    assert f"{own}.mp3" in {source["url"].rpartition("/")[2] for source in visit.media}


def test_the_visitor_has_left_a_name_and_an_address(visit: Visit, api: httpx.Client) -> None:
    user = visit.made("POST users/")[0]["answer"]["id"]
    me = api.get(f"users/{user}/").json()
    assert (me["first_name"], me["last_name"], me["email"]) == ("Aino", "Walker", EMAIL)
