"""A stream's plan over the websocket: to its listener and staff, with what they may see."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async

from backend import bus
from backend.accounts.actions import issue_token
from backend.bus.commands import WatchMix
from backend.bus.events import MixedAsset, MixedSpeaker, MixPlanned, MixPoint, StreamClosed
from backend.listening.models import Stream
from realtime import mix_plans
from schema.ids import global_id
from tests.cast import INSIDE, make_asset, make_session, make_walk
from tests.schema.test_consumers import listening

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = """
subscription ($id: ID!) { mixPlan(streamId: $id) {
  beginsAt until delaySeconds sentAt
  speakers { speakerId speaker { code } url loopSeconds offsetSeconds gains { seconds value } }
  assets {
    playId assetId asset { description } audiotrackId url channels offsetSeconds startsAt endsAt
    gains { seconds value } pans { seconds value }
  }
} }
"""
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RISING, CENTRE = (MixPoint(0.0, 0.25), MixPoint(0.5, 1.0)), (MixPoint(0.0, 0.0),)


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def stream(walk, cast):
    return Stream.objects.create(session=make_session(walk.project, cast.contributor), **INSIDE)


@pytest.fixture
def token(cast):
    return issue_token(cast.contributor)


def voice(asset, track, number=1):
    return MixedAsset(f"play-{number}", asset.pk, track.pk, 1, 1.5, NOON, NOON, RISING, CENTRE)


def plan(stream, *, speakers=(), assets=()):
    return MixPlanned(str(stream.pk), 1, NOON, NOON + timedelta(seconds=30), 2.5, speakers, assets)


async def told(socket):
    message = await socket.receive()
    assert message["type"] == "next", message
    return message["payload"]["data"]["mixPlan"]


async def watched(stream):
    """As soon as somebody does."""
    for _ in range(600):
        if mix_plans.current().watchers(str(stream.pk)):
            return
        await asyncio.sleep(0.005)
    raise AssertionError("nobody watches")


async def test_a_plan_is_shown_with_all_that_is_asked_of_it(walk, stream, token, recording_bus):
    async with listening(token) as socket:
        await socket.subscribe(EVERYTHING, id=global_id("Stream", stream.pk))
        await watched(stream)
        speakers = (
            MixedSpeaker(walk.speaker.pk, "http://x/a.mp3", 60.0, 12.5, RISING),
            MixedSpeaker(None, "http://x/far.mp3", 9.0, 0.0, CENTRE),
        )
        bus.publish(plan(stream, speakers=speakers, assets=(voice(walk.asset, walk.audiotrack),)))
        shown = await told(socket)
        rising = [{"seconds": 0.0, "value": 0.25}, {"seconds": 0.5, "value": 1.0}]
        assert abs(datetime.fromisoformat(shown.pop("sentAt")) - datetime.now(UTC)) < timedelta(seconds=5)
        assert shown.pop("speakers") == [
            {
                "speakerId": global_id("Speaker", walk.speaker.pk),
                "speaker": {"code": "A"},
                "url": "http://x/a.mp3",
                "loopSeconds": 60.0,
                "offsetSeconds": 12.5,
                "gains": rising,
            },
            {
                "speakerId": None,
                "speaker": None,
                "url": "http://x/far.mp3",
                "loopSeconds": 9.0,
                "offsetSeconds": 0.0,
                "gains": [{"seconds": 0.0, "value": 0.0}],
            },
        ]
        (asset,) = shown.pop("assets")
        assert asset.pop("url").endswith(f"/rwmedia/{walk.asset.filename}")
        assert asset == {
            "playId": "play-1",
            "assetId": global_id("Asset", walk.asset.pk),
            "asset": {"description": ""},
            "audiotrackId": global_id("Audiotrack", walk.audiotrack.pk),
            "channels": 1,
            "offsetSeconds": 1.5,
            "startsAt": "2026-11-22T12:00:00+00:00",
            "endsAt": "2026-11-22T12:00:00+00:00",
            "gains": rising,
            "pans": [{"seconds": 0.0, "value": 0.0}],
        }
        assert shown == {
            "beginsAt": "2026-11-22T12:00:00+00:00",
            "until": "2026-11-22T12:00:30+00:00",
            "delaySeconds": 2.5,
        }
        assert WatchMix(str(stream.pk)) in recording_bus.sent_of(WatchMix)


async def test_of_a_recording_that_was_withdrawn_nothing_but_the_id_is_told(walk, stream, token, cast):
    async def shown(**values):
        hidden = await sync_to_async(make_asset)(walk.project, submitted=False, **values)
        bus.publish(plan(stream, assets=(voice(hidden, walk.audiotrack),)))
        (asset,) = (await told(socket))["assets"]
        return asset

    async with listening(token) as socket:
        await socket.subscribe(EVERYTHING, id=str(stream.pk))
        await watched(stream)
        foreign = await shown(description="Somebody else's")
        assert (foreign["asset"], foreign["url"]) == (None, None)
        own = await shown(description="Mine", user=cast.contributor)
        assert own["asset"] == {"description": "Mine"}
        assert "signature=" in own["url"]


async def test_it_is_complete_when_the_stream_has_ended(stream, token):
    async with listening(token) as socket:
        await socket.subscribe(EVERYTHING, id=str(stream.pk))
        await watched(stream)
        bus.publish(StreamClosed(str(stream.pk), 1, "IDLE"))
        assert await socket.receive() == {"type": "complete", "id": "1"}
    assert mix_plans.current().watchers(str(stream.pk)) == 0


async def test_one_who_goes_leaves_no_watcher(stream, token):
    async with listening(token) as socket:
        await socket.subscribe(EVERYTHING, id=str(stream.pk))
        await watched(stream)
        await socket.send(type="complete", id="1")
        assert await socket.silent()
        assert mix_plans.current().watchers(str(stream.pk)) == 0


@pytest.mark.parametrize("who", ["stranger", "owner", "nobody"])
async def test_a_strangers_stream_is_as_one_that_is_not_there(cast, stream, recording_bus, who):
    token = None if who == "nobody" else await sync_to_async(issue_token)(getattr(cast, who))
    async with listening(token) as socket:
        answers = []
        for given in (str(stream.pk), "0b8f6f3e-0000-4000-8000-000000000000", "rubbish", global_id("Tag", 1)):
            await socket.subscribe(EVERYTHING, id=given)
            message = await socket.receive()
            assert message["type"] == "error"
            answers.append([(error["message"], error["extensions"]) for error in message["payload"]])
        assert answers == 4 * [[("Stream not found.", {"code": "NOT_FOUND", "field": "streamId"})]]
    assert recording_bus.sent_of(WatchMix) == []


async def test_staff_may_watch(cast, stream):
    async with listening(await sync_to_async(issue_token)(cast.curator)) as socket:
        await socket.subscribe(EVERYTHING, id=str(stream.pk))
        await watched(stream)
        bus.publish(plan(stream))
        assert (await told(socket))["assets"] == []
