"""Requests made of the API document, good ones and bad ones: each gets an answer, and none of them is a fault of ours.

`GENERATED_REQUESTS` says how many of each operation; 1 where it is not set, some 300 in all.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.journeys.conftest import PASSWORD, Demo, DemoServer, environment_of_a_person

pytestmark = pytest.mark.load
OF_EACH = os.environ.get("GENERATED_REQUESTS", "1")
FEWEST = 100


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    """A demo of its own: staff delete whatever they are told to."""
    demo = Demo(tmp_path_factory.mktemp("demo"))
    try:
        yield demo.server()
    finally:
        demo.interrupt()


def token_of(server: DemoServer, person: str) -> str:
    door = f"{server.url}/api/2"
    if person == "curator":
        sent = {"username": person, "password": PASSWORD}
        return httpx.post(f"{door}/login/", json=sent, timeout=30).json()["token"]
    return httpx.post(f"{door}/users/", json={"device_id": "a-browser", "client_type": "web"}, timeout=30).json()[
        "token"
    ]


def generated(server: DemoServer, token: str, folder: Path) -> str:
    """What schemathesis says of its run."""
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{server.url}/docs/openapi.json"]
    options = ["--checks", "not_a_server_error", "--phases", "fuzzing", "--max-examples", OF_EACH, "--seed", "3"]
    told = ["--header", f"Authorization: Token {token}", "--warnings", "off", "--no-color", "--continue-on-failure"]
    run = subprocess.run(
        [*command, *options, *told],
        cwd=folder,
        env=environment_of_a_person(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("person", ["a device", "curator"])
def test_no_request_is_a_fault_of_ours(server: DemoServer, person: str, tmp_path: Path) -> None:
    said = generated(server, token_of(server, person), tmp_path)
    tested = re.search(r"Selected: (\d+)/\1\s+Tested: \1\b", said)
    count = re.search(r"(\d+) generated, \1 passed", said)
    assert tested is not None, said
    assert count is not None, said
    assert int(count[1]) >= FEWEST
    assert not [line for line in server.output if "Traceback" in line or "Internal Server Error" in line]
