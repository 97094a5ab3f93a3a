"""The guide for frontends says what is true: every example is asked, every code and limit is in its tables."""

import ast
import importlib
import json
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import OperationType, get_operation_ast, parse

from backend import bus, database
from backend.accounts.actions import issue_token
from backend.assets.models import AssetUpload, Vote, VoteType
from backend.bus.events import MixedAsset, MixedSpeaker, MixPlanned, MixPoint
from backend.errors import DomainError
from backend.listening import actions
from backend.listening.models import ListenEvent
from backend.listening.requests import OpenRequest
from backend.projects.models import Language, LocalizedString
from backend.resources import filters
from backend.resources.viewer import ANONYMOUS
from schema import limits
from schema.derive import orders, pages
from schema.errors import presented
from schema.ids import global_id
from tests.cast import INSIDE, make_asset, make_cast, make_envelope, make_session, make_walk
from tests.guide import Example, blocks, examples, filled, table
from tests.schema.asking import ask, data
from tests.schema.test_consumers import connected
from tests.schema.test_mix_plan import watched

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "only-for-tests"
CODE = re.compile(r"[A-Z]+(_[A-Z]+)+")
NO_CODES = {"CONTENT_LENGTH", "CONTENT_TYPE", "DJANGO_SETTINGS_MODULE"}
UPLOAD = "6a1fd3c8-3c5e-4f6e-9be8-0d1b4c9f7a10"


def is_subscription(example: Example) -> bool:
    return get_operation_ast(parse(example.document)).operation is OperationType.SUBSCRIPTION


FOLLOWED = EVENTS, MIX = [example for example in examples() if is_subscription(example)]
ASKED = [example for example in examples() if not is_subscription(example)]


class Trip:
    """A project with a visit to it, as the examples find it."""

    def __init__(self):
        walk = self.walk = make_walk()
        self.cast = make_cast(walk.project)
        self.cast.curator.set_password(PASSWORD)
        self.cast.curator.save()
        finnish = Language.objects.get_or_create(code="fi", defaults={"name": "Finnish"})[0]
        text = LocalizedString.objects.create(text="Kävele ja kuuntele.", language=finnish)
        walk.project.description_texts.add(text, LocalizedString.objects.create(text="Walk and listen.", language_id=1))
        visit = make_session(walk.project, self.cast.contributor)
        mine = make_asset(walk.project, session=visit, user=self.cast.contributor, description="Gulls over the market")
        mine.tags.add(walk.tags[0])
        envelope = make_envelope(visit, mine)
        AssetUpload.objects.create(pk=UPLOAD, session=visit, envelope=envelope, asset=mine, state="stored")
        drill = make_asset(walk.project, description="A drill")
        Vote.objects.create(session=visit, voter=self.cast.contributor, asset=drill, vote_type=VoteType.BLOCK_ASSET)
        ListenEvent.objects.create(session=visit, asset=walk.asset, duration_seconds=4)
        self.stream = actions.open_stream(visit.pk, viewer=self.cast.contributor, request=OpenRequest(**INSIDE))
        rows = {
            "PROJECT_ID": walk.project,
            "SPEAKER_ID": walk.speaker,
            "TAG_ID": walk.tags[0],
            "ASSET_ID": walk.asset,
            "OWN_ASSET_ID": mine,
            "ENVELOPE_ID": envelope,
            "SESSION_ID": visit,
            "STREAM_ID": self.stream,
            "TEXT_ID": text,
        }
        self.places = {name: global_id(type(row).__name__, row.pk) for name, row in rows.items()}
        page = data("{ assets(first: 1) { pageInfo { endCursor } } }", self.cast.contributor)
        self.places |= {
            "UPLOAD_ID": global_id("AssetUpload", UPLOAD),
            "CURSOR": page["assets"]["pageInfo"]["endCursor"],
            "TOKEN": issue_token(self.cast.contributor),
            "PASSWORD": PASSWORD,
        }

    def viewer(self, who):
        return ANONYMOUS if who == "nobody" else getattr(self.cast, who)

    def text(self, written):
        """A document or a message in which the ids stand."""
        for name, place in self.places.items():
            written = written.replace(f'"{name}"', f'"{place}"').replace(f'\\"{name}\\"', f'\\"{place}\\"')
        return written.replace("Token TOKEN", f"Token {self.places['TOKEN']}")


@pytest.fixture
def trip(db, quick_passwords):
    return Trip()


@pytest.mark.parametrize("example", ASKED, ids=str)
def test_an_example_does_what_the_guide_says(example, trip):
    variables = filled(example.variables, trip.places)
    document, viewer = trip.text(example.document), trip.viewer(example.who)
    answer = ask(document, viewer, accept_language=example.accept_language, **variables)
    if example.code is None:
        assert "errors" not in answer, answer["errors"]
        assert_something_came(answer["data"])
    else:
        assert code_of(answer) == example.code, answer
    for name, said in {**(example.answer or {}), "extensions": example.extensions}.items():
        assert said is None or answer[name] == filled(said, trip.places)


def assert_something_came(found):
    """Results are successes, and lists at the root are not empty."""
    for name, value in found.items():
        if "__typename" in (value or {}) and name != "__type":
            assert value["__typename"].endswith("Success") or name == "node", value
        nodes = value["nodes"] if isinstance(value, dict) and "nodes" in value else value
        assert nodes != [], f"{name} is empty"


def code_of(answer):
    if "errors" in answer:
        return answer["errors"][0]["extensions"]["code"]
    (payload,) = answer["data"].values()
    return payload["code"]


def test_every_document_of_the_guide_is_asked():
    written = (ROOT / "docs" / "graphql.md").read_text().count("\n```graphql ")
    assert len(ASKED) + len(FOLLOWED) == written
    assert {example.who for example in ASKED} == {"nobody", "stranger", "contributor", "owner", "curator"}


@pytest.fixture
def lasting_trip(transactional_db, quick_passwords):
    return Trip()


@asynccontextmanager
async def followed(example, trip):
    async with connected() as socket:
        await socket.send(type="connection_init", payload={"authorization": f"Token {trip.places['TOKEN']}"})
        assert (await socket.receive())["type"] == "connection_ack"
        await socket.subscribe(example.document, **filled(example.variables, trip.places))
        yield socket


async def test_a_subscription_begins_with_what_is_now(lasting_trip):
    async with followed(EVENTS, lasting_trip) as socket:
        assert await socket.event() == {"__typename": "ListenerMoved", **INSIDE, "heading": None}


async def test_a_mix_begins_with_the_plan_of_now(lasting_trip):
    stream, walk, now = str(lasting_trip.stream.pk), lasting_trip.walk, datetime.now(UTC)
    fade = (MixPoint(0.0, 1.0), MixPoint(0.5, 0.0))
    far = MixedSpeaker(None, "https://sounds.example/far.mp3", 60.0, 12.5, fade)
    voice = MixedAsset("play", walk.asset.pk, walk.audiotrack.pk, 1, 0.5, now, now, fade, fade)
    async with followed(MIX, lasting_trip) as socket:
        await watched(lasting_trip.stream)
        bus.publish(MixPlanned(stream, walk.project.pk, now, now, 2.8, (far,), (voice,)))
        told = (await socket.receive())["payload"]["data"]["mixPlan"]
    points = [{"seconds": 0.0, "value": 1.0}, {"seconds": 0.5, "value": 0.0}]
    assert (told["beginsAt"], told["delaySeconds"]) == (now.isoformat(), 2.8)
    assert [(each["url"], each["gains"]) for each in told["speakers"]] == [(far.url, points)]
    assert [(each["asset"]["id"], each["pans"]) for each in told["assets"]] == [
        (lasting_trip.places["ASSET_ID"], points)
    ]


async def test_the_conversation_goes_as_it_is_written(lasting_trip):
    (conversation,) = blocks("text")
    async with connected() as socket:
        for line in conversation.text.splitlines():
            message = json.loads(lasting_trip.text(line[2:]))
            if line.startswith("→"):
                await socket.send(**message)
            else:
                assert await socket.receive() == message


def classes_with_codes():
    """Every kind of DomainError that a client of GraphQL can meet, found in the source."""
    for path in [*(ROOT / "backend").rglob("*.py"), *(ROOT / "schema").rglob("*.py")]:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for made in ast.walk(ast.parse(path.read_text())):
            if isinstance(made, ast.ClassDef) and any(is_code(each) for each in made.body):
                kind = getattr(importlib.import_module(module), made.name)
                if issubclass(kind, DomainError) and kind is not DomainError:
                    yield kind


def is_code(statement):
    return isinstance(statement, ast.Assign) and [each.id for each in statement.targets] == ["code"]


def codes_in_requests():
    """Codes that the door gives without a class of their own."""
    for path in (ROOT / "schema").glob("*.py"):
        texts = (each.value for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Constant))
        yield from (text for text in texts if isinstance(text, str) and CODE.fullmatch(text))


def test_the_tables_hold_every_code_and_its_type():
    payloads, beside = table("In payloads"), table("Beside the data")
    kinds = {kind.code: kind for kind in classes_with_codes()}
    assert payloads.keys() | beside.keys() == kinds.keys() | set(codes_in_requests()) - NO_CODES
    assert payloads.keys() & beside.keys() == set()
    types = {code: row.split("|")[0].strip(" `") for code, row in payloads.items()}
    assert types == {code: type(presented(kinds[code]("", field=None))).__name__ for code in payloads}


def test_the_limits_are_those_that_count():
    rooms = (limits, pages, filters, orders, database)
    for name, said in table("Limits and cost").items():
        (value,) = (getattr(room, name) for room in rooms if hasattr(room, name))
        assert said.split()[0].replace(",", "") == f"{value:g}", name


def test_a_fault_tells_its_id_alone(trip, monkeypatch):
    (written,) = (json.loads(block.text) for block in blocks("json") if block.words == ("fault",))
    monkeypatch.setattr("schema.questions.asset_counts", lambda *_, **__: 1 / 0)
    (fault,) = ask(f'{{ assetStats(projectId: "{trip.places["PROJECT_ID"]}", groupBy: TAG) {{ count }} }}')["errors"]
    del fault["locations"]
    assert re.fullmatch("[0-9a-f]{32}", fault["extensions"].pop("id"))
    assert written["extensions"].pop("id").startswith("2f1c")
    assert fault == written


def test_links_lead_somewhere():
    guide = ROOT / "docs" / "graphql.md"
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", guide.read_text())
    assert links
    assert [link for link in links if not (guide.parent / link).exists()] == []
