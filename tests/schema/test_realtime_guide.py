"""The guide to realtime says what is true: its examples are asked and followed, its limits are those that count."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from graphql import OperationType, get_operation_ast, parse

from backend.accounts.actions import issue_token
from backend.bus.cursor import Cursor
from backend.bus.events import AssetStarted
from backend.config import asgi
from realtime import membership, plain, presence, sockets
from realtime.happening import Happening
from realtime.plain_json import plain_json
from schema import consumers, event_stream, protocol
from schema.root import schema
from tests.guide import REALTIME_GUIDE, blocks, examples, filled, table
from tests.schema.asking import ask
from tests.schema.test_consumers import connected
from tests.schema.test_guide import Trip

EXAMPLES = examples(REALTIME_GUIDE)
FIRST = {
    "projectEvents": "SoundscapeChanged StreamOpened AssetAdded",
    "listeners": "ListenersSnapshot",
    "uploadProgress": None,
}


def is_subscription(example):
    return get_operation_ast(parse(example.document)).operation is OperationType.SUBSCRIPTION


@pytest.fixture
def trip(transactional_db, quick_passwords):
    return Trip()


@pytest.mark.parametrize("example", [each for each in EXAMPLES if not is_subscription(each)], ids=str)
def test_a_query_is_answered(example, trip):
    answer = ask(example.document, trip.viewer(example.who), **filled(example.variables, trip.places))
    assert "errors" not in answer, answer["errors"]
    assert re.fullmatch(r"[0-9a-f]{8}\.\d+", answer["data"]["project"]["eventCursor"])


@pytest.mark.parametrize("example", [each for each in EXAMPLES if is_subscription(each)], ids=str)
async def test_a_subscription_tells_something_at_once(example, trip):
    token = await sync_to_async(issue_token)(trip.viewer(example.who))
    async with connected() as socket:
        await socket.send(type="connection_init", payload={"authorization": f"Token {token}"})
        await socket.receive()
        await socket.subscribe(example.document, **filled(example.variables, trip.places))
        message = await socket.receive()
        assert message["type"] == "next", message
        ((name, told),) = message["payload"]["data"].items()
        assert FIRST[name] is None or told["__typename"] in FIRST[name].split()


def test_every_subscription_stands_in_the_table():
    described = set(table("What can be followed", guide=REALTIME_GUIDE))
    assert described == set(schema._schema.subscription_type.fields)


def test_the_limits_are_those_that_count():
    rooms = (settings, membership, presence, protocol, asgi)
    for name, said in table("Limits, and the ends of connections", guide=REALTIME_GUIDE).items():
        (value,) = {getattr(room, name) for room in rooms if hasattr(room, name)}
        assert float(said.split()[0].replace(",", "")) == value, name
    assert plain.INIT_SECONDS == protocol.INIT_SECONDS


def test_a_sign_of_life_comes_as_often_as_is_said():
    late = sockets.LOOK_SECONDS
    assert event_stream.COMMENT_SECONDS + late == plain.HEARTBEAT_SECONDS + late == 12
    assert protocol.SILENT_SECONDS == 14


def test_the_codes_are_those_that_are_sent():
    written = set(
        map(int, re.findall(r"\b(?:1\d{3}|4\d{3})\b(?=[ ,|])", section("Limits, and the ends of connections")))
    )
    sent = {value for room in (protocol, plain) for name, value in vars(room).items() if is_code(name, value)}
    assert written == sent | {consumers.NOT_ACCEPTABLE}


def is_code(name, value):
    return name.isupper() and isinstance(value, int) and (1000 <= value < 1016 or 4400 <= value < 4500)


def section(heading):
    return REALTIME_GUIDE.read_text().partition(f"## {heading}\n")[2]


def test_a_plain_event_looks_as_it_is_shown():
    (shown,) = (json.loads(block.text) for block in blocks("json", guide=REALTIME_GUIDE) if block.words == ("plain",))
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    event = AssetStarted("uuid", 1, shown["data"]["play_id"], 7, 3, at, 0.0, 12.5)
    assert json.loads(plain_json(Happening(event, Cursor.parsed(shown["cursor"]), at), 42)) == shown


def test_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?://)([^)#]+)", REALTIME_GUIDE.read_text())
    assert links
    assert [link for link in links if not (Path(REALTIME_GUIDE).parent / link).exists()] == []
