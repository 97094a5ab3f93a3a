"""The commands of docs/graphql.md, typed into a shell beside a running demo."""

import json
import secrets
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.guide import Block, blocks
from tests.journeys.conftest import ROOT, DemoServer, environment_of_a_person
from tests.journeys.graphql_client import GraphQLClient
from tests.journeys.sound import decoded

pytestmark = pytest.mark.load

PATIENCE_SECONDS = 60
MARKET_SQUARE = {"latitude": 60.1699, "longitude": 24.9384}
DOCUMENT = "query Places { projects { nodes { id name } } }"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the commands name."""
    folder = tmp_path_factory.mktemp("desk")
    for name in (".venv", "manage.py"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "demo/sounds/sound-gulls.mp3", folder / "recording.mp3")
    (folder / "documents").mkdir()
    (folder / "documents/places.graphql").write_text(DOCUMENT)
    return folder


@pytest.fixture(scope="module")
def environment(demo_server: DemoServer) -> dict[str, str]:
    """A visit to Helsinki in the shell's variables, and what commands of the server read."""
    client = GraphQLClient(demo_server, secrets.token_hex(16))
    projects = client.ask("{ projects { nodes { id speakEnabled } } }")["projects"]["nodes"]
    project = next(each["id"] for each in projects if each["speakEnabled"])
    session = client.mutate("createSession", "session { id }", projectId=project)["session"]["id"]
    stream = client.mutate("openStream", "stream { url }", sessionId=session, **MARKET_SQUARE)["stream"]
    envelope = client.mutate("createEnvelope", "envelope { id }", session=session)["envelope"]
    return environment_of_a_person(
        EARSHOT=demo_server.url,
        TOKEN=client.token,
        STREAM_URL=stream["url"],
        ENVELOPE_ID=envelope["id"],
        UPLOAD_ID=str(uuid.uuid4()),
        SECRET_KEY=(demo_server.data / "secret_key").read_text().strip(),
        DATA_DIR=str(demo_server.data),
        PYTHONPATH=str(ROOT),
    )


def typed(block: Block, desk: Path, environment: dict[str, str]) -> str:
    ran = subprocess.run(
        ["/bin/sh", "-eu"],
        input=block.text,
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, f"line {block.line}: {ran.stdout}{ran.stderr}"
    return ran.stdout


def test_every_command_does_what_the_guide_says(desk: Path, environment: dict[str, str]) -> None:
    said = [typed(block, desk, environment) for block in blocks("sh")]
    answers = [json.loads(text) for text in said if text.startswith("{")]
    assert [answer for answer in answers if "errors" in answer] == []
    places, uploaded, by_hash = (answer["data"] for answer in answers)
    assert by_hash == places
    payload = uploaded["uploadAsset"]
    assert payload["__typename"] == "UploadAssetSuccess", payload
    assert payload["asset"]["file"]["bytes"] > 0
    assert len(decoded((desk / "stream.mp3").read_bytes())) > 0
