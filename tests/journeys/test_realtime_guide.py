"""The commands of docs/realtime.md, typed into a shell, and its programs, run beside a running demo."""

import json
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guide import REALTIME_GUIDE, Block, blocks
from tests.journeys.conftest import DemoServer, environment_of_a_person
from tests.journeys.graphql_client import GraphQLClient
from tests.journeys.test_guide import MARKET_SQUARE, typed

pytestmark = pytest.mark.load

PATIENCE_SECONDS = 60
EVENT = re.compile(r"event: next\nid: ([0-9a-f]{8}\.\d+)\ndata: (.*)\n")


@pytest.fixture(scope="module")
def environment(demo_server: DemoServer) -> dict[str, str]:
    """A visit to Helsinki with an open stream, in the shell's variables."""
    client = GraphQLClient(demo_server, secrets.token_hex(16))
    projects = client.ask("{ projects { nodes { id speakEnabled } } }")["projects"]["nodes"]
    project = next(each["id"] for each in projects if each["speakEnabled"])
    session = client.mutate("createSession", "session { id }", projectId=project)["session"]["id"]
    stream = client.mutate("openStream", "stream { id url }", sessionId=session, **MARKET_SQUARE)["stream"]
    number = re.search(r"/stream(\d+)", stream["url"])
    cursor = client.ask("query ($id: ID!) { project(id: $id) { eventCursor } }", id=project)["project"]["eventCursor"]
    assert number
    return environment_of_a_person(
        EARSHOT=demo_server.url,
        EARSHOT_WS=demo_server.url.replace("http", "ws", 1),
        TOKEN=client.token,
        STREAM_ID=stream["id"],
        SESSION=number[1],
        CURSOR=cursor,
    )


def run(block: Block, environment: dict[str, str]) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", block.text],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, f"line {block.line}: {ran.stderr}"
    return ran.stdout


def test_every_command_does_what_the_guide_says(tmp_path: Path, environment: dict[str, str]) -> None:
    first, resumed, refused = [typed(block, tmp_path, environment) for block in blocks("sh", guide=REALTIME_GUIDE)]
    for said in (first, resumed):
        assert said.startswith(":\n\n")
        kinds = [json.loads(data)["data"]["streamEvents"]["__typename"] for _, data in EVENT.findall(said)]
        assert "ListenerMoved" in kinds
    assert refused == "400 application/graphql-response+json; charset=utf-8"
    (error,) = json.loads((tmp_path / "refused.json").read_text())["errors"]
    assert error["extensions"]["code"] == "NOT_PERMITTED"


def test_every_program_is_told_where_the_listener_is(environment: dict[str, str]) -> None:
    by_graphql, plainly = (json.loads(run(block, environment)) for block in blocks("python", guide=REALTIME_GUIDE))
    assert by_graphql["data"]["streamEvents"]["__typename"] == "ListenerMoved"
    assert plainly["type"] == "ListenerMoved"
    assert plainly["data"]["stream_id"] == int(environment["SESSION"])
