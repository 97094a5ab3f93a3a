"""Assets as clients read them, and who is told what of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from backend.assets.media import may_fetch
from backend.assets.models import Asset
from backend.assets.moderation import moderate_assets
from backend.projects.models import Language
from backend.visits.models import Session
from tests.backend.rest.conftest import ZONELESS, Caller, ids
from tests.backend.rest.rulings import ruling
from tests.cast import Cast, Walk, make_asset, make_envelope, make_project

ASSET = {
    "id", "description", "latitude", "longitude", "shape", "filename", "file", "volume", "submitted", "created",
    "updated", "weight", "start_time", "end_time", "user", "media_type", "audio_length_in_seconds", "tag_ids",
    "session_id", "project_id", "language_id", "envelope_ids", "description_loc_ids", "alt_text_loc_ids",
}  # fmt: skip


@ruling("Assets: keys", "Dates in answers")
def test_assets_have_the_old_keys_with_the_types_that_clients_need(api: Caller, walk: Walk) -> None:
    envelope = make_envelope(Session.objects.create(project=walk.project), walk.asset)
    (body,) = api.get("assets/", submitted="true", project_id=walk.project.pk).json()
    assert set(body) == ASSET
    assert body["file"] == "http://testserver/rwmedia/a.mp3"
    assert ZONELESS.fullmatch(body["created"]) and ZONELESS.fullmatch(body["updated"])
    assert (body["tag_ids"], body["envelope_ids"]) == ([walk.tags[0].pk], [envelope.pk])
    assert (body["description_loc_ids"], body["alt_text_loc_ids"]) == ([], [])
    assert (body["audio_length_in_seconds"], body["start_time"], body["end_time"]) == (12.0, 0.0, 12.0)
    assert (body["description"], body["weight"], body["volume"], body["media_type"]) == ("", 50, 1.0, "audio")
    assert (body["user"], body["session_id"], body["shape"]) == (None, None, None)
    assert api.get(f"assets/{walk.asset.pk}/", session_id=1).json() == body


@ruling("Assets: `file`", "Assets: ends of the heard part")
def test_an_asset_always_has_an_address_and_ends(api: Caller, walk: Walk) -> None:
    bare = make_asset(walk.project, filename="", start_seconds=None, end_seconds=None, duration_seconds=7.123)
    body = api.get(f"assets/{bare.pk}").json()
    assert body["file"] == "http://testserver/rwmedia/"
    assert (body["start_time"], body["end_time"], body["audio_length_in_seconds"]) == (0.0, 7.12, 7.12)
    named = make_asset(walk.project, file="x.webm", filename="ääni 1.wav")
    assert api.get(f"assets/{named.pk}").json()["file"] == "http://testserver/rwmedia/%C3%A4%C3%A4ni%201.wav"


@ruling("Media: what is not public")
def test_what_is_not_public_has_a_signed_address_for_whoever_is_shown_it(
    api: Caller, stranger: Caller, cast: Cast, walk: Walk
) -> None:
    own = make_asset(walk.project, user=cast.contributor, filename="b.wav", submitted=False)
    link = parse_qsl(urlsplit(api.get(f"assets/{own.pk}").json()["file"]).query)
    assert may_fetch("b.mp3", dict(link)) and not may_fetch("b.mp3", {})
    assert stranger.get(f"assets/{own.pk}").status_code == 404


@ruling("Assets: `user`")
def test_a_contributor_is_shown_to_themselves_and_staff_alone(
    api: Caller, stranger: Caller, caller: Any, cast: Cast, walk: Walk
) -> None:
    Asset.objects.filter(pk=walk.asset.pk).update(user=cast.contributor)
    type(cast.contributor).objects.filter(pk=cast.contributor.pk).update(email="me@example.org")
    mine = {
        "id": cast.contributor.pk,
        "username": "contributor",
        "first_name": "",
        "last_name": "",
        "email": "me@example.org",
        "device_id": "device-of-contributor",
        "client_type": "web",
    }
    path = f"assets/{walk.asset.pk}/"
    assert api.get(path).json()["user"] == caller(cast.curator).get(path).json()["user"] == mine
    assert stranger.get(path).json()["user"] is None
    assert caller(cast.owner).get(path).json()["user"] is None


@ruling("Assets: not submitted")
def test_what_is_not_submitted_is_seen_by_its_contributor_alone(
    api: Caller, stranger: Caller, walk: Walk, session: Session
) -> None:
    hidden = make_asset(walk.project, submitted=False, session=session)
    assert ids(api.get("assets/")) == [walk.asset.pk, hidden.pk]
    assert ids(api.get("assets/", submitted="true")) == [walk.asset.pk]
    assert ids(stranger.get("assets/")) == [walk.asset.pk]
    assert stranger.get(f"assets/{hidden.pk}/").status_code == 404


@ruling("Assets: what is gone since `updated__gte`")
def test_who_asks_what_has_changed_is_told_what_is_no_longer_public(
    api: Caller, stranger: Caller, walk: Walk, cast: Cast
) -> None:
    moderate_assets([walk.asset.pk], viewer=cast.owner, submitted=False, reason="not now")
    make_asset(walk.project, submitted=False, description="never shown")
    since = "2026-01-01T00:00:00"
    (shell,) = stranger.get("assets/", updated__gte=since, project_id=walk.project.pk).json()
    whole = api.get("assets/").json()
    assert whole == []
    told = {key: value for key, value in shell.items() if value}
    assert told.keys() == {"id", "project_id", "media_type", "created", "updated", "file"}
    assert shell["id"] == walk.asset.pk and shell["submitted"] is False and shell["tag_ids"] == []
    later = "2099-01-01T00:00:00"
    assert stranger.get("assets/", updated__gte=later).json() == []
    assert stranger.get("assets/", updated__gte=since, submitted="true").json() == []
    assert stranger.get("assets/").json() == []


def test_a_shell_has_the_keys_of_an_asset(api: Caller, walk: Walk, cast: Cast) -> None:
    (shown,) = api.get("assets/").json()
    moderate_assets([walk.asset.pk], viewer=cast.owner, submitted=False)
    (shell,) = api.get("assets/", updated__gte="2026-01-01T00:00:00").json()
    assert shell.keys() == shown.keys()


def test_assets_are_filtered(api: Caller, walk: Walk, session: Session, finnish: Language) -> None:
    both = make_asset(walk.project, language=finnish, session=session, duration_seconds=40.0)
    both.tags.add(*walk.tags)
    photo = make_asset(walk.project, media_type="photo", language_id=1, duration_seconds=None)
    elsewhere = make_asset(make_project())
    envelope = make_envelope(session, both, photo)
    sea, stone = walk.tags
    for query, found in [
        ({"project_id": walk.project.pk}, [walk.asset, both, photo]),
        ({"project": elsewhere.project_id}, [elsewhere]),
        ({"session_id": session.pk}, [both]),
        ({"session_id": 10**12}, []),
        ({"media_type": "photo"}, [photo]),
        ({"mediatype": "photo"}, [photo]),
        ({"tag_ids": f"{sea.pk}"}, [walk.asset, both]),
        ({"tag_ids": f"{sea.pk},{stone.pk},"}, [both]),
        ({"tag_ids": [sea.pk, stone.pk]}, [both]),
        ({"language": "fi"}, [both]),
        ({"envelope_id": envelope.pk}, [both, photo]),
        ({"envelope_ids": f"{envelope.pk}", "media_type": "photo"}, [photo]),
        ({"audiolength__gte": 12, "audiolength__lte": "39.5"}, [walk.asset, elsewhere]),
        ({"ordering": "-id", "project_id": walk.project.pk}, [photo, both, walk.asset]),
        ({"ordering": "color", "search": "x", "paginate": "", "limit": 1}, [walk.asset, both, photo, elsewhere]),
    ]:
        assert ids(api.get("assets/", **query)) == [asset.pk for asset in found], query


def test_all_tags_of_an_asset_are_shown_also_when_one_was_asked_for(api: Caller, walk: Walk) -> None:
    walk.asset.tags.add(walk.tags[1])
    (body,) = api.get("assets/", tag_ids=walk.tags[0].pk).json()
    assert body["tag_ids"] == [tag.pk for tag in walk.tags]


@ruling("Assets: `created__gte`", "Dates that are sent")
def test_new_assets_are_asked_for_by_time(api: Caller, walk: Walk) -> None:
    then = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
    at, before = (make_asset(walk.project, created_at=then - timedelta(seconds=back)) for back in (0, 1))
    Asset.objects.filter(pk=walk.asset.pk).delete()
    for asked in ("2026-01-02T03:04:05.678Z", "2026-01-02T05:04:05.678+02:00", "2026-01-02T03:04:05.678"):
        assert ids(api.get("assets/", created__gte=asked)) == [at.pk]
    assert ids(api.get("assets/", created__lt="2026-01-02T03:04:05.678Z")) == [before.pk]
    assert api.get(f"assets/{at.pk}").json()["created"] == "2026-01-02T03:04:05.678000"
