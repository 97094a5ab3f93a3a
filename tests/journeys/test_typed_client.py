"""A frontend in TypeScript, typed by GraphQL Code Generator from the committed schema, visits a running server."""

import json
import re
import secrets

import pytest

from tests.frontend import workshop
from tests.journeys.conftest import DemoServer

pytestmark = pytest.mark.load

# Each line but the first three is wrong in a way that only the schema knows.
MISTAKES = """\
import { Client } from "./client.js";
import { OpenStreamDocument, PlacesDocument } from "./generated.js";
const client = new Client("http://localhost");
export const misspelt = (await client.ask(PlacesDocument, { first: 1 })).projects.nodes[0]?.nmae;
export const ofAnotherType = await client.ask(PlacesDocument, { first: "1" });
export const missing = await client.ask(OpenStreamDocument, { input: {} });
export const unchecked = (await client.ask(OpenStreamDocument, { input: { sessionId: "1" } })).openStream.stream;
"""


@pytest.fixture(scope="module", autouse=True)
def generated() -> None:
    """The client's types and documents."""
    workshop.build()
    workshop.done("node", "generate.js")


def test_a_client_that_fits_the_schema_compiles_and_visits_a_place(demo_server: DemoServer) -> None:
    workshop.done("tsc", "--noEmitOnError")
    walked = json.loads(
        workshop.done("node", "built/client/walk.js", f"{demo_server.url}/graphql/", secrets.token_hex(16))
    )
    # Other trips have made places of their own.
    assert {"A sound walk in Helsinki", "Tones"} <= {*walked["places"]}
    assert walked["language"] == "fi"
    assert walked["url"].startswith(demo_server.audio_url)
    assert walked["moved"] == "PLAYING"
    assert walked["beyondThePole"].startswith("latitude: ")
    assert walked["somebodyElse"] == "You have no such stream."
    assert walked["tooMany"] == [{"code": "INVALID_INPUT", "field": "first"}]


def test_what_does_not_fit_the_schema_does_not_compile() -> None:
    mistakes = workshop.BUILD / "client" / "mistakes.ts"
    mistakes.write_text(MISTAKES)
    try:
        checked = workshop.run("tsc", "--noEmit")
    finally:
        mistakes.unlink()
    found = re.findall(r"^client/mistakes\.ts\((\d+),\d+\): error (TS\d+)", checked.stdout, re.MULTILINE)
    assert found == [("4", "TS2339"), ("5", "TS2322"), ("6", "TS2741"), ("7", "TS2339")], checked.stdout
    assert checked.stdout.count("error TS") == len(found)
