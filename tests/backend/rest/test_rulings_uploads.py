"""Rulings on uploads: what a file becomes, whose it is, and what a failed one leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.assets.models import Asset
from backend.visits.models import Event
from tests.backend.rest.conftest import Caller, ids
from tests.backend.rest.rulings import in_world, ruling
from tests.backend.rest.world import World
from tests.cast import FAR_AWAY, INSIDE, LATITUDE, LONGITUDE, Cast

Upload = Callable[..., Any]


@pytest.fixture
def upload(world: World, callers: Callable[[str], Caller], recording: bytes) -> Upload:
    """Sends a recording to the contributor's envelope, in the place of the walk, with more of what is said."""

    def act(who: str = "contributor", call: str = "PATCH envelopes/{envelope}/", **said: Any) -> Any:
        file = SimpleUploadedFile("bells at noon.wav", recording, "audio/wav")
        sent = {"file": file, **INSIDE, **in_world(said, world)}
        given = {name: value for name, value in sent.items() if value is not None}
        return callers(who).call(in_world(call, world), given, "multipart")

    return act


@ruling("Assets: new one's envelope")
def test_a_new_asset_names_its_envelope(world: World, upload: Upload) -> None:
    for name in ("envelope_id", "envelope_ids", "envelope"):
        answer = upload(call="POST assets/", **{name: "{envelope}"})
        assert (answer.status_code, answer.json()["envelope_ids"]) == (200, [world.ids["envelope"]]), name


class Refusal(NamedTuple):
    """What is said of a file, the status and the field that is named."""

    topic: str
    said: dict[str, Any]
    status: int
    field: str


IN_IT = {"envelope_id": "{envelope}"}
REFUSALS = [
    Refusal("Assets: new one's envelope", {"envelope_ids": "{envelope},{other_envelope}"}, 400, "envelope_ids"),
    Refusal("Assets: new one's envelope", {}, 400, "envelope_ids"),
    Refusal("An unknown id in the body", {"envelope_id": "{missing}"}, 400, "envelope_ids"),
    Refusal("Others' rows", {"envelope_id": "{staff_envelope}"}, 403, "envelope_ids"),
    Refusal("Assets: a file is missing", {**IN_IT, "file": None}, 400, "file"),
    Refusal("Assets: kind of a file", {**IN_IT, "media_type": "smell"}, 400, "media_type"),
    Refusal("Assets: kind of a file", {**IN_IT, "media_type": "photo"}, 400, "file"),
    Refusal("Assets: unknown tags of an upload", {**IN_IT, "tag_ids": "{tag},{missing}"}, 400, "tag_ids"),
    Refusal("Assets: unknown tags of an upload", {**IN_IT, "tag_ids": "x"}, 400, "tag_ids"),
    Refusal("Assets: `submitted` of an upload", {**IN_IT, "submitted": "perhaps"}, 400, "submitted"),
    Refusal("Assets: `weight` and `volume`", {**IN_IT, "weight": "60"}, 403, "weight"),
]


@ruling("Assets: failed upload", *(refusal.topic for refusal in REFUSALS))
def test_a_refused_upload_leaves_nothing(upload: Upload, tmp_path: Path, subtests: pytest.Subtests) -> None:
    before = Asset.objects.count()
    for refusal in REFUSALS:
        with subtests.test(refusal=refusal):
            answer = upload(call="POST assets/", **refusal.said)
            assert (answer.status_code, list(answer.json())) == (refusal.status, [refusal.field])
    assert Asset.objects.count() == before
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@ruling("Assets: a file is missing")
def test_a_missing_file_is_asked_for(upload: Upload) -> None:
    answer = upload(call="POST assets/", envelope_id="{envelope}", file=None)
    assert answer.json() == {"file": ["Must supply file for asset content"]}


@ruling("Assets: failed upload")
def test_an_attempt_is_noted(world: World, upload: Upload) -> None:
    upload(media_type="photo")
    assert Event.objects.filter(session=world.ids["session"], event_type="start_upload").count() == 1


@ruling("Assets: author", "Assets: `session_id` of an upload")
def test_an_asset_is_of_whoever_sends_it_in_the_session_of_its_envelope(
    world: World, upload: Upload, cast: Cast
) -> None:
    body = upload(user_id=cast.stranger.pk, session_id="{new_session}").json()
    assert (body["user"]["id"], body["session_id"]) == (cast.contributor.pk, world.ids["session"])
    assert upload().json()["session_id"] == world.ids["session"]


PROJECT = {"latitude": LATITUDE, "longitude": LONGITUDE}
NOWHERE = {"latitude": None, "longitude": None}

# What a contributor says, and what becomes of it: the project takes what is in range at once.
REVIEWED = [
    ({}, True, INSIDE),
    ({"submitted": ""}, True, INSIDE),
    ({"submitted": "true", **FAR_AWAY}, False, FAR_AWAY),
    (FAR_AWAY, False, FAR_AWAY),
    ({"submitted": "false"}, False, INSIDE),
    ({"submitted": "N"}, False, INSIDE),
    (NOWHERE, False, PROJECT),
    ({"submitted": "false", **NOWHERE}, False, NOWHERE),
]


@ruling("Assets: `submitted` of an upload", "Assets: place of an upload")
def test_a_contribution_is_heard_at_once_where_the_project_has_it_so(upload: Upload, subtests: pytest.Subtests) -> None:
    for said, submitted, place in REVIEWED:
        with subtests.test(said=said):
            body = upload(**said).json()
            assert body["submitted"] is submitted
            assert {name: body[name] for name in place} == place


@ruling("Assets: `submitted` of an upload", "Assets: `weight` and `volume`")
def test_an_editor_passes_an_asset_by_the_review(upload: Upload) -> None:
    body = upload("curator", submitted="true", weight="99", volume="1.5", **FAR_AWAY).json()
    assert (body["submitted"], body["weight"], body["volume"]) == (True, 99, 1.5)


@ruling("Assets: names of files", "Media: beside a `.wav`", "Assets: `file`")
def test_a_recording_lies_there_in_three_formats(upload: Upload, tmp_path: Path) -> None:
    body = upload().json()
    stem = body["filename"].removesuffix(".wav")
    assert len(stem) == 32 and set(stem) <= set("0123456789abcdef")
    assert body["file"] == f"http://testserver/rwmedia/{stem}.wav"
    assert {path.name for path in tmp_path.glob(f"{stem}.*")} == {f"{stem}.wav", f"{stem}.mp3", f"{stem}.m4a"}
    # What was sent is kept, too.
    assert len([path for path in tmp_path.glob("*") if path.is_file()]) == 4


@ruling("Assets: DELETE")
def test_the_files_of_an_asset_go_with_it(upload: Upload, api: Caller, tmp_path: Path) -> None:
    asset_id = upload().json()["id"]
    assert api.call(f"DELETE assets/{asset_id}/").status_code == 204
    assert [path for path in tmp_path.glob("*") if path.is_file()] == []
    assert asset_id not in ids(api.get("assets/"))


@ruling("Assets: kind of a file")
def test_a_text_says_what_it_is(world: World, api: Caller) -> None:
    file = SimpleUploadedFile("blob", b"I was here.", "text/plain")
    body = api.call(in_world("PATCH envelopes/{envelope}/", world), {"file": file, "media_type": "text"}, "multipart")
    assert (body.json()["media_type"], body.json()["description"]) == ("text", "I was here.")
