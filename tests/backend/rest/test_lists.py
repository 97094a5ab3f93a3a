"""What clients load at the start: projects, speakers, tracks, assets, tags, and the choices of both screens."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.assets.media import may_fetch
from backend.assets.models import Asset
from backend.assets.moderation import moderate_assets
from backend.projects.models import Language, LocalizedString
from backend.soundscape.models import Audiotrack, Speaker
from backend.tagging.models import TagRelationship, UIGroup, UIItem
from backend.visits.models import Session
from tests.backend.rest.conftest import Caller
from tests.cast import Cast, Walk, make_asset, make_envelope, make_project, make_speaker, make_tags, square

PROJECT = {
    "id", "name", "owner", "latitude", "longitude", "pub_date", "audio_format", "auto_submit", "max_recording_length",
    "listen_questions_dynamic", "speak_questions_dynamic", "sharing_url", "out_of_range_url", "recording_radius",
    "listen_enabled", "geo_listen_enabled", "speak_enabled", "geo_speak_enabled", "reset_tag_defaults_on_startup",
    "timed_asset_priority", "repeat_mode", "files_url", "files_version", "audio_stream_bitrate", "ordering",
    "demo_stream_enabled", "demo_stream_url", "out_of_range_distance", "demo_stream_message", "legal_agreement",
    "description", "sharing_message", "out_of_range_message", "language_ids",
}  # fmt: skip
SPEAKER = {
    "id", "activeyn", "code", "maxvolume", "minvolume", "uri", "backupuri", "shape", "boundary",
    "attenuation_distance", "attenuation_border", "project_id",
}  # fmt: skip
AUDIOTRACK = {
    "id", "minvolume", "maxvolume", "minduration", "maxduration", "mindeadair", "maxdeadair", "minfadeintime",
    "maxfadeintime", "minfadeouttime", "maxfadeouttime", "minpanpos", "maxpanpos", "minpanduration", "maxpanduration",
    "repeatrecordings", "active", "start_with_silence", "banned_duration", "fadeout_when_filtered",
    "timed_asset_priority", "tag_filters", "project_id",
}  # fmt: skip
ASSET = {
    "id", "description", "latitude", "longitude", "shape", "filename", "file", "volume", "submitted", "created",
    "updated", "weight", "start_time", "end_time", "user", "media_type", "audio_length_in_seconds", "tag_ids",
    "session_id", "project_id", "language_id", "envelope_ids", "description_loc_ids", "alt_text_loc_ids",
}  # fmt: skip
TAG = {
    "id", "value", "description", "data", "filter", "location", "project_id", "tag_category_id", "description_loc",
    "msg_loc", "relationships",
}  # fmt: skip
ZONELESS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")


def text(words: str, language: Language | None = None) -> LocalizedString:
    return LocalizedString.objects.create(text=words, language_id=language.pk if language else 1)


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


@pytest.fixture
def finnish(db: None) -> Language:
    return Language.objects.create(code="fi", name="Finnish")


# Projects


def test_a_project_has_the_old_keys_with_the_types_that_clients_need(api: Caller, walk: Walk, session: Session) -> None:
    body = api.get(f"projects/{walk.project.pk}/", session_id=session.pk).json()
    assert set(body) == PROJECT
    assert ZONELESS.fullmatch(body["pub_date"])
    assert body["audio_stream_bitrate"] == "128"
    assert (body["recording_radius"], body["out_of_range_distance"]) == (50, 1000)
    assert (body["max_recording_length"], body["timed_asset_priority"]) == (60, True)
    assert body["language_ids"] == [1]


def test_a_project_without_a_radius_tells_the_one_that_applies(api: Caller, session: Session) -> None:
    project = make_project(recording_radius_metres=None)
    assert api.get(f"projects/{project.pk}/", session_id=session.pk).json()["recording_radius"] == 1


def test_a_project_is_read_in_the_language_of_the_session(
    api: Caller, walk: Walk, session: Session, finnish: Language
) -> None:
    walk.project.sharing_message_texts.add(text("Listen!"), text("Kuuntele!", finnish))
    walk.project.legal_agreement_texts.add(text("Agree."))
    Session.objects.filter(pk=session.pk).update(language=finnish)
    body = api.get(f"projects/{walk.project.pk}/", session_id=session.pk).json()
    assert (body["sharing_message"], body["legal_agreement"], body["description"]) == ("Kuuntele!", "Agree.", None)
    (listed,) = api.get("projects/").json()
    assert listed["sharing_message"] == "Listen!"


def test_a_project_is_asked_for_with_a_session(api: Caller, walk: Walk) -> None:
    for query in ({}, {"session_id": "undefined"}):
        answer = api.get(f"projects/{walk.project.pk}/", **query)
        assert (answer.status_code, answer.json()) == (400, {"detail": "session_id parameter is required"})


def test_an_unknown_project_or_session_is_not_found(
    api: Caller, stranger: Caller, walk: Walk, session: Session
) -> None:
    answers = [
        api.get(f"projects/{walk.project.pk + 1}/", session_id=session.pk),
        api.get(f"projects/{walk.project.pk}/", session_id=session.pk + 1),
        stranger.get(f"projects/{walk.project.pk}/", session_id=session.pk),
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, {"detail": "Not found."})] * 3


def test_all_projects_are_listed_while_none_is_chosen(api: Caller, walk: Walk) -> None:
    assert ids(api.get("projects/", project_id=0, admin=1)) == [walk.project.pk]


# Speakers and tracks


def test_speakers_have_the_old_keys_with_the_types_that_clients_need(api: Caller, walk: Walk) -> None:
    (body,) = api.get("speakers/", activeyn="true", project_id=walk.project.pk).json()
    assert set(body) == SPEAKER
    assert body["uri"] == "http://testserver/rwmedia/a.mp3"
    assert (body["backupuri"], body["attenuation_distance"]) == ("", 100)
    assert (body["minvolume"], body["maxvolume"], body["activeyn"]) == (0.0, 1.0, True)
    assert body["shape"]["type"] == "MultiPolygon"
    assert body["shape"]["coordinates"][0][0][0] == [pytest.approx(24.93, abs=0.01), pytest.approx(60.165, abs=0.01)]
    assert body["boundary"]["type"] == "MultiLineString"
    assert body["attenuation_border"]["type"] == "LineString"
    assert len(body["attenuation_border"]["coordinates"][0]) == 2


def test_a_source_elsewhere_stays_as_it_is(api: Caller, walk: Walk) -> None:
    Speaker.objects.filter(pk=walk.speaker.pk).update(uri="https://elsewhere.example/a.mp3")
    assert api.get(f"speakers/{walk.speaker.pk}/").json()["uri"] == "https://elsewhere.example/a.mp3"


def test_a_border_that_vanished_is_an_empty_line(api: Caller, walk: Walk) -> None:
    narrow = make_speaker(walk.project, shape=square(metres=50), attenuation_metres=1000)
    shapeless = make_speaker(walk.project, shape=None)
    border = api.get(f"speakers/{narrow.pk}").json()["attenuation_border"]
    assert border == {"type": "MultiLineString", "coordinates": []}
    body = api.get(f"speakers/{shapeless.pk}").json()
    assert [body[key] for key in ("shape", "boundary", "attenuation_border")] == [None, None, None]


def test_speakers_are_filtered(api: Caller, walk: Walk) -> None:
    silent = make_speaker(walk.project, is_active=False)
    elsewhere = make_speaker(make_project())
    assert ids(api.get("speakers/")) == [walk.speaker.pk, silent.pk, elsewhere.pk]
    assert ids(api.get("speakers/", activeyn="true", project_id=walk.project.pk)) == [walk.speaker.pk]
    assert ids(api.get("speakers/", activeyn="0")) == [silent.pk]
    assert ids(api.get("speakers/", project_id=10**12)) == []
    assert ids(api.get("speakers/", project_id=0, junk="x")) == [walk.speaker.pk, silent.pk, elsewhere.pk]
    assert ids(api.get("speakers/", ordering="-id")) == [elsewhere.pk, silent.pk, walk.speaker.pk]


def test_tracks_have_the_old_keys_with_the_types_that_clients_need(api: Caller, walk: Walk) -> None:
    walk.audiotrack.tag_filters.add(walk.tags[1])
    off = Audiotrack.objects.create(project=walk.project, is_active=False)
    (body,) = api.get("audiotracks/", project_id=walk.project.pk, active="true").json()
    assert set(body) == AUDIOTRACK
    assert (body["minduration"], body["maxduration"], body["maxfadeouttime"]) == (10.0, 30.0, 2.0)
    assert (body["timed_asset_priority"], body["banned_duration"], body["active"]) == ("normal", 0, True)
    assert body["tag_filters"] == [walk.tags[1].pk]
    assert ids(api.get("audiotracks/", active="false")) == [off.pk]
    assert api.get(f"audiotracks/{walk.audiotrack.pk}/").json() == body


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("speakers/", {"activeyn": "maybe"}, "activeyn"),
        ("speakers/", {"project_id": "one"}, "project_id"),
        ("assets/", {"tag_ids": "1,b"}, "tag_ids"),
        ("assets/", {"created__gte": "yesterday"}, "created__gte"),
        ("assets/", {"created__gte": "2026-13-01T00:00:00Z"}, "created__gte"),
        ("assets/", {"created__gte": "0001-01-01T00:00:00+14:00"}, "created__gte"),
        ("assets/", {"media_type": "smell"}, "media_type"),
        ("assets/", {"audiolength__lte": "long"}, "audiolength__lte"),
        ("assets/", {"language": "e\0n"}, "language"),
    ],
)
def test_a_bad_value_of_a_filter_names_it(api: Caller, walk: Walk, path: str, query: Any, field: str) -> None:
    answer = api.get(path, **query)
    assert (answer.status_code, list(answer.json())) == (400, [field])


# Assets


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


def test_an_asset_always_has_an_address_and_ends(api: Caller, walk: Walk) -> None:
    bare = make_asset(walk.project, filename="", start_seconds=None, end_seconds=None, duration_seconds=7.123)
    body = api.get(f"assets/{bare.pk}").json()
    assert body["file"] == "http://testserver/rwmedia/"
    assert (body["start_time"], body["end_time"], body["audio_length_in_seconds"]) == (0.0, 7.12, 7.12)
    named = make_asset(walk.project, file="x.webm", filename="ääni 1.wav")
    assert api.get(f"assets/{named.pk}").json()["file"] == "http://testserver/rwmedia/%C3%A4%C3%A4ni%201.wav"


def test_what_is_not_public_has_a_signed_address_for_whoever_is_shown_it(
    api: Caller, stranger: Caller, cast: Cast, walk: Walk
) -> None:
    own = make_asset(walk.project, user=cast.contributor, filename="b.wav", submitted=False)
    link = parse_qsl(urlsplit(api.get(f"assets/{own.pk}").json()["file"]).query)
    assert may_fetch("b.mp3", dict(link)) and not may_fetch("b.mp3", {})
    assert stranger.get(f"assets/{own.pk}").status_code == 404


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


def test_what_is_not_submitted_is_seen_by_its_contributor_alone(
    api: Caller, stranger: Caller, walk: Walk, session: Session
) -> None:
    hidden = make_asset(walk.project, submitted=False, session=session)
    assert ids(api.get("assets/")) == [walk.asset.pk, hidden.pk]
    assert ids(api.get("assets/", submitted="true")) == [walk.asset.pk]
    assert ids(stranger.get("assets/")) == [walk.asset.pk]
    assert stranger.get(f"assets/{hidden.pk}/").status_code == 404


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


def test_new_assets_are_asked_for_by_time(api: Caller, walk: Walk) -> None:
    then = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
    at, before = (make_asset(walk.project, created_at=then - timedelta(seconds=back)) for back in (0, 1))
    Asset.objects.filter(pk=walk.asset.pk).delete()
    for asked in ("2026-01-02T03:04:05.678Z", "2026-01-02T05:04:05.678+02:00", "2026-01-02T03:04:05.678"):
        assert ids(api.get("assets/", created__gte=asked)) == [at.pk]
    assert ids(api.get("assets/", created__lt="2026-01-02T03:04:05.678Z")) == [before.pk]
    assert api.get(f"assets/{at.pk}").json()["created"] == "2026-01-02T03:04:05.678000"


# Tags and screens


def test_tags_are_a_bare_array_with_one_text_each(api: Caller, walk: Walk, session: Session, finnish: Language) -> None:
    sea, stone = walk.tags
    sea.message_texts.add(text("The sea"), text("Meri", finnish))
    parent = TagRelationship.objects.create(tag=stone)
    child = TagRelationship.objects.create(tag=sea, parent=parent)
    body = api.get("tags/", project_id=walk.project.pk).json()
    assert [set(tag) for tag in body] == [TAG, TAG]
    assert (body[0]["msg_loc"], body[0]["description_loc"], body[1]["msg_loc"]) == ("The sea", None, None)
    assert body[0]["relationships"] == [{"id": child.pk, "tag_id": sea.pk, "parent_id": parent.pk}]
    Session.objects.filter(pk=session.pk).update(language=finnish)
    assert api.get(f"tags/{sea.pk}/", session_id=session.pk).json()["msg_loc"] == "Meri"
    (of_project, _) = api.get(f"projects/{walk.project.pk}/tags/", session_id=session.pk).json()
    assert of_project["msg_loc"] == "Meri"


def test_what_belongs_to_a_project_is_listed_under_it(api: Caller, walk: Walk) -> None:
    other = make_project()
    make_tags(other, "fire")
    make_asset(other)
    assert ids(api.get(f"projects/{walk.project.pk}/tags")) == [tag.pk for tag in walk.tags]
    assert ids(api.get(f"projects/{walk.project.pk}/assets/", tag_ids=walk.tags[0].pk)) == [walk.asset.pk]
    for noun in ("tags", "assets", "uiconfig"):
        assert api.get(f"projects/{other.pk + 1}/{noun}/").status_code == 404


def test_the_screens_offer_what_is_active_in_order(
    api: Caller, walk: Walk, session: Session, finnish: Language
) -> None:
    sea, stone = walk.tags
    listen = UIGroup.objects.get(project=walk.project)
    listen.header_texts.add(text("What do you want to hear?"), text("Mitä haluat kuulla?", finnish))
    stone.message_texts.add(text("Kivi", finnish))
    UIItem.objects.filter(tag=stone).update(index=-1)
    speak = UIGroup.objects.create(
        project=walk.project, name="speak", category=sea.category, index=2, ui_mode="speak", select="multi"
    )
    root = UIItem.objects.create(group=speak, tag=sea, index=0, is_active=True)
    leaf = UIItem.objects.create(group=speak, tag=stone, index=1, is_active=True, parent=root)
    UIItem.objects.create(group=speak, tag=sea, index=2, is_active=False)
    UIItem.objects.create(group=listen, tag=sea, index=5, is_active=True)
    UIGroup.objects.create(project=walk.project, name="off", category=sea.category, index=0, is_active=False)
    UIGroup.objects.create(project=walk.project, name="browse", category=sea.category, index=0, ui_mode="browse")
    Session.objects.filter(pk=session.pk).update(language=finnish)
    body = api.get(f"projects/{walk.project.pk}/uiconfig/", session_id=session.pk).json()
    heard = {item.tag_id: item.pk for item in UIItem.objects.filter(group=listen).order_by("-index")}
    assert body == {
        "listen": [
            {
                "select": "single",
                "group_short_name": "Theme",
                "header_display_text": "Mitä haluat kuulla?",
                "uiitem_filter": "none",
                "display_items": [item(heard[stone.pk], stone, "Kivi"), item(heard[sea.pk], sea, "sea")],
            }
        ],
        "speak": [
            {
                "select": "multi",
                "group_short_name": "Theme",
                "header_display_text": None,
                "uiitem_filter": "none",
                "display_items": [
                    item(root.pk, sea, "sea", default_state=False),
                    item(leaf.pk, stone, "Kivi", parent_id=root.pk, default_state=False),
                ],
            }
        ],
    }


def item(number: int, tag: Any, words: str, **different: Any) -> dict[str, Any]:
    plain = {"id": number, "tag_id": tag.pk, "parent_id": None, "default_state": True, "tag_display_text": words}
    return plain | different


def test_a_project_that_offers_nothing_has_both_screens_empty(api: Caller) -> None:
    assert api.get(f"projects/{make_project().pk}/uiconfig").json() == {"listen": [], "speak": []}


# Costs


def statements(api: Caller, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert api.get(path).status_code == 200
    return len(captured)


# The most statements of each list, with the one that asks for the token.
COSTS = {
    "assets/": 7,
    "projects/{project}/assets/": 9,
    "tags/": 6,
    "speakers/": 2,
    "audiotracks/": 3,
    "projects/": 8,
    "sessions/": 3,
    "projects/{project}/uiconfig/": 9,
}


@pytest.mark.parametrize("path", COSTS)
def test_the_statements_do_not_grow_with_the_rows(
    api: Caller, cast: Cast, walk: Walk, session: Session, path: str
) -> None:
    address = path.format(project=walk.project.pk)
    fill(walk, session, cast, rows=1)
    few = statements(api, address)
    fill(walk, session, cast, rows=5)
    assert statements(api, address) == few <= COSTS[path]


def fill(walk: Walk, session: Session, cast: Cast, *, rows: int) -> None:
    for number in range(rows):
        asset = make_asset(walk.project, user=cast.contributor, session=session)
        asset.tags.add(*walk.tags)
        asset.description_texts.add(text("About"))
        make_envelope(session, asset)
        (tag,) = make_tags(walk.project, f"tag {number}")
        tag.message_texts.add(text("A tag"))
        TagRelationship.objects.create(tag=tag)
        make_speaker(walk.project)
        Audiotrack.objects.create(project=walk.project).tag_filters.add(tag)
        make_project().description_texts.add(text("A walk"))
        Session.objects.create(project=walk.project, user=cast.contributor)
