"""uploadAsset, by the real ingest: a file becomes an asset, or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.assets.models import Asset, AssetUpload
from backend.projects.models import LocalizedString
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import STAFF_SESSION_ID, Event, Session
from schema.ids import global_id
from tests.backend.decoding.recordings import tone, write_wav
from tests.cast import INSIDE, make_envelope, make_session
from tests.schema.asking import ask, do

ID = "6a1fd3c8-3c5e-4f6e-9be8-0d1b4c9f7a10"
STORED = """
  asset { durationSeconds description mediaType submitted latitude weight volume loudnessGainDb
    language { code } tags { nodes { value } } user { username } session { id } envelopes { nodes { id } }
    file { url mimeType bytes } mp3: file(format: MP3) { bytes } m4a: file(format: M4A) { bytes } }
  upload { id state errorCode asset { id } envelope { id } } clientMutationId"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def recording(tmp_path):
    """A file of two seconds."""

    def make():
        return SimpleUploadedFile("x.mp3", write_wav(tmp_path / "x.wav", tone(440, seconds=2)).read_bytes())

    return make


@pytest.fixture
def envelope(walk, cast):
    return make_envelope(make_session(walk.project, cast.contributor))


@pytest.fixture
def upload(envelope, cast, recording):
    def act(selection=STORED, *, viewer=cast.contributor, **given):
        fields = {"envelopeId": global_id("Envelope", envelope.pk), "file": recording(), **INSIDE, **given}
        return do("uploadAsset", selection, viewer, **fields)

    return act


@pytest.fixture
def refused(upload, media):
    """Asserts that nothing came of it; gives type, code and field of the error."""

    def act(**given):
        before = list(Asset.objects.values())
        payload = upload(**given)
        assert list(Asset.objects.values()) == before
        assert [path for path in media.rglob("*") if path.is_file()] == []
        return payload["__typename"], payload["code"], payload["field"]

    return act


def test_a_recording_becomes_an_asset_of_ones_own(upload, walk, envelope, media):
    tags = [global_id("Tag", walk.tags[1].pk)]
    payload = upload(tagIds=tags, description="A tone.", uploadId=ID, languageId=global_id("Language", 1))
    asset = payload["asset"]
    assert asset["durationSeconds"] == pytest.approx(2, abs=0.05)
    assert (asset["description"], asset["mediaType"], asset["submitted"]) == ("A tone.", "AUDIO", True)
    assert (asset["latitude"], asset["weight"], asset["volume"]) == (INSIDE["latitude"], 50, 1.0)
    assert (asset["language"], asset["user"]) == ({"code": "en"}, {"username": "contributor"})
    assert asset["tags"]["nodes"] == [{"value": "stone"}]
    assert asset["envelopes"]["nodes"] == [{"id": global_id("Envelope", envelope.pk)}]
    names = {path.suffix: path for path in media.iterdir() if path.stem == _stem(asset)}
    assert set(names) == {".wav", ".mp3", ".m4a"}
    assert asset["file"]["bytes"] == names[".wav"].stat().st_size
    assert (asset["mp3"]["bytes"], asset["m4a"]["bytes"]) == (
        names[".mp3"].stat().st_size, names[".m4a"].stat().st_size,
    )  # fmt: skip
    assert payload["upload"] | {"asset": None, "envelope": None} == {
        "id": global_id("AssetUpload", ID), "state": "STORED", "errorCode": "", "asset": None, "envelope": None,
    }  # fmt: skip


def _stem(asset):
    return asset["file"]["url"].rpartition("/")[2].partition(".")[0]


def test_staff_submit_at_once_and_say_how_loud_and_how_early(upload, cast):
    asset = upload(viewer=cast.curator, submitted=True, weight=99, volume=0.5, latitude=65.0)["asset"]
    assert (asset["submitted"], asset["weight"], asset["volume"]) == (True, 99, 0.5)


def test_an_upload_that_is_sent_again_is_the_same_also_when_its_asset_has_gone(upload):
    first, again = upload(uploadId=ID), upload(uploadId=global_id("AssetUpload", ID), clientMutationId="2")
    assert again == first | {"clientMutationId": "2"}
    Asset.objects.filter(envelopes__isnull=False).delete()
    gone = upload(uploadId=ID)
    assert (gone["asset"], gone["upload"]["state"], Event.objects.count()) == (None, "STORED", 1)


def test_others_cannot_upload_into_ones_envelope(refused, cast, envelope):
    assert refused(viewer=cast.stranger) == ("NotPermittedError", "NOT_PERMITTED", "envelopeId")
    assert refused(viewer=cast.owner) == ("NotPermittedError", "NOT_PERMITTED", "envelopeId")
    assert refused(viewer=ANONYMOUS) == ("NotAuthenticatedError", "NOT_AUTHENTICATED", None)
    assert refused(envelopeId=global_id("Session", envelope.session_id)) == ("NotFoundError", "NOT_FOUND", "envelopeId")
    assert (AssetUpload.objects.count(), Event.objects.count()) == (0, 0)


def test_a_refusal_is_typed_and_the_upload_says_why(refused):
    damaged = SimpleUploadedFile("x.mp3", b"RIFF....WAVEdamaged")
    assert refused(file=damaged, uploadId=ID) == ("RefusedError", "UNREADABLE_AUDIO", "file")
    failed = AssetUpload.objects.get(pk=ID)
    assert (failed.state, failed.error_code) == ("failed", "UNREADABLE_AUDIO")
    assert refused(file=SimpleUploadedFile("x.mp3", b"")) == ("RefusedError", "EMPTY_FILE", "file")
    assert refused(mediaType="PHOTO")[0] == "RefusedError"
    assert refused(weight=1) == ("NotPermittedError", "NOT_PERMITTED", "weight")
    assert refused(latitude=None) == ("InvalidInputError", "INVALID_INPUT", "latitude")
    assert refused(tagIds=["999999"]) == ("NotFoundError", "NOT_FOUND", "tagIds")
    assert refused(languageId="999999") == ("NotFoundError", "NOT_FOUND", "languageId")
    assert refused(uploadId="one") == ("InvalidInputError", "INVALID_INPUT", "uploadId")


def test_a_recording_that_is_too_long_for_its_project_is_refused(refused, walk, settings):
    settings.RECORDING_MARGIN_SECONDS = 0.5
    walk.project.max_recording_seconds = 1
    walk.project.save()
    assert refused() == ("RefusedError", "AUDIO_TOO_LONG", "file")


@pytest.mark.parametrize("file", ["a.mp3", 1, True, ["a"], {"path": "/etc/passwd"}])
def test_a_file_is_a_file_and_no_text(cast, envelope, file):
    query = "mutation ($input: UploadAssetInput!) { uploadAsset(input: $input) { __typename } }"
    answer = ask(query, cast.contributor, input={"envelopeId": global_id("Envelope", envelope.pk), "file": file})
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert AssetUpload.objects.count() == 0


def test_no_file_can_stand_in_the_document(cast, envelope):
    query = f'mutation {{ uploadAsset(input: {{envelopeId: "{envelope.pk}", file: "/etc/passwd"}}) {{ __typename }} }}'
    assert "data" not in ask(query, cast.contributor)


def test_staff_upload_into_a_project_from_the_session_that_is_theirs(upload, walk, cast):
    reserved = make_envelope(Session.objects.get_or_create(pk=STAFF_SESSION_ID)[0])
    text = LocalizedString.objects.create(text="A tone.", language_id=1)
    payload = upload(
        "asset { project { id } descriptionTexts { nodes { text } } startSeconds endSeconds }",
        viewer=cast.curator,
        envelopeId=global_id("Envelope", reserved.pk),
        projectId=global_id("Project", walk.project.pk),
        descriptionTextIds=[global_id("LocalizedString", text.pk)],
        startSeconds=0.5,
        endSeconds=1.5,
    )
    assert payload["asset"] == {
        "project": {"id": global_id("Project", walk.project.pk)},
        "descriptionTexts": {"nodes": [{"text": "A tone."}]},
        "startSeconds": 0.5,
        "endSeconds": 1.5,
    }


def test_a_contributor_ties_no_texts_to_an_asset(refused):
    text = LocalizedString.objects.create(text="A tone.", language_id=1)
    told = refused(altTextIds=[global_id("LocalizedString", text.pk)])
    assert told == ("NotPermittedError", "NOT_PERMITTED", "altTextIds")
