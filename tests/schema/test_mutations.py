"""What can be done during a visit, and what a refusal looks like: typed, and nothing has changed."""

import pytest
from django.forms.models import model_to_dict

from backend.accounts.models import User
from backend.accounts.tokens import authenticate
from backend.assets.models import Vote
from backend.bus.commands import (
    CloseStream,
    FilterTags,
    KeepAlive,
    MoveListener,
    OpenStream,
    PauseStream,
    PlayAsset,
    ResumeStream,
    SkipAsset,
)
from backend.bus.events import StreamClosed
from backend.listening import actions
from backend.listening.models import ListenEvent, Stream
from backend.listening.requests import OpenRequest
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import Session
from schema.ids import global_id
from tests.cast import FAR_AWAY, INSIDE, LATITUDE, make_session
from tests.schema.asking import ask, do


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def stream(visit, cast):
    return actions.open_stream(visit.pk, viewer=cast.contributor, request=OpenRequest(**INSIDE))


@pytest.fixture
def listener(stream, cast, recording_bus, django_capture_on_commit_callbacks):
    """Does something to the contributor's stream; gives the payload and what went to the engine on commit."""

    def act(mutation, selection="stream { id state }", *, viewer=cast.contributor, **given):
        already = len(recording_bus.sent)
        with django_capture_on_commit_callbacks(execute=True):
            payload = do(mutation, selection, viewer, **{"streamId": global_id("Stream", stream.pk), **given})
        return payload, recording_bus.sent[already:]

    return act


def test_a_device_gets_an_account_and_the_token_that_opens_it(db):
    answer = do("registerDevice", "token user { id username }", ANONYMOUS, deviceId="a-device", clientType="web")
    user = User.objects.get(device_profile__device_id="a-device")
    assert authenticate(answer["token"]) == user
    assert answer["user"] == {"id": global_id("User", user.pk), "username": user.username}


def test_a_device_without_an_id_gets_none(db):
    answer = do("registerDevice", "token", ANONYMOUS, deviceId="", clientMutationId="mine")
    assert (answer["__typename"], answer["code"], answer["field"]) == ("InvalidInputError", "INVALID_INPUT", "deviceId")
    assert answer["clientMutationId"] == "mine"
    assert User.objects.filter(is_staff=False).count() == 0


def test_a_visit_begins(walk, cast):
    selection = (
        "clientMutationId session { id timezone clientSystem geoListenEnabled project { name } language { code } }"
    )
    given = {"projectId": global_id("Project", walk.project.pk), "language": "en-GB", "timezone": "+0200"}
    answer = do("createSession", selection, cast.contributor, clientMutationId="x", clientSystem="Linux", **given)
    row = Session.objects.get(user=cast.contributor)
    assert answer == {
        "__typename": "CreateSessionSuccess",
        "clientMutationId": "x",
        "session": {
            "id": global_id("Session", row.pk),
            "timezone": "+0200",
            "clientSystem": "Linux",
            "geoListenEnabled": True,
            "project": {"name": "Walk"},
            "language": {"code": "en"},
        },
    }


@pytest.mark.parametrize(
    ("given", "kind", "field"),
    [
        ({"projectId": "999"}, "NotFoundError", "projectId"),
        ({"projectId": global_id("Tag", 1)}, "NotFoundError", "projectId"),
        ({"timezone": "Helsinki"}, "InvalidInputError", "timezone"),
    ],
)
def test_a_visit_to_nowhere_or_at_no_time_does_not_begin(walk, cast, given, kind, field):
    given = {"projectId": str(walk.project.pk), **given}
    already = Session.objects.count()
    answer = do("createSession", "session { id }", cast.contributor, **given)
    assert (answer["__typename"], answer["field"]) == (kind, field)
    assert Session.objects.count() == already


def test_a_visit_is_somebodys(walk):
    answer = do("createSession", "session { id }", ANONYMOUS, projectId=str(walk.project.pk))
    assert (answer["__typename"], answer["code"]) == ("NotAuthenticatedError", "NOT_AUTHENTICATED")


def test_a_stream_opens(walk, cast, visit, recording_bus, django_capture_on_commit_callbacks):
    selection = "stream { id url state format bitrate latitude tagIds outOfRangeMessage session { id } }"
    tag = global_id("Tag", walk.tags[0].pk)
    with django_capture_on_commit_callbacks(execute=True):
        answer = do(
            "openStream",
            selection,
            cast.contributor,
            sessionId=global_id("Session", visit.pk),
            tagIds=[tag],
            format="MP3",
            bitrate=96,
            **INSIDE,
        )
    row = Stream.objects.get(session=visit)
    assert answer["stream"] == {
        "id": global_id("Stream", row.pk),
        "url": f"http://audio.testserver/stream{visit.pk}.mp3?key={row.key}",
        "state": "PLAYING",
        "format": "MP3",
        "bitrate": 96,
        "latitude": LATITUDE,
        "tagIds": [tag],
        "outOfRangeMessage": None,
        "session": {"id": global_id("Session", visit.pk)},
    }
    assert recording_bus.sent_of(OpenStream) == [OpenStream(str(row.pk))]


def test_out_of_range_a_stream_is_there_and_says_so(walk, cast, visit):
    selection = "stream { url state outOfRangeMessage }"
    walk.project.out_of_range_url = "https://example.org/come.mp3"
    walk.project.save()
    walk.project.out_of_range_message_texts.create(text="Come closer", language_id=1)
    answer = do("openStream", selection, cast.contributor, sessionId=str(visit.pk), **FAR_AWAY)
    assert answer["stream"] == {
        "url": "https://example.org/come.mp3",
        "state": "OUT_OF_RANGE",
        "outOfRangeMessage": "Come closer",
    }
    walk.project.out_of_range_url = ""
    walk.project.save()
    answer = do("openStream", selection, cast.contributor, sessionId=str(visit.pk), **FAR_AWAY)
    assert answer["stream"]["url"] == f"http://audio.testserver/stream{visit.pk}.mp3?key={visit.stream.key}"


def test_a_visit_for_the_demo_stream_is_given_its_address(walk, cast, visit):
    Session.objects.filter(pk=visit.pk).update(demo_stream_enabled=True)
    opened = do("openStream", "stream { url }", cast.contributor, sessionId=str(visit.pk), **INSIDE)
    assert opened["stream"]["url"].startswith("http://audio.testserver/")
    walk.project.demo_stream_url = "https://example.org/demo.mp3"
    walk.project.save()
    opened = do("openStream", "stream { url }", cast.contributor, sessionId=str(visit.pk), **INSIDE)
    assert opened["stream"]["url"] == "https://example.org/demo.mp3"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"sessionId": "999"}, ("NotFoundError", "NOT_FOUND", "sessionId")),
        ({"format": "OPUS", "bitrate": 192}, ("InvalidInputError", "INVALID_INPUT", "bitrate")),
        ({"bitrate": 100}, ("InvalidInputError", "INVALID_INPUT", "bitrate")),
        ({"latitude": 91.0}, ("InvalidInputError", "INVALID_INPUT", "latitude")),
        ({"longitude": None}, ("InvalidInputError", "INVALID_INPUT", "longitude")),
        ({"latitude": None, "longitude": None}, ("InvalidInputError", "INVALID_INPUT", "latitude")),
        ({"tagIds": ["rock"]}, ("InvalidInputError", "INVALID_INPUT", "tagIds")),
        ({"tagIds": [global_id("Project", 1)]}, ("NotFoundError", "NOT_FOUND", "tagIds")),
    ],
)
def test_what_cannot_be_opened_is_not(cast, visit, recording_bus, given, refusal):
    given = {"sessionId": str(visit.pk), **INSIDE, **given}
    answer = do("openStream", "stream { id }", cast.contributor, **given)
    assert (answer["__typename"], answer["code"], answer["field"]) == refusal
    assert not Stream.objects.exists()
    assert recording_bus.sent == []


def test_a_stranger_opens_nobody_elses_visit(cast, visit):
    answer = do("openStream", "stream { id }", cast.stranger, sessionId=str(visit.pk), **INSIDE)
    assert (answer["__typename"], answer["field"]) == ("NotFoundError", "sessionId")
    assert not Stream.objects.exists()


def test_the_listener_moves(listener, stream):
    payload, sent = listener(
        "moveListener", "stream { id heading }", latitude=60.171, longitude=24.941, heading=-90, rangeMax=50.5
    )
    assert payload["stream"] == {"id": global_id("Stream", stream.pk), "heading": 270.0}
    (command,) = sent
    assert isinstance(command, MoveListener)
    assert (command.position.latitude, command.position.longitude) == (60.171, 24.941)
    assert (command.heading, command.width, command.range_max) == (270.0, None, 50.5)


def test_tags_are_chosen_and_given_back_to_the_default(listener, walk):
    stone = global_id("Tag", walk.tags[1].pk)
    payload, sent = listener("filterTags", "stream { tagIds }", tagIds=[stone])
    assert payload["stream"]["tagIds"] == [stone]
    assert [type(command) for command in sent] == [FilterTags]
    payload, sent = listener("filterTags", "stream { tagIds }", tagIds=[])
    assert payload["stream"]["tagIds"] == []


def test_a_recording_is_asked_for(listener, walk):
    payload, sent = listener("playAsset", assetId=global_id("Asset", walk.asset.pk))
    assert payload["stream"]["state"] == "PLAYING"
    (command,) = sent
    assert (type(command), command.asset_id) == (PlayAsset, walk.asset.pk)


def test_one_that_is_blocked_or_not_there_is_not_played(listener, walk, visit, cast):
    Vote.objects.create(session=visit, asset=walk.asset, voter=cast.contributor, vote_type="block_asset")
    blocked, sent = listener("playAsset", assetId=global_id("Asset", walk.asset.pk))
    assert (blocked["__typename"], blocked["code"], blocked["field"]) == ("RefusedError", "ASSET_BLOCKED", "assetId")
    absent, sent_too = listener("playAsset", assetId=global_id("Asset", 999_999))
    assert (absent["__typename"], absent["field"]) == ("NotFoundError", "assetId")
    assert [*sent, *sent_too] == []


def test_what_was_heard_last_is_played_again(listener, walk, visit):
    silent, nothing = listener("replayAsset")
    assert (silent["__typename"], silent["code"], silent["field"]) == ("InvalidInputError", "INVALID_INPUT", None)
    assert (silent["message"], nothing) == ("There is nothing to replay yet.", [])
    ListenEvent.objects.create(session=visit, asset=walk.asset)
    payload, sent = listener("replayAsset")
    assert payload["stream"]["state"] == "PLAYING"
    assert [(type(command), command.asset_id) for command in sent] == [(PlayAsset, walk.asset.pk)]


def test_a_stream_pauses_goes_on_skips_lives_and_ends(listener):
    states = [
        (mutation, payload["stream"]["state"], [type(command) for command in sent])
        for mutation in ("pauseStream", "resumeStream", "skipAsset", "heartbeat", "closeStream")
        for payload, sent in [listener(mutation)]
    ]
    assert states == [
        ("pauseStream", "PAUSED", [PauseStream]),
        ("resumeStream", "PLAYING", [ResumeStream]),
        ("skipAsset", "PLAYING", [SkipAsset]),
        ("heartbeat", "PLAYING", [KeepAlive]),
        ("closeStream", "CLOSED", [CloseStream, StreamClosed]),
    ]


ON_A_STREAM = [
    ("moveListener", INSIDE),
    ("filterTags", {"tagIds": []}),
    ("pauseStream", {}),
    ("resumeStream", {}),
    ("skipAsset", {}),
    ("playAsset", {"assetId": "1"}),
    ("replayAsset", {}),
    ("heartbeat", {}),
    ("closeStream", {}),
]


@pytest.mark.parametrize(("mutation", "given"), ON_A_STREAM)
@pytest.mark.parametrize("who", ["stranger", "owner", "nobody"])
def test_a_strangers_stream_is_as_one_that_is_not_there(listener, cast, mutation, given, who):
    viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
    before = model_to_dict(Stream.objects.get())
    there, sent = listener(mutation, viewer=viewer, **given)
    absent, _ = listener(mutation, viewer=viewer, **{**given, "streamId": "0b8f6f3e-0000-4000-8000-000000000000"})
    assert there == absent
    assert (there["__typename"], there["code"], there["field"]) == ("NotFoundError", "NOT_FOUND", "streamId")
    assert sent == []
    assert model_to_dict(Stream.objects.get()) == before


@pytest.mark.parametrize("given", [("latitude", 91.0), ("longitude", -180.5), ("width", 361.0), ("rangeMin", -1.0)])
def test_a_move_to_no_place_changes_nothing(listener, given):
    before = model_to_dict(Stream.objects.get())
    field, value = given
    payload, sent = listener("moveListener", **{**INSIDE, field: value})
    assert (payload["__typename"], payload["field"]) == ("InvalidInputError", field)
    assert sent == []
    assert model_to_dict(Stream.objects.get()) == before


@pytest.mark.parametrize("latitude", ["north", "60.1", None, True])
def test_a_latitude_that_is_no_number_is_refused_before_anything(cast, stream, latitude):
    query = """mutation ($input: MoveListenerInput!) { moveListener(input: $input) { __typename } }"""
    answer = ask(query, cast.contributor, input={"streamId": str(stream.pk), "latitude": latitude, "longitude": 24})
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


def test_a_stream_that_has_ended_is_refused_by_its_rules_own_code(listener, stream):
    listener("closeStream")
    payload, sent = listener("pauseStream")
    assert (payload["__typename"], payload["code"], payload["field"]) == ("RefusedError", "STREAM_CLOSED", "streamId")
    assert sent == []


def test_a_fault_of_ours_shows_its_number_and_not_its_text(listener, cast, stream, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(actions, "heartbeat", broken)
    query = "mutation ($id: ID!) { heartbeat(input: {streamId: $id}) { __typename } }"
    (error,) = ask(query, cast.contributor, id=str(stream.pk))["errors"]
    assert error["message"] == "Something went wrong here."
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    (record,) = caplog.records
    assert error["extensions"]["id"] in record.getMessage()
    assert "swordfish" in caplog.text
