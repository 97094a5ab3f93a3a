"""Whoever sent a file is told how far it is, to its end, even when the bus says nothing of it."""

import asyncio
import uuid
from contextlib import aclosing

import pytest
from asgiref.sync import sync_to_async

from backend.assets.models import AssetUpload, UploadState
from backend.assets.progress import advance, begin
from backend.errors import NotFound
from backend.resources.viewer import ANONYMOUS
from realtime import uploads
from realtime.following import Following
from realtime.news import Refused, UploadProgress
from realtime.uploads import upload_feed
from tests.cast import make_cast, make_envelope, make_session, make_walk


@pytest.fixture
def walk(transactional_db):
    return make_walk()


@pytest.fixture
def people(walk):
    return make_cast(walk.project)


@pytest.fixture
def envelope(walk, people):
    return make_envelope(make_session(walk.project, people.contributor))


@pytest.fixture
def upload(envelope):
    return begin(uuid.uuid4(), envelope)


def progress(upload, state, asset_id=None, error=("", "")):
    return UploadProgress(str(upload.pk), state, *error, asset_id)


async def followed(upload, viewer):
    return Following(await upload_feed(upload.pk, viewer), viewer).happenings()


async def next_of(happenings):
    return (await asyncio.wait_for(anext(happenings), 5)).event


goes_on = sync_to_async(advance)


async def test_it_begins_with_how_far_it_is_and_ends_when_it_is_stored(walk, people, upload):
    async with aclosing(await followed(upload, people.contributor)) as told:
        assert await next_of(told) == progress(upload, "received")
        for state in (UploadState.DECODING, UploadState.ENCODING):
            await goes_on(upload, state)
            assert await next_of(told) == progress(upload, state.value)
        await goes_on(upload, UploadState.STORED, asset=walk.asset)
        assert [each.event async for each in told] == [progress(upload, "stored", walk.asset.pk)]


async def test_why_it_failed_is_told_and_that_is_the_end(people, upload):
    async with aclosing(await followed(upload, people.contributor)) as told:
        await next_of(told)
        await goes_on(upload, UploadState.FAILED, error_code="SILENT_RECORDING", error_message="Nothing is heard.")
        failed = progress(upload, "failed", error=("SILENT_RECORDING", "Nothing is heard."))
        assert [each.event async for each in told] == [failed]


async def test_what_had_ended_is_told_at_once_and_no_more(walk, people, upload):
    await goes_on(upload, UploadState.STORED, asset=walk.asset)
    told = [each.event async for each in await followed(upload, people.contributor)]
    assert told == [progress(upload, "stored", walk.asset.pk)]


async def test_a_word_that_the_bus_has_lost_is_found_in_the_row(people, upload, monkeypatch):
    monkeypatch.setattr(uploads, "LOOK_SECONDS", 0.01)
    async with aclosing(await followed(upload, people.contributor)) as told:
        await next_of(told)
        await AssetUpload.objects.filter(pk=upload.pk).aupdate(state=UploadState.FAILED)
        assert [each.event async for each in told] == [progress(upload, "failed")]


async def test_another_upload_is_none_of_this_one(walk, people, upload):
    envelope = await sync_to_async(make_envelope)(await sync_to_async(make_session)(walk.project, people.contributor))
    other = await sync_to_async(begin)(uuid.uuid4(), envelope)
    async with aclosing(await followed(upload, people.contributor)) as told:
        await next_of(told)
        await goes_on(other, UploadState.DECODING)
        await goes_on(upload, UploadState.ENCODING)
        assert await next_of(told) == progress(upload, "encoding")


async def test_one_that_is_deleted_is_not_found_any_more(people, upload, monkeypatch):
    monkeypatch.setattr(uploads, "LOOK_SECONDS", 0.01)
    async with aclosing(await followed(upload, people.contributor)) as told:
        await next_of(told)
        await AssetUpload.objects.filter(pk=upload.pk).adelete()
        (ended,) = [each.event async for each in told]
    assert isinstance(ended, Refused)
    assert isinstance(ended.error, NotFound)


@pytest.mark.parametrize("who", ["contributor", "owner", "curator"])
async def test_its_sender_the_owners_and_staff_see_it(people, upload, who):
    (await upload_feed(upload.pk, getattr(people, who))).close()


@pytest.mark.parametrize("who", ["stranger", "nobody"])
async def test_to_others_it_is_as_one_that_is_not_there(people, upload, who):
    viewer = ANONYMOUS if who == "nobody" else getattr(people, who)
    for given in (upload.pk, "rubbish"):
        with pytest.raises(NotFound):
            await upload_feed(given, viewer)


async def test_who_announces_an_upload_is_told_when_it_begins(envelope, people):
    key = uuid.uuid4()
    feed = await upload_feed(str(key).upper(), people.contributor)
    async with aclosing(Following(feed, people.contributor).happenings()) as told:
        first = asyncio.ensure_future(next_of(told))
        upload = await sync_to_async(begin)(key, envelope)
        assert await first == progress(upload, "received")


async def test_what_somebody_else_uploads_under_that_id_is_not_told(envelope, people):
    key = uuid.uuid4()
    async with aclosing(Following(await upload_feed(key, people.stranger), people.stranger).happenings()) as told:
        first = asyncio.ensure_future(next_of(told))
        await sync_to_async(begin)(key, envelope)
        assert isinstance((await first).error, NotFound)


async def test_one_that_was_announced_and_never_begins_is_not_found(people, monkeypatch):
    monkeypatch.setattr(uploads, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(uploads, "BEGINS_WITHIN_SECONDS", 0.05)
    feed = await upload_feed(uuid.uuid4(), people.contributor)
    async with aclosing(Following(feed, people.contributor).happenings()) as told:
        (ended,) = [each.event async for each in told]
    assert isinstance(ended.error, NotFound)


async def test_nobody_known_announces_anything():
    with pytest.raises(NotFound):
        await upload_feed(uuid.uuid4(), ANONYMOUS)
