"""Uploads and engines, followed over a websocket."""

import uuid
from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async

from backend import bus
from backend.accounts.actions import issue_token
from backend.assets.models import UploadState
from backend.assets.progress import advance, begin
from backend.bus.events import EngineReported
from realtime import rooms
from schema.ids import global_id
from tests.cast import make_cast, make_envelope, make_session, make_walk
from tests.patience import until
from tests.schema.test_consumers import listening

pytestmark = pytest.mark.django_db(transaction=True)

UPLOAD = """
subscription ($id: ID!) { uploadProgress(id: $id) { uploadId state errorCode errorMessage asset { description } } }
"""
ENGINES = "subscription { engineStatus { engineId load isSilent listeners bankBytes reportedAt } }"


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def people(walk):
    return make_cast(walk.project)


@pytest.fixture
def upload(walk, people):
    return begin(uuid.uuid4(), make_envelope(make_session(walk.project, people.contributor)))


def token_of(user):
    return sync_to_async(issue_token)(user)


async def test_an_upload_is_followed_to_its_asset(walk, people, upload):
    async with listening(await token_of(people.contributor)) as socket:
        await socket.subscribe(UPLOAD, id=str(upload.pk))
        shown = {"uploadId": global_id("AssetUpload", upload.pk), "errorCode": "", "errorMessage": "", "asset": None}
        assert (await socket.receive())["payload"]["data"]["uploadProgress"] == {**shown, "state": "RECEIVED"}
        await sync_to_async(advance)(upload, UploadState.STORED, asset=walk.asset)
        stored = {**shown, "state": "STORED", "asset": {"description": ""}}
        assert (await socket.receive())["payload"]["data"]["uploadProgress"] == stored
        assert await socket.receive() == {"type": "complete", "id": "1"}


async def test_a_strangers_upload_is_not_found(people, upload):
    async with listening(await token_of(people.stranger)) as socket:
        for given in (str(upload.pk), global_id("AssetUpload", upload.pk), global_id("Tag", 1)):
            await socket.subscribe(UPLOAD, id=given)
            message = await socket.receive()
            assert message["type"] == "error"
            assert message["payload"][0]["extensions"] == {"code": "NOT_FOUND", "field": "id"}


async def test_staff_follow_the_engines(people):
    async with listening(await token_of(people.curator)) as socket:
        await socket.subscribe(ENGINES)
        await until(lambda: rooms.current().followers(("engines",)))
        bus.publish(EngineReported("one", datetime(2026, 11, 22, tzinfo=UTC), 60.0, 0.5, 2, 3, 4, 5, 6, 2**40, 0.25))
        assert (await socket.receive())["payload"]["data"]["engineStatus"] == {
            "engineId": "one",
            "load": 0.5,
            "isSilent": False,
            "listeners": 3,
            "bankBytes": 2.0**40,
            "reportedAt": "2026-11-22T00:00:00+00:00",
        }


@pytest.mark.parametrize("who", ["owner", "contributor", None])
async def test_others_are_told_nothing_of_the_engines(people, who):
    async with listening(who and await token_of(getattr(people, who))) as socket:
        await socket.subscribe(ENGINES)
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "NOT_PERMITTED")
        bus.publish(EngineReported("one", datetime(2026, 11, 22, tzinfo=UTC), 60.0, 0.5, 2, 3, 4, 5, 6, 7, 0.25))
        assert await socket.silent()
