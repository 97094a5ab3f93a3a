"""A file becomes an asset, or nothing at all."""

import errno
import os
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.utils import timezone

from backend.assets.contributions import UploadRequest
from backend.assets.models import Asset, AssetUpload, UploadState
from backend.assets.signals import asset_contributed
from backend.assets.storage import UploadInProgress, private_directory
from backend.assets.uploads import add_upload
from backend.bus.commands import PlayAsset
from backend.bus.events import AssetAdded, SoundscapeChanged, UploadChanged
from backend.decoding.errors import UnreadableAudio
from backend.errors import DomainError, InvalidInput, NotAuthenticated, NotFound, NotPermitted
from backend.listening.models import Stream, StreamState
from backend.projects.models import LocalizedString
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import Event, Session
from tests.backend.assets.ingesting import ORIGINAL, STEM, WAVEFORM, FakeIngest
from tests.cast import INSIDE, LATITUDE, LONGITUDE, english, make_envelope, make_project, make_session, make_upload

ID = "6a1fd3c8-3c5e-4f6e-9be8-0d1b4c9f7a10"
FILES = {f"{STEM}.wav", f"{STEM}.mp3", f"{STEM}.m4a", f"{ORIGINAL}.webm"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The media folder, with a file that was there before."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "demo.ogg").touch()
    return settings.MEDIA_ROOT


@pytest.fixture
def envelope(walk, cast):
    return make_envelope(make_session(walk.project, cast.contributor))


@pytest.fixture
def ingest():
    return FakeIngest()


@pytest.fixture
def upload(envelope, cast, ingest, django_capture_on_commit_callbacks):
    """Uploads as the contributor, unless said otherwise; what waits for a commit happens."""

    def act(*, viewer=cast.contributor, **given):
        request = UploadRequest(**{"envelope_id": envelope.pk, "file": sound(), **INSIDE, **given})
        with django_capture_on_commit_callbacks(execute=True):
            return add_upload(request, viewer=viewer, ingest=ingest)

    return act


@pytest.fixture
def refused(upload, media):
    """Asserts that an upload is refused so, and leaves neither asset nor file; gives the error."""

    def act(kind=DomainError, **given):
        before = list(Asset.objects.values())
        with pytest.raises(kind) as refusal:
            upload(**given)
        assert list(Asset.objects.values()) == before
        assert files(media) == {"demo.ogg"}
        return refusal.value

    return act


def sound(content=b"a sound"):
    return SimpleUploadedFile("../../x.php.mp3", content)


def files(folder):
    """All files below, those of uploads on their way among them."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_an_upload_becomes_an_asset_with_all_that_was_found_out(upload, ingest, media, walk, envelope):
    done = upload(tag_ids=[walk.tags[1].pk], description="A gull.")
    asset = Asset.objects.get(pk=done.asset_id)
    assert (asset.filename, asset.file.name) == (f"{STEM}.wav", f"{ORIGINAL}.webm")
    assert (asset.duration_seconds, asset.start_seconds, asset.end_seconds) == (2.5, 0.0, 2.5)
    assert (asset.loudness_gain_db, asset.waveform) == (3.25, WAVEFORM)
    assert (asset.project, asset.session, asset.user) == (walk.project, envelope.session, envelope.session.user)
    assert (asset.latitude, asset.position.coords, asset.submitted) == (LATITUDE, (LONGITUDE, LATITUDE), True)
    assert (list(asset.tags.all()), list(asset.envelopes.all())) == ([walk.tags[1]], [envelope])
    assert (asset.initial_envelope, asset.description, asset.media_type) == (envelope, "A gull.", "audio")
    assert files(media) == {"demo.ogg", *FILES}
    assert (media / f"{STEM}.mp3").read_text() == f"{STEM}.mp3"
    assert (ingest.seen, ingest.kind) == ([b"a sound"], "audio")


def test_its_row_says_how_it_ended(upload, envelope):
    done = AssetUpload.objects.get(pk=upload().pk)
    assert (done.state, done.error_code, done.session, done.envelope) == ("stored", "", envelope.session, envelope)


def test_a_file_that_was_spooled_to_disk_is_read_where_it_lies(upload, ingest, media):
    with TemporaryUploadedFile("a.mp3", "audio/mpeg", 7, None) as spooled:
        spooled.write(b"on disk")
        spooled.flush()
        ingest.during = lambda: ingest.seen.append(sorted(files(media / ".incoming")))
        upload(file=spooled)
    content, incoming = ingest.seen
    assert content == b"on disk"
    assert [path.rpartition("/")[2] for path in incoming] == ["lock", f"{STEM}.wav"]


@pytest.mark.parametrize(
    ("chosen", "heard"),
    [
        ({"start_seconds": 0.5, "end_seconds": 2.0}, (0.5, 2.0)),
        ({"start_seconds": 0.5}, (0.5, 2.5)),
        ({"end_seconds": 2.0}, (0.0, 2.0)),
        ({"start_seconds": 2.4, "end_seconds": 99.0}, (2.4, 2.5)),
    ],
)
def test_a_part_is_heard_as_far_as_the_file_has_it(upload, chosen, heard):
    asset = Asset.objects.get(pk=upload(**chosen).asset_id)
    assert (asset.start_seconds, asset.end_seconds, asset.duration_seconds) == (*heard, 2.5)


def test_a_part_that_the_file_does_not_have_is_refused(refused):
    assert refused(InvalidInput, start_seconds=2.5).field == "start_seconds"
    assert [upload.error_code for upload in AssetUpload.objects.all()] == ["INVALID_INPUT"]


def test_what_has_no_length_has_no_part(upload):
    asset = upload(media_type="text", start_seconds=1.0, end_seconds=2.0).asset
    assert (asset.start_seconds, asset.end_seconds) == (None, None)


def test_editors_give_it_texts(upload, cast):
    described, read = (LocalizedString.objects.create(language=english(), text=text) for text in "ab")
    given = {"description_text_ids": [described.pk], "alt_text_ids": [described.pk, read.pk]}
    asset = upload(viewer=cast.curator, **given).asset
    assert (list(asset.description_texts.all()), list(asset.alt_texts.all())) == ([described], [described, read])


def test_contributors_do_not(refused, ingest):
    text = LocalizedString.objects.create(language=english(), text="a")
    assert refused(NotPermitted, description_text_ids=[text.pk]).field == "description_text_ids"
    assert ingest.seen == []


def test_what_staff_upload_in_their_own_visit_is_of_the_project_that_they_name(
    upload, ingest, recording_bus, walk, cast
):
    envelope = staff_envelope()
    asset = upload(viewer=cast.curator, envelope_id=envelope.pk, project_id=walk.project.pk).asset
    assert (asset.project, asset.session, list(envelope.assets.all())) == (walk.project, envelope.session, [asset])
    assert recording_bus.sent_of(AssetAdded)[-1] == AssetAdded(walk.project.pk, asset.pk, envelope.session_id)
    assert {told.project_id for told in recording_bus.sent_of(SoundscapeChanged)} == {walk.project.pk}
    assert ingest.limits.seconds == 3_600


def test_a_text_is_found_without_its_file(upload, media):
    asset = upload(media_type="text", file=sound(b"Here stood a mill.")).asset
    assert (asset.filename, asset.file.name) == (f"{STEM}.txt", f"{STEM}.txt")
    assert (asset.description, asset.duration_seconds, asset.start_seconds) == ("Here stood a mill.", None, None)
    assert files(media) == {"demo.ogg", f"{STEM}.txt"}


def test_a_long_text_is_described_by_its_beginning_unless_it_is_described(upload):
    long = sound(b"x" * 9_000)
    assert upload(media_type="text", file=long, description="A mill.").asset.description == "A mill."
    assert upload(media_type="text", file=long).asset.description == "x" * 8_192


@pytest.mark.django_db(transaction=True)
def test_each_step_is_told_and_the_asset_last(upload, recording_bus, walk, envelope):
    already = len(recording_bus.sent)
    done = upload(upload_id=ID)
    assert str(done.pk) == ID
    steps = recording_bus.sent_of(UploadChanged)
    assert [step.state for step in steps] == ["received", "decoding", "encoding", "stored"]
    assert {(step.upload_id, step.project_id, step.session_id) for step in steps} == {
        (ID, walk.project.pk, envelope.session_id)
    }
    assert [step.asset_id for step in steps] == [None, None, None, done.asset_id]
    added = AssetAdded(walk.project.pk, done.asset_id, envelope.session_id)
    assert recording_bus.sent[already:] == [*steps[:3], added, SoundscapeChanged(walk.project.pk), steps[3]]


@pytest.mark.parametrize("state", [StreamState.PLAYING, StreamState.PAUSED])
def test_ones_own_recording_is_heard_at_once_in_ones_own_stream(upload, recording_bus, cast, envelope, state):
    stream = Stream.objects.create(session=envelope.session, state=state, **INSIDE)
    Stream.objects.create(
        session=make_session(envelope.session.project, cast.stranger), state=StreamState.PLAYING, **INSIDE
    )
    done = upload(submitted=False)
    assert recording_bus.sent_of(PlayAsset) == [PlayAsset(str(stream.pk), done.asset_id)]
    assert isinstance(recording_bus.sent[-1], PlayAsset)
    assert list(Event.objects.values_list("session", "event_type", "data")) == [
        (envelope.session_id, "start_upload", None),
        (envelope.session_id, "play_asset_in_stream", f"asset_id:{done.asset_id}"),
    ]


@pytest.mark.parametrize("state", [StreamState.IDLE, StreamState.CLOSED])
def test_a_stream_that_has_ended_is_told_nothing(upload, recording_bus, envelope, state):
    Stream.objects.create(session=envelope.session, state=state, **INSIDE)
    upload()
    assert recording_bus.sent_of(PlayAsset) == []


def test_what_is_no_sound_is_not_played(upload, recording_bus, envelope):
    Stream.objects.create(session=envelope.session, state=StreamState.PLAYING, **INSIDE)
    upload(media_type="text")
    assert recording_bus.sent_of(PlayAsset) == []


def test_staff_may_upload_into_anybodys_visit_and_are_the_author(upload, cast, envelope):
    asset = upload(viewer=cast.curator).asset
    assert (asset.user, asset.session) == (cast.curator, envelope.session)


def test_others_may_not_and_nothing_is_noted(refused, cast, envelope, recording_bus):
    for viewer in (cast.owner, cast.stranger):
        refusal = refused(NotPermitted, viewer=viewer)
        assert refusal.field == "envelope_id"
    refused(NotAuthenticated, viewer=ANONYMOUS)
    for key in (envelope.pk + 1, "x", None):
        assert refused(NotFound, envelope_id=key).field == "envelope_id"
    assert refused(InvalidInput, viewer=cast.curator, envelope_id=staff_envelope().pk).field == "project_id"
    assert refused(NotFound, project_id=999_999).field == "project_id"
    assert refused(InvalidInput, project_id=make_project(name="Another").pk).field == "project_id"
    assert refused(InvalidInput, upload_id="one").field == "upload_id"
    assert (AssetUpload.objects.count(), Event.objects.count(), recording_bus.sent) == (0, 0, [])


def staff_envelope():
    return make_envelope(Session.objects.get_or_create(id=1)[0])


def test_what_a_project_does_not_take_is_on_record_and_the_file_is_not_looked_at(refused, ingest, walk, recording_bus):
    walk.project.speak_enabled = False
    walk.project.save()
    refused()
    (failed,) = AssetUpload.objects.all()
    assert (failed.state, failed.error_code, failed.asset) == ("failed", "CONTRIBUTIONS_CLOSED", None)
    assert failed.error_message == "This project takes no contributions at the moment."
    assert [event.event_type for event in Event.objects.all()] == ["start_upload"]
    assert [step.state for step in recording_bus.sent_of(UploadChanged)] == ["received", "failed"]
    assert ingest.seen == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnreadableAudio("It is damaged."), "UNREADABLE_AUDIO"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "STORAGE_FULL"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_nothing_but_the_reason(refused, ingest, recording_bus, error, code):
    ingest.error = error
    assert refused().code == code
    (failed,) = AssetUpload.objects.all()
    assert (failed.state, failed.error_code, failed.asset_id) == ("failed", code, None)
    assert [step.state for step in recording_bus.sent_of(UploadChanged)] == ["received", "decoding", "failed"]
    assert recording_bus.sent_of(AssetAdded) == recording_bus.sent_of(SoundscapeChanged) == []


def test_a_disk_that_is_full_from_the_start_says_so(refused, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.mkdir", full)
    assert refused().code == "STORAGE_FULL"
    assert AssetUpload.objects.count() == 0


def test_a_fault_of_ours_leaves_nothing_but_a_word_about_it(upload, ingest, media):
    ingest.error = ZeroDivisionError("secret")
    with pytest.raises(ZeroDivisionError):
        upload()
    (failed,) = AssetUpload.objects.all()
    assert (failed.state, failed.error_code, failed.error_message) == (
        "failed", "INTERNAL_ERROR", "Something went wrong here.",
    )  # fmt: skip
    assert files(media) == {"demo.ogg"}


def test_files_that_were_moved_leave_again_when_their_rows_cannot_be_stored(upload, media, walk, recording_bus):
    def fails(asset, **_):
        assert files(media) >= FILES
        raise ZeroDivisionError

    asset_contributed.connect(fails)
    try:
        with pytest.raises(ZeroDivisionError):
            upload()
    finally:
        asset_contributed.disconnect(fails)
    assert list(Asset.objects.all()) == [walk.asset]
    assert files(media) == {"demo.ogg"}
    (failed,) = AssetUpload.objects.all()
    assert (failed.state, failed.asset_id) == ("failed", None)
    assert recording_bus.sent[-1] == recording_bus.sent_of(UploadChanged)[-1]
    assert recording_bus.sent[-1].asset_id is None


def test_a_project_that_goes_while_its_file_is_read_gets_no_asset(upload, ingest, walk, media):
    ingest.during = walk.project.delete
    with pytest.raises(NotFound) as refusal:
        upload()
    assert refusal.value.field == "envelope_id"
    assert (list(Asset.objects.all()), AssetUpload.objects.count()) == ([walk.asset], 0)
    assert files(media) == {"demo.ogg"}


@pytest.mark.django_db(transaction=True)
def test_a_tag_that_goes_while_the_file_is_read_is_a_refusal(refused, ingest, walk):
    """Only a real commit finds it."""
    bare = walk.tags[1]
    bare.ui_items.all().delete()
    ingest.during = bare.delete
    refused(InvalidInput, tag_ids=[bare.pk])
    assert [upload.error_code for upload in AssetUpload.objects.all()] == ["INVALID_INPUT"]


def test_an_upload_that_is_sent_again_is_done_once(upload, ingest, recording_bus):
    """As by a phone that never got the answer to the first."""
    first = upload(upload_id=ID)
    told = len(recording_bus.sent)
    again = upload(upload_id=ID.upper(), file=sound(b"again"))
    assert (again.pk, again.asset_id, again.state) == (first.pk, first.asset_id, "stored")
    assert (Asset.objects.count(), Event.objects.count(), len(ingest.seen)) == (2, 1, 1)
    assert len(recording_bus.sent) == told


def test_an_upload_that_failed_may_be_sent_again(upload, refused, ingest):
    ingest.error = UnreadableAudio("It is damaged.")
    refused(upload_id=ID)
    ingest.error = None
    done = AssetUpload.objects.get(pk=upload(upload_id=ID).pk)
    assert (done.state, done.error_code, done.error_message) == ("stored", "", "")
    assert Event.objects.filter(event_type="start_upload").count() == 2


@pytest.mark.parametrize("state", [UploadState.RECEIVED, UploadState.DECODING, UploadState.ENCODING])
def test_so_may_one_whose_process_was_killed(upload, envelope, media, state):
    make_upload(envelope, pk=ID, state=state)
    (media / ".incoming" / ID / "made").mkdir(parents=True)
    (media / ".incoming" / ID / "made" / "part.wav").touch()
    assert upload(upload_id=ID).state == "stored"
    assert files(media) == {"demo.ogg", *FILES}


def test_two_of_one_id_are_not_worked_on_at_once(upload, envelope, ingest, media):
    working = make_upload(envelope, pk=ID, state="encoding")
    with private_directory(ID):
        with pytest.raises(UploadInProgress) as refusal:
            upload(upload_id=ID)
        assert refusal.value.field == "upload_id"
    working.refresh_from_db()
    assert (working.state, ingest.seen, Event.objects.count()) == ("encoding", [], 0)


def test_the_id_of_somebody_elses_upload_opens_nothing(upload, refused, walk, cast):
    theirs = make_envelope(make_session(walk.project, cast.stranger))
    row = make_upload(theirs, pk=ID, state="failed", error_code="X")
    assert refused(InvalidInput, upload_id=ID).field == "upload_id"
    row.refresh_from_db()
    assert (row.state, row.error_code, Event.objects.count()) == ("failed", "X", 0)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_file_is_read_and_its_steps_are_seen_at_once(
    upload, ingest, recording_bus, walk
):
    seen = []

    def look():
        told = [step.state for step in recording_bus.sent_of(UploadChanged)]
        seen.append((connection.in_atomic_block, AssetUpload.objects.get().state, told))

    ingest.during = look
    upload()
    assert seen == [(False, "decoding", ["received", "decoding"])]


def test_an_asset_is_new_when_it_is_stored_for_clients_ask_for_what_is_new(envelope, cast, ingest):
    asked = []

    def asked_meanwhile(*arguments, **given):
        made = ingest(*arguments, **given)
        asked.append(timezone.now())
        return made

    request = UploadRequest(envelope_id=envelope.pk, file=sound(), **INSIDE)
    stored = add_upload(request, viewer=cast.contributor, ingest=asked_meanwhile)
    assert stored.asset.created_at > asked[0]


def test_a_name_that_a_client_chose_appears_nowhere(upload, media):
    asset = upload().asset
    stored = " ".join(str(value) for value in Asset.objects.filter(pk=asset.pk).values().get().values())
    assert "x.php" not in stored and not any("x.php" in name for name in files(media))


def test_a_new_id_is_given_to_who_brings_none(upload):
    assert uuid.UUID(str(upload().pk)).version == 4
