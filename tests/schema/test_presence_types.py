"""Who listens, as owners and staff see it over a websocket."""

from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async

from backend import bus
from backend.accounts.actions import issue_token
from backend.bus import events
from backend.geo.position import Position
from backend.listening.models import Stream
from schema.ids import global_id
from tests.cast import INSIDE, make_cast, make_session, make_speaker, make_walk
from tests.schema.test_consumers import counted, happens, listening

pytestmark = pytest.mark.django_db(transaction=True)

LISTENERS = """
subscription ($project: ID!, $bbox: BoxFilter, $every: Float = 0.2) {
  listeners(projectId: $project, bbox: $bbox, every: $every) {
    __typename
    ... on ListenersSnapshot { listeners { ...one } }
    ... on ListenersMoved { listeners { ...one } }
    ... on ListenerJoined { listener { ...one } }
    ... on ListenerLeft { streamId }
    ... on Lagged { missed resync }
  }
}
fragment one on PresentListener {
  streamId latitude longitude heading isPaused isOutOfRange
  playing { playId assetId startedAt asset { description project { name } } }
  gains { gain speakerId speaker { code } }
}
"""


@pytest.fixture
def walk(transactional_db):
    return make_walk(listener_precision_metres=0)


@pytest.fixture
def people(walk):
    return make_cast(walk.project)


@pytest.fixture
def stream(walk, people):
    return Stream.objects.create(session=make_session(walk.project, people.contributor), **INSIDE)


@pytest.fixture
def token(people):
    return issue_token(people.owner)


async def update(socket):
    message = await socket.receive()
    assert message["type"] == "next", message
    return message["payload"]["data"]["listeners"]


async def test_a_snapshot_then_moves_then_the_end(walk, stream, token):
    key, project_id, at = str(stream.pk), walk.project.pk, datetime(2100, 1, 1, tzinfo=UTC)
    here = {
        "streamId": global_id("Stream", key),
        **INSIDE,
        "heading": None,
        "isPaused": False,
        "isOutOfRange": False,
        "playing": [],
        "gains": [],
    }
    async with listening(token) as socket:
        await socket.subscribe(LISTENERS, project=global_id("Project", project_id))
        assert await update(socket) == {"__typename": "ListenersSnapshot", "listeners": [here]}
        track = walk.audiotrack.pk
        await happens(events.AssetStarted(key, project_id, "play-1", walk.asset.pk, track, at, 0.0, 60.0))
        play = {
            "playId": "play-1",
            "assetId": global_id("Asset", walk.asset.pk),
            "startedAt": "2100-01-01T00:00:00+00:00",
            "asset": {"description": "", "project": {"name": "Walk"}},
        }
        hearing = {**here, "playing": [play]}
        assert await update(socket) == {"__typename": "ListenersMoved", "listeners": [hearing]}
        await happens(events.ListenerMoved(key, project_id, Position(60.2, 24.9), 90.0))
        await happens(events.GainsChanged(key, project_id, (events.SpeakerGain(walk.speaker.pk, 0.5),)))
        gain = {"gain": 0.5, "speakerId": global_id("Speaker", walk.speaker.pk), "speaker": {"code": "A"}}
        moved = {**hearing, "latitude": 60.2, "longitude": 24.9, "heading": 90.0, "gains": [gain]}
        assert await update(socket) == {"__typename": "ListenersMoved", "listeners": [moved]}
        await happens(events.StreamClosed(key, project_id, "CLOSED"))
        assert await update(socket) == {"__typename": "ListenerLeft", "streamId": global_id("Stream", key)}


async def test_who_joins_is_shown_with_what_is_known(walk, people, token):
    async with listening(token) as socket:
        await socket.subscribe(LISTENERS, project=str(walk.project.pk))
        assert (await update(socket))["listeners"] == []
        session = await sync_to_async(make_session)(walk.project, people.stranger)
        stream = await Stream.objects.acreate(session=session, **INSIDE)
        await happens(events.StreamOpened(str(stream.pk), walk.project.pk, session.pk))
        joined = await update(socket)
        assert joined["__typename"] == "ListenerJoined"
        assert joined["listener"]["latitude"] == INSIDE["latitude"]


async def test_what_all_hear_is_read_together(walk, people, token, monkeypatch):
    speakers = [walk.speaker, await sync_to_async(make_speaker)(walk.project, code="B")]
    for number in range(4):
        session = await sync_to_async(make_session)(walk.project, people.contributor)
        stream = await Stream.objects.acreate(session=session, **INSIDE)
        key, at = str(stream.pk), datetime(2100, 1, 1, tzinfo=UTC)
        track = walk.audiotrack.pk
        await happens(events.AssetStarted(key, walk.project.pk, str(number), walk.asset.pk, track, at, 0.0, 60.0))
    statements = counted(monkeypatch)
    async with listening(token) as socket:
        await socket.subscribe(LISTENERS, project=str(walk.project.pk))
        assert len((await update(socket))["listeners"]) == 4
        assert len([each for each in statements if 'FROM "assets_asset"' in each]) == 1
        statements.clear()
        for stream in await sync_to_async(list)(Stream.objects.all()):
            gains = tuple(events.SpeakerGain(speaker.pk, 0.5) for speaker in speakers)
            await happens(events.GainsChanged(str(stream.pk), walk.project.pk, gains))
        told = await update(socket)
        while not all(len(each["gains"]) == 2 for each in told["listeners"]):
            told = await update(socket)
        assert len([each for each in statements if 'FROM "soundscape_speaker"' in each]) <= 2


async def test_a_box_is_given_as_lists_take_it(walk, stream, token):
    around = {"west": 24.93, "south": 60.16, "east": 24.95, "north": 60.18}
    elsewhere = {"west": 170, "south": 60.16, "east": -170, "north": 60.18}
    async with listening(token) as socket:
        for operation, (box, count) in enumerate(((around, 1), (elsewhere, 0))):
            await socket.subscribe(LISTENERS, operation=str(operation), project=str(walk.project.pk), bbox=box)
            assert len((await update(socket))["listeners"]) == count


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"every": 0.1}, "INVALID_INPUT", "every"),
        ({"bbox": {"west": 1, "south": 2, "east": 1, "north": 3}}, "INVALID_INPUT", "bbox"),
        ({"bbox": {"west": 1, "south": 2, "east": 2, "north": 91}}, "INVALID_INPUT", "bbox"),
        ({"project": "999999"}, "NOT_FOUND", "projectId"),
    ],
)
async def test_what_cannot_be_followed_is_refused(walk, token, asked, code, field):
    async with listening(token) as socket:
        await socket.subscribe(LISTENERS, **{"project": str(walk.project.pk), **asked})
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]) == ("error", {"code": code, "field": field})


@pytest.mark.parametrize("who", ["contributor", "stranger", None])
async def test_others_than_owners_and_staff_are_told_nothing(walk, people, stream, who):
    token = who and await sync_to_async(issue_token)(getattr(people, who))
    async with listening(token) as socket:
        await socket.subscribe(LISTENERS, project=str(walk.project.pk))
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "NOT_PERMITTED")
        bus.publish(events.ListenerMoved(str(stream.pk), walk.project.pk, Position(60.2, 24.9)))
        assert await socket.silent()


async def test_who_loses_the_project_is_told_so_once_and_no_more(walk, people, stream, token):
    async with listening(token) as socket:
        await socket.subscribe(LISTENERS, project=str(walk.project.pk))
        await update(socket)
        await walk.project.owners.aremove(people.owner)
        bus.publish(events.ListenerMoved(str(stream.pk), walk.project.pk, Position(60.2, 24.9)))
        message = await socket.receive()
        assert (message["type"], message["payload"]["data"]) == ("next", None)
        assert message["payload"]["errors"][0]["extensions"]["code"] == "NOT_PERMITTED"
        assert await socket.receive() == {"type": "complete", "id": "1"}
        bus.publish(events.ListenerMoved(str(stream.pk), walk.project.pk, Position(60.3, 24.9)))
        assert await socket.silent()
