"""The stream endpoints as old clients call them."""

from typing import Any

import pytest

from backend.bus.codec import Topic
from backend.bus.commands import (
    ChooseLanguage,
    CloseStream,
    FilterTags,
    KeepAlive,
    MoveListener,
    OpenStream,
    PauseStream,
    ResumeStream,
    SkipAsset,
)
from backend.bus.events import StreamClosed, StreamOpened
from backend.bus.replies import StreamDescription
from backend.geo.position import Position
from backend.ids import StreamId
from backend.listening.models import Stream, StreamState
from backend.projects.models import Language, LocalizedString
from backend.visits.models import Event, Session
from tests.backend.rest.conftest import Caller
from tests.backend.rest.rulings import ruling
from tests.cast import FAR_AWAY, INSIDE, Walk, make_asset
from tests.fakes import RecordingBus

NOT_FOUND = (404, {"detail": "Not found."})
MOVED = {"latitude": 60.171, "longitude": 24.941}


@pytest.fixture
def stream(api: Caller, session: Session, recording_bus: RecordingBus) -> Stream:
    assert api.post("streams/", {"session_id": session.pk, **INSIDE}).status_code == 200
    recording_bus.sent.clear()
    return Stream.objects.get(session=session)


def stored(stream: Stream) -> dict[str, Any]:
    """All of a stream's row, its session's language and log: what a refusal must leave alone."""
    row = Stream.objects.filter(pk=stream.pk).values().get()
    visit = Session.objects.values_list("language_id", flat=True).get(pk=stream.session_id)
    return row | {"language": visit, "events": Event.objects.filter(session=stream.session_id).count()}


@ruling("Streams: id", "Streams: formats")
@pytest.mark.parametrize("path", ["streams/", "streams"])
@pytest.mark.parametrize("kind", ["json", "multipart"])
def test_a_stream_opens_with_json_and_multipart_in_both_slash_forms(
    api: Caller, session: Session, recording_bus: RecordingBus, path: str, kind: str
) -> None:
    answer = api.post(path, {"session_id": session.pk, "latitude": "60.17", "longitude": "24.94"}, kind)
    row = Stream.objects.get(session=session)
    assert answer.status_code == 200
    assert answer.json() == {
        "stream_id": session.pk,
        "stream_url": f"http://audio.testserver/stream{session.pk}.mp3?key={row.key}",
    }
    key = StreamId(str(row.pk))
    assert recording_bus.sent == [OpenStream(key), StreamOpened(key, session.project_id, session.pk)]


@ruling("Streams: formats", "Streams: bit rate")
def test_a_stream_opens_with_a_form(api: Caller, session: Session) -> None:
    body = f"session_id={session.pk}&latitude=60.17&longitude=24.94&tag_ids=&audio_stream_bitrate=192"
    answer = api.http.post("/api/2/streams/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert Stream.objects.get(session=session).bitrate == 192


@ruling("Streams: `audio_format`")
@pytest.mark.parametrize("audio_format", ["ogg", "opus", "OPUS"])
def test_a_stream_of_ogg_opus_has_an_address_that_says_so(api: Caller, session: Session, audio_format: str) -> None:
    answer = api.post("streams/", {"session_id": session.pk, **INSIDE, "audio_format": audio_format})
    row = Stream.objects.get(session=session)
    assert answer.json()["stream_url"] == f"http://audio.testserver/stream{session.pk}.ogg?key={row.key}"
    assert (row.format, row.bitrate) == ("opus", 128)


@ruling("Streams: `audio_format`", "Streams: bit rate")
def test_format_and_bit_rate_are_the_projects_unless_asked_for(api: Caller, session: Session, walk: Walk) -> None:
    walk.project.audio_format, walk.project.bitrate_kbps = "ogg", 96
    walk.project.save()
    answer = api.post("streams/", {"session_id": session.pk, **INSIDE})
    row = Stream.objects.get(session=session)
    assert f"/stream{session.pk}.ogg?" in answer.json()["stream_url"]
    assert (row.format, row.bitrate) == ("opus", 96)


@ruling("Words for nothing")
@pytest.mark.parametrize("nothing", ["", " ", "null", "undefined", "None", None])
def test_a_word_for_nothing_leaves_format_and_bit_rate_to_the_project(
    api: Caller, session: Session, walk: Walk, nothing: str | None
) -> None:
    walk.project.audio_format, walk.project.bitrate_kbps = "ogg", 96
    walk.project.save()
    body = {"session_id": session.pk, **INSIDE, "audio_format": nothing, "audio_stream_bitrate": nothing}
    assert api.post("streams/", body).status_code == 200
    row = Stream.objects.get(session=session)
    assert (row.format, row.bitrate) == ("opus", 96)


@ruling("Streams: bit rate")
@pytest.mark.parametrize("bitrate", [96, "96", 96.0, "96.0"])
def test_a_bit_rate_is_any_spelling_of_its_number(api: Caller, session: Session, bitrate: object) -> None:
    assert (
        api.post("streams/", {"session_id": session.pk, **INSIDE, "audio_stream_bitrate": bitrate}).status_code == 200
    )
    assert Stream.objects.get(session=session).bitrate == 96


@ruling("Streams: out of range")
def test_out_of_range_a_client_is_given_the_projects_own_address(
    api: Caller, session: Session, walk: Walk, recording_bus: RecordingBus
) -> None:
    walk.project.out_of_range_url = "http://elsewhere.example/far.mp3"
    walk.project.save()
    recording_bus.sent.clear()
    text = LocalizedString.objects.create(text="Come closer.", language_id=1)
    walk.project.out_of_range_message_texts.add(text)
    answer = api.post("streams/", {"session_id": session.pk, **FAR_AWAY})
    assert answer.status_code == 200
    assert answer.json() == {
        "stream_id": session.pk,
        "stream_url": "http://elsewhere.example/far.mp3",
        "user_message": "Come closer.",
    }
    stream = Stream.objects.get(session=session)
    assert stream.state == StreamState.OUT_OF_RANGE
    assert recording_bus.sent_of(OpenStream) == [OpenStream(str(stream.pk))]


def test_out_of_range_there_is_a_message_even_without_a_text(api: Caller, session: Session) -> None:
    answer = api.post("streams/", {"session_id": session.pk, **FAR_AWAY}).json()
    assert answer["user_message"].startswith("You are out of range")
    assert answer["stream_url"].startswith("http://audio.testserver/")


@ruling("Streams: demo")
def test_a_demo_session_is_given_the_demo(api: Caller, session: Session, walk: Walk) -> None:
    walk.project.demo_stream_url = "http://elsewhere.example/demo.mp3"
    walk.project.save()
    Session.objects.filter(pk=session.pk).update(demo_stream_enabled=True)
    answer = api.post("streams/", {"session_id": session.pk, **INSIDE})
    assert answer.json() == {
        "stream_id": session.pk,
        "stream_url": "http://elsewhere.example/demo.mp3",
        "demo_stream_message": "",
    }


def test_posting_again_moves_the_stream_that_is_there(api: Caller, stream: Stream, recording_bus: RecordingBus) -> None:
    answer = api.post("streams/", {"session_id": stream.session_id, **MOVED})
    assert answer.status_code == 200
    assert answer.json()["stream_url"].endswith(stream.key)
    assert recording_bus.sent == [MoveListener(StreamId(str(stream.pk)), Position(60.171, 24.941))]


REFUSED_OPENINGS = [
    ({"latitude": 91, "longitude": 0}, "latitude"),
    ({"latitude": 0, "longitude": -180.5}, "longitude"),
    ({"latitude": "NaN", "longitude": "24.94"}, "latitude"),
    ({"latitude": "inf", "longitude": "24.94"}, "latitude"),
    ({"latitude": "north", "longitude": "24.94"}, "latitude"),
    ({"latitude": True, "longitude": 1}, "latitude"),
    ({"latitude": [60], "longitude": 1}, "latitude"),
    ({"latitude": 60.17}, "longitude"),
    ({**INSIDE, "tag_ids": "1,two"}, "tag_ids"),
    ({**INSIDE, "tag_ids": [[1]]}, "tag_ids"),
    ({**INSIDE, "audio_format": "midi"}, "audio_format"),
    ({**INSIDE, "audio_stream_bitrate": "127"}, "audio_stream_bitrate"),
    ({**INSIDE, "audio_stream_bitrate": 96.5}, "audio_stream_bitrate"),
    ({**INSIDE, "audio_stream_bitrate": "128k"}, "audio_stream_bitrate"),
    ({**INSIDE, "audio_stream_bitrate": True}, "audio_stream_bitrate"),
    ({**INSIDE, "audio_format": "opus", "audio_stream_bitrate": "192"}, "audio_stream_bitrate"),
]


@ruling("Streams: what is wrong")
@pytest.mark.parametrize(("body", "field"), REFUSED_OPENINGS)
def test_a_bad_value_names_its_field_and_opens_nothing(
    api: Caller, session: Session, recording_bus: RecordingBus, body: dict[str, Any], field: str
) -> None:
    answer = api.post("streams/", {"session_id": session.pk, **body})
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not Stream.objects.exists()
    assert recording_bus.sent == []


@ruling("Streams: what is wrong")
def test_a_geo_session_needs_coordinates(api: Caller, session: Session) -> None:
    answer = api.post("streams/", {"session_id": session.pk, "latitude": "", "longitude": "undefined"})
    assert answer.status_code == 400
    assert "latitude and longitude required for geo_listen_enabled project" in answer.text
    assert not Stream.objects.exists()


def test_another_session_does_not(api: Caller, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(geo_listen_enabled=False)
    assert api.post("streams/", {"session_id": session.pk}).status_code == 200


def test_a_session_must_be_named(api: Caller, session: Session) -> None:
    answer = api.post("streams/", INSIDE)
    assert (answer.status_code, answer.json()) == (400, {"session_id": ["This field is required."]})


def test_a_strangers_session_is_as_unknown_as_one_that_does_not_exist(
    stranger: Caller, session: Session, recording_bus: RecordingBus
) -> None:
    theirs = stranger.post("streams/", {"session_id": session.pk, **INSIDE})
    unknown = stranger.post("streams/", {"session_id": session.pk + 1, **INSIDE})
    assert theirs.status_code == unknown.status_code == 400
    assert theirs.json() == unknown.json() == {"session_id": ["Session not found."]}
    assert not Stream.objects.exists()
    assert recording_bus.sent == []


@ruling("Streams: PATCH answers", "Streams: formats")
@pytest.mark.parametrize("kind", ["json", "multipart"])
@pytest.mark.parametrize("slash", ["/", ""])
def test_a_listener_moves(api: Caller, stream: Stream, recording_bus: RecordingBus, kind: str, slash: str) -> None:
    answer = api.patch(f"streams/{stream.session_id}{slash}", MOVED, kind)
    assert (answer.status_code, answer.json()) == (200, {"stream_id": stream.session_id, "success": True})
    assert recording_bus.sent == [MoveListener(StreamId(str(stream.pk)), Position(60.171, 24.941))]


@ruling("Streams: aim")
@pytest.mark.parametrize("prefix", ["listener", "listen"])
def test_a_listener_aims_under_both_names(
    api: Caller, stream: Stream, recording_bus: RecordingBus, prefix: str
) -> None:
    aim = {f"{prefix}_heading": "55", f"{prefix}_width": 10, f"{prefix}_range_min": 1, f"{prefix}_range_max": 2.5}
    assert api.patch(f"streams/{stream.session_id}/", {**MOVED, **aim}).status_code == 200
    assert recording_bus.sent == [
        MoveListener(StreamId(str(stream.pk)), Position(60.171, 24.941), 55.0, 10.0, 1.0, 2.5)
    ]


@ruling("Words for nothing")
def test_what_old_clients_write_for_nothing_is_ignored(
    api: Caller, stream: Stream, recording_bus: RecordingBus
) -> None:
    body = {"session_id": "1", **MOVED, "tag_ids": "undefined", "listener_range_max": "undefined", "cache": "x"}
    answer = api.patch(f"streams/{stream.session_id}/?cache=true&processData=false", body, "multipart")
    assert answer.status_code == 200
    assert recording_bus.sent == [MoveListener(StreamId(str(stream.pk)), Position(60.171, 24.941))]


@ruling("Words for nothing")
@pytest.mark.parametrize("nothing", ["", "null", "undefined", "None"])
def test_a_word_for_nothing_leaves_the_language(
    api: Caller, stream: Stream, recording_bus: RecordingBus, nothing: str
) -> None:
    assert api.patch(f"streams/{stream.session_id}/", {**MOVED, "language": nothing}).status_code == 200
    assert recording_bus.sent == [MoveListener(StreamId(str(stream.pk)), Position(60.171, 24.941))]


@ruling("Lists of ids")
@pytest.mark.parametrize("sent", ["7,8", [7, 8], "7,8,", ["7", "8"], ["7,", "8,"]])
def test_tags_are_chosen_as_text_or_list(
    api: Caller, stream: Stream, recording_bus: RecordingBus, sent: object
) -> None:
    assert api.patch(f"streams/{stream.session_id}/", {"tag_ids": sent}).status_code == 200
    assert recording_bus.sent == [FilterTags(StreamId(str(stream.pk)), (7, 8))]


def test_tags_are_chosen_by_repeated_keys_of_a_form(api: Caller, stream: Stream, recording_bus: RecordingBus) -> None:
    assert api.patch(f"streams/{stream.session_id}/", {"tag_ids": ["7,", "8,"]}, "multipart").status_code == 200
    assert recording_bus.sent == [FilterTags(StreamId(str(stream.pk)), (7, 8))]


@ruling("Streams: no tags")
@pytest.mark.parametrize("sent", ["", []])
def test_no_tags_at_all_are_the_projects_default(
    api: Caller, stream: Stream, recording_bus: RecordingBus, sent: object
) -> None:
    assert api.patch(f"streams/{stream.session_id}/", {"tag_ids": sent}).status_code == 200
    assert recording_bus.sent == [FilterTags(StreamId(str(stream.pk)), ())]


def test_tags_language_and_place_change_together(api: Caller, stream: Stream, recording_bus: RecordingBus) -> None:
    finnish = Language.objects.create(code="fi", name="Finnish")
    body = {"tag_ids": "7", "language": "fi", **MOVED}
    assert api.patch(f"streams/{stream.session_id}/", body).status_code == 200
    assert recording_bus.sent == [
        ChooseLanguage(StreamId(str(stream.pk)), finnish.pk),
        FilterTags(StreamId(str(stream.pk)), (7,)),
        MoveListener(StreamId(str(stream.pk)), Position(60.171, 24.941)),
    ]
    assert Session.objects.get(pk=stream.session_id).language == finnish


REFUSED_CHANGES = [
    ({"latitude": 91, "longitude": 0, "tag_ids": "7"}, "latitude"),
    ({"latitude": "NaN", "longitude": 0, "language": "en"}, "latitude"),
    ({"latitude": 60.17}, "longitude"),
    ({**MOVED, "listener_width": 361, "tag_ids": "7"}, "listener_width"),
    ({**MOVED, "listener_heading": "north"}, "listener_heading"),
    ({**MOVED, "listener_range_min": 5, "listener_range_max": 4}, "listener_range_max"),
    ({"tag_ids": "x", **MOVED}, "tag_ids"),
    ({"language": "xx", **MOVED}, "language"),
    ({}, "detail"),
    ({"latitude": "undefined", "longitude": "undefined"}, "detail"),
]


@pytest.mark.parametrize(("body", "field"), REFUSED_CHANGES)
def test_a_refused_change_changes_nothing(
    api: Caller, stream: Stream, recording_bus: RecordingBus, body: dict[str, Any], field: str
) -> None:
    before = stored(stream)
    answer = api.patch(f"streams/{stream.session_id}/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert stored(stream) == before
    assert recording_bus.sent == []


@ruling("Streams: verbs", "Streams: `kill/`")
@pytest.mark.parametrize(
    "verb",
    [
        ("heartbeat", KeepAlive, "playing"),
        ("skipasset", SkipAsset, "playing"),
        ("pause", PauseStream, "paused"),
        ("resume", ResumeStream, "playing"),
        ("kill", CloseStream, "closed"),
    ],
)
def test_verbs_are_done(
    api: Caller, stream: Stream, recording_bus: RecordingBus, verb: tuple[str, type[Any], str]
) -> None:
    name, command, state = verb
    answer = api.post(f"streams/{stream.session_id}/{name}/", {"session_id": stream.session_id})
    assert (answer.status_code, answer.json()) == (200, {"stream_id": stream.session_id, "success": True})
    key = StreamId(str(stream.pk))
    ended = [StreamClosed(key, stream.session.project_id, "CLOSED")] if name == "kill" else []
    assert recording_bus.sent == [command(key), *ended]
    stream.refresh_from_db()
    assert stream.state == state


def test_a_verb_needs_no_body(api: Caller, stream: Stream) -> None:
    assert api.http.post(f"/api/2/streams/{stream.session_id}/pause/").status_code == 200


VERBS = ["heartbeat", "skipasset", "pause", "resume", "kill"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_strangers_stream_is_as_unknown_as_one_that_does_not_exist(
    stranger: Caller, stream: Stream, recording_bus: RecordingBus, verb: str
) -> None:
    before = stored(stream)
    for number in (stream.session_id, stream.session_id + 1, 10**17):
        answer = stranger.post(f"streams/{number}/{verb}/")
        assert (answer.status_code, answer.json()) == NOT_FOUND
    assert stored(stream) == before
    assert recording_bus.sent == []


def test_a_stranger_cannot_move_the_listener(stranger: Caller, stream: Stream, recording_bus: RecordingBus) -> None:
    before = stored(stream)
    for number in (stream.session_id, stream.session_id + 1):
        for body in (MOVED, {"tag_ids": "7"}, {"language": "en"}):
            answer = stranger.patch(f"streams/{number}/", body)
            assert (answer.status_code, answer.json()) == NOT_FOUND
    assert stored(stream) == before
    assert recording_bus.sent == []


def test_a_session_that_never_had_a_stream_has_none_to_move(api: Caller, session: Session) -> None:
    answer = api.patch(f"streams/{session.pk}/", MOVED)
    assert (answer.status_code, answer.json()) == NOT_FOUND


@ruling("Streams: verbs")
@pytest.mark.parametrize("verb", ["heartbeat", "pause"])
def test_a_closed_stream_says_so(api: Caller, stream: Stream, recording_bus: RecordingBus, verb: str) -> None:
    api.post(f"streams/{stream.session_id}/kill/")
    recording_bus.sent.clear()
    answer = api.post(f"streams/{stream.session_id}/{verb}/")
    assert answer.status_code == 400
    assert "ended" in answer.text
    assert recording_bus.sent == []


def test_a_stream_that_the_engine_serves_is_active(api: Caller, stream: Stream, recording_bus: RecordingBus) -> None:
    def engine(question: Any) -> None:
        recording_bus.answer(question, StreamDescription(question.message.stream_id, is_live=True, listeners=1))

    recording_bus.listen([Topic.COMMANDS], engine)
    answer = api.get(f"streams/{stream.session_id}/isactive/")
    assert (answer.status_code, answer.json()) == (200, {"stream_id": stream.session_id, "active": True})


def test_without_an_engine_no_stream_is_active(api: Caller, stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.listening.inquiry.DEADLINE_SECONDS", 0.01)
    answer = api.get(f"streams/{stream.session_id}/isactive")
    assert (answer.status_code, answer.json()) == (200, {"stream_id": stream.session_id, "active": False})


def test_a_stranger_is_not_told_whether_a_stream_is_active(stranger: Caller, stream: Stream) -> None:
    answer = stranger.get(f"streams/{stream.session_id}/isactive/")
    assert (answer.status_code, answer.json()) == NOT_FOUND


def test_without_a_token_no_stream_is_touched(nobody: Caller, stream: Stream, recording_bus: RecordingBus) -> None:
    before = stored(stream)
    assert nobody.patch(f"streams/{stream.session_id}/", MOVED).status_code == 401
    assert nobody.post(f"streams/{stream.session_id}/kill/").status_code == 401
    assert stored(stream) == before
    assert recording_bus.sent == []


def test_moving_takes_a_fixed_number_of_statements(
    api: Caller, stream: Stream, walk: Walk, django_assert_num_queries: Any
) -> None:
    for _ in range(20):
        make_asset(walk.project)
    api.patch(f"streams/{stream.session_id}/", MOVED)
    # The token, the session, the stream by its session, the stream by its id.
    with django_assert_num_queries(4):
        assert api.patch(f"streams/{stream.session_id}/", INSIDE).status_code == 200
