"""What clients load at the start: projects, speakers and tracks; what filters refuse, and what lists cost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.projects.models import Language
from backend.soundscape.models import Audiotrack, Speaker
from backend.tagging.models import TagRelationship
from backend.visits.models import Session
from tests.backend.rest.conftest import ZONELESS, Caller, ids, text
from tests.backend.rest.rulings import ruling
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


# Projects


@ruling("Projects: `audio_stream_bitrate`")
def test_a_project_has_the_old_keys_with_the_types_that_clients_need(api: Caller, walk: Walk, session: Session) -> None:
    body = api.get(f"projects/{walk.project.pk}/", session_id=session.pk).json()
    assert set(body) == PROJECT
    assert ZONELESS.fullmatch(body["pub_date"])
    assert body["audio_stream_bitrate"] == "128"
    assert (body["recording_radius"], body["out_of_range_distance"]) == (50, 1000)
    assert (body["max_recording_length"], body["timed_asset_priority"]) == (60, True)
    assert body["language_ids"] == [1]


@ruling("Projects: sounds")
def test_a_sound_of_a_project_that_is_a_file_of_ours_is_shown_with_an_absolute_address(
    api: Caller, session: Session
) -> None:
    urls = {"out_of_range_url": "/rwmedia/far.mp3", "demo_stream_url": "http://elsewhere.example/demo.mp3"}
    body = api.get(f"projects/{make_project(**urls).pk}/", session_id=session.pk).json()
    assert body["out_of_range_url"] == "http://testserver/rwmedia/far.mp3"
    assert body["demo_stream_url"] == "http://elsewhere.example/demo.mp3"


@ruling("Projects: `recording_radius`")
def test_a_project_without_a_radius_tells_the_one_that_applies(api: Caller, session: Session) -> None:
    project = make_project(recording_radius_metres=None)
    assert api.get(f"projects/{project.pk}/", session_id=session.pk).json()["recording_radius"] == 1


@ruling("A text that is missing in a language")
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


@ruling("Projects: one")
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


@ruling("Nothing is chosen yet")
def test_all_projects_are_listed_while_none_is_chosen(api: Caller, walk: Walk) -> None:
    assert ids(api.get("projects/", project_id=0, admin=1)) == [walk.project.pk]


# Speakers and tracks


@ruling("Speakers: sound", "Speakers: `attenuation_border`")
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


@ruling("Speakers: `attenuation_border`")
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


@ruling("Audiotracks: later fields")
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


@ruling("A bad value of a filter")
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
