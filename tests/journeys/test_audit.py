"""The audit of GraphQL over HTTP (npm `graphql-http`), against a real gateway: as it comes, and hardened."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.frontend import workshop
from tests.journeys.conftest import ROOT, environment_of_a_person, free_port

pytestmark = pytest.mark.load
PATIENCE_SECONDS = 120
CHECKS = 61

HARDENED = {"ENABLE_GRAPHIQL": "false", "GRAPHQL_INTROSPECTION": "staff", "GRAPHQL_DOCUMENTS": "warn"}
STAFF_TOKEN = """
from backend.accounts.actions import issue_token
from backend.accounts.models import User
print(issue_token(User.objects.create(username="auditor", is_staff=True)))
"""


class Gateway:
    """A gateway with an empty database of its own; it needs no engine."""

    def __init__(self, data: Path, **settings: str) -> None:
        port, self.is_hardened = free_port(), settings == HARDENED
        self.url = f"http://127.0.0.1:{port}/graphql/"
        self._environment = environment_of_a_person(
            SECRET_KEY="only-for-journeys", DATA_DIR=str(data), GATEWAY_PORT=str(port), **settings
        )
        self.manage("migrate", "--verbosity", "0")
        self.token = self.manage("shell", "--verbosity", "0", "--command", STAFF_TOKEN).strip()
        self._process = subprocess.Popen(self._command("run_gateway"), cwd=ROOT, env=self._environment)

    def manage(self, *arguments: str) -> str:
        ran = subprocess.run(
            self._command(*arguments), cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                httpx.get(self.url, params={"query": "{ __typename }"})
                return
            except httpx.TransportError:
                assert time.monotonic() < deadline, f"{self.url} does not answer"
                time.sleep(0.1)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]


@pytest.fixture(scope="module", params=[{"DEMO": "true"}, HARDENED], ids=["demo", "hardened"])
def gateway(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    running = Gateway(tmp_path_factory.mktemp("gateway"), **request.param)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def test_every_check_of_the_audit_is_passed(gateway: Gateway) -> None:
    workshop.build()
    results = json.loads(workshop.done("node", "audit.js", gateway.url, gateway.token))
    assert len(results) == CHECKS
    assert [result for result in results if result["status"] != "ok"] == []


def test_a_stranger_is_told_the_schema_where_the_settings_say_so(gateway: Gateway) -> None:
    body = httpx.post(gateway.url, json={"query": "{ __schema { queryType { name } } }"}).json()
    if gateway.is_hardened:
        assert body["errors"][0]["extensions"]["code"] == "INTROSPECTION_NOT_ALLOWED"
    else:
        assert body["data"] == {"__schema": {"queryType": {"name": "Query"}}}
