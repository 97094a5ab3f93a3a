"""Rulings on what is taken, by which names and in which formats, and what is answered then."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from backend.assets.models import Asset, Envelope, Vote
from backend.visits.models import Event, Session
from tests.backend.rest.conftest import Caller
from tests.backend.rest.rulings import in_world, ruling, undone
from tests.backend.rest.world import World
from tests.cast import Cast, Walk, make_asset


class Write(NamedTuple):
    """What somebody sends in which format, and what stands in the answer."""

    topic: str
    who: str
    call: str
    sent: Any
    kind: str
    told: dict[str, Any]


FORMATS = ("json", "multipart", "form")
IN_SESSION = {"session_id": "{session}"}
TAKEN_BACK = dict.fromkeys(("value", "type", "voter", "session", "asset"))
PROJECT = {"name": "New", "latitude": 1, "longitude": 2, "language_ids": [1]}
SPEAKER = {"project_id": "{project}", "code": "x", "uri": "https://elsewhere.example/a.mp3"}
TRACK = {
    "minduration": 10.0, "maxduration": 30.0, "repeatrecordings": False, "active": True, "start_with_silence": False,
    "banned_duration": 0, "fadeout_when_filtered": False, "timed_asset_priority": "normal", "tag_filters": [],
}  # fmt: skip

WRITES = [
    Write("Status of a POST", "contributor", "POST envelopes/", IN_SESSION, "json", {**IN_SESSION, "asset_ids": []}),
    Write("Status of a POST", "contributor", "POST sessions/", {"project_id": "{project}"}, "json", {"language_id": 1}),
    *[
        Write("Forms", "contributor", "POST listenevents/", {"session": "{session}", "asset": "{asset}"}, kind,
              {"session_id": "{session}", "asset_id": "{asset}"})
        for kind in FORMATS
    ],
    *[
        Write("Forms", "owner", "PATCH tags/{tag}/", {"tag_category": "{category}", "value": "x"}, kind,
              {"tag_category_id": "{category}", "value": "x"})
        for kind in FORMATS
    ],
    *[
        Write("Several names of a field", "owner", "POST uiitems/", {group: "{ui_group}", tag: "{tag}", "index": 3},
              "json", {"ui_group_id": "{ui_group}", "tag_id": "{tag}"})
        for group, tag in (("ui_group_id", "tag_id"), ("ui_group", "tag"), ("group", "tag"))
    ],
    Write("Parameters that are not known", "contributor", "POST envelopes/", {**IN_SESSION, "junk": [{}]}, "json",
          IN_SESSION),
    Write("Lists of ids", "owner", "PATCH assets/{asset}/", {"tag_ids": ["{tag},"]}, "multipart",
          {"tag_ids": ["{tag}"]}),
    Write("Assets: PATCH lists", "owner", "PATCH assets/{asset}/", {"tag_ids": "{other_tag}"}, "json",
          {"tag_ids": ["{other_tag}"]}),
    Write("Assets: PATCH lists", "owner", "PATCH assets/{asset}/", {"description_loc_ids": "{text},{other_text}"},
          "form", {"description_loc_ids": ["{text}", "{other_text}"]}),
    Write("Assets: PATCH `envelope_ids`", "contributor", "PATCH assets/{asset}/", {"envelope_ids": ["{envelope}"]},
          "json", {"envelope_ids": ["{envelope}"]}),
    Write("Sending back a text that was read", "owner", "PATCH tags/{tag}/", {"msg_loc": "x", "description_loc": "y"},
          "json", {"msg_loc": "x", "description_loc": None}),
    Write("Sending back a text that was read", "owner", "PATCH tags/{tag}/", {"loc_msg": ["{other_text}"]}, "json",
          {"msg_loc": "y"}),
    Write("`PATCH users/:id/`", "contributor", "PATCH users/{contributor}",
          {"first_name": "Ada", "email": "ada@example.org", "device_id": "x", "username": "x"}, "json",
          {"first_name": "Ada", "email": "ada@example.org", "device_id": "device-of-contributor",
           "username": "contributor"}),
    Write("Sessions: PATCH", "contributor", "PATCH sessions/{session}/",
          {"language_id": "{language}", "timezone": "+0200"}, "json",
          {"language_id": "{language}", "timezone": "+0200"}),
    Write("Envelopes: PATCH answers", "contributor", "PATCH envelopes/{new_envelope}/", {"asset_id": "{asset}"},
          "form", {"id": "{asset}", "asset_id": "{asset}"}),
    Write("Votes: again", "contributor", "POST assets/{asset}/votes/", {**IN_SESSION, "vote_type": "like"}, "form",
          TAKEN_BACK),
    Write("Votes: again", "contributor", "POST assets/{asset}/votes/",
          {**IN_SESSION, "vote_type": "rate", "value": "2"}, "json", {"id": "{rate}", "value": 2}),
    Write("Votes: `POST votes/`", "contributor", "POST votes/", {**IN_SESSION, "asset": "{asset}", "type": "like"},
          "json", TAKEN_BACK),
    Write("Audiotracks: what is needed", "owner", "POST audiotracks/", {"project_id": "{project}"}, "json", TRACK),
    Write("Audiotracks: later fields", "owner", "PATCH audiotracks/{audiotrack}/", {"banned_duration": 60}, "json",
          {"banned_duration": 60, "timed_asset_priority": "normal"}),
    Write("Audiotracks: `repeatrecordings`", "owner", "POST audiotracks/", {"project": "{project}"}, "form",
          {"repeatrecordings": False}),
    Write("Events: place", "contributor", "POST events/", {**IN_SESSION, "event_type": "x", "latitude": "1.5"}, "json",
          {"latitude": 1.5, "longitude": None}),
    Write("Events: place", "contributor", "POST events/", {**IN_SESSION, "event_type": "x", "latitude": ""}, "form",
          {"latitude": None}),
    Write("Events: tags", "contributor", "POST events/", {**IN_SESSION, "event_type": "x", "tag_ids": [3, 8]}, "json",
          {"tag_ids": "3,8"}),
    Write("Events: tags", "contributor", "POST events/", {**IN_SESSION, "event_type": "x", "tag_ids": "3,8,"}, "json",
          {"tag_ids": "3,8"}),
    Write("Languages: the same code again", "curator", "PATCH languages/{language}/",
          {"language_code": "fi", "name": "S"}, "json", {"language_code": "fi", "name": "S"}),
    Write("Listen events: writing", "contributor", "POST listenevents/",
          {"session": "{session}", "asset": "{asset}", "starttime": "2026-01-02T03:04:05.678Z"}, "json",
          {"session_id": "{session}", "start_time": "2026-01-02T03:04:05.678000", "project_id": "{project}"}),
    Write("Listen events: writing", "contributor", "POST listenevents/",
          {**IN_SESSION, "asset_id": "{asset}", "start_time": "2026-01-02T03:04:05"}, "json",
          {"asset_id": "{asset}", "start_time": "2026-01-02T03:04:05.000000"}),
    Write("Localised strings: language in a body", "curator", "POST localizedstrings/", {"text": "a", "language": 1},
          "json", {"language_id": 1, "language": "en"}),
    Write("Localised strings: `text`", "curator", "PATCH localizedstrings/{text}/", {"localized_string": "b"}, "json",
          {"text": "b"}),
    Write("Projects: what is needed", "curator", "POST projects/", PROJECT, "json",
          {"name": "New", "language_ids": [1], "ordering": "random", "repeat_mode": "stop",
           "timed_asset_priority": True}),
    Write("Projects: `audio_format`", "owner", "PATCH projects/{project}/", {"audio_format": "OGG"}, "json",
          {"audio_format": "OGG"}),
    Write("Projects: texts", "owner", "PATCH projects/{project}/",
          {"sharing_message_loc": ["{other_text}"], "sharing_message": "x"}, "json", {"sharing_message": "y"}),
    Write("Projects: texts", "owner", "PATCH projects/{project}/", {"legal_agreement_loc_ids": "{other_text}"}, "form",
          {"legal_agreement": "y"}),
    Write("Speakers: what is needed", "owner", "POST speakers/", SPEAKER, "json",
          {"uri": "https://elsewhere.example/a.mp3", "backupuri": "", "shape": None, "activeyn": False}),
    Write("Tag relationships: `parent_id`", "owner", "POST tagrelationships/",
          {"tag_id": "{tag}", "parent_id": "{child_relationship}"}, "json", {"parent_id": "{child_relationship}"}),
    Write("Timed assets: ends", "owner", "PATCH timedassets/{timed_asset}/", {"end": 9.5}, "json",
          {"start": 0, "end": 9.5}),
    Write("UI groups: `tag_category`", "owner", "PATCH uigroups/{ui_group}/",
          {"tag_category": "{category}", "note": "x"}, "json", {"tag_category_id": "{category}"}),
    Write("UI items: `parent_id`", "owner", "POST uiitems/",
          {"ui_group_id": "{ui_group}", "tag_id": "{tag}", "index": 2}, "json",
          {"parent_id": None, "active": False, "default": False}),
    Write("UI items: `parent_id`", "owner", "PATCH uiitems/{speak_item}/", {"parent_id": None, "active": True}, "json",
          {"parent_id": None}),
]  # fmt: skip


@ruling(*(write.topic for write in WRITES))
def test_it_is_taken(world: World, callers: Callable[[str], Caller], subtests: pytest.Subtests) -> None:
    for write in WRITES:
        with subtests.test(write=write), undone():
            answer = callers(write.who).call(in_world(write.call, world), in_world(write.sent, world), write.kind)
            assert answer.status_code == 200, answer.text
            expected = in_world(write.told, world)
            assert {key: value for key, value in answer.json().items() if key in expected} == expected


@pytest.fixture
def world(world: World) -> World:
    """With an empty envelope."""
    new = Envelope.objects.create(session_id=world.ids["session"])
    return World(world.people, {**world.ids, "new_envelope": new.pk})


@ruling("Status of a DELETE")
def test_a_row_that_goes_leaves_nothing_to_say(world: World, callers: Callable[[str], Caller]) -> None:
    answer = callers("contributor").call(in_world("DELETE votes/{rate}", world))
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Vote.objects.filter(pk=world.ids["rate"]).exists()


@ruling("Envelopes: DELETE")
def test_an_envelope_goes_without_its_assets(world: World, api: Caller) -> None:
    assert api.call(in_world("DELETE envelopes/{envelope}/", world)).status_code == 204
    assert not Envelope.objects.filter(pk=world.ids["envelope"]).exists()
    assert Asset.objects.filter(pk=world.ids["asset"]).exists()


@ruling("Envelopes: an asset that is there")
def test_an_asset_joins_an_envelope_as_it_is(world: World, api: Caller) -> None:
    before = Asset.objects.values("file", "filename", "created_at").get(pk=world.ids["asset"])
    first, second = (
        api.call(in_world("PATCH envelopes/{new_envelope}/", world), {"asset_id": world.ids["asset"]}).json()
        for _ in range(2)
    )
    assert (
        first["envelope_ids"]
        == second["envelope_ids"]
        == sorted(world.ids[name] for name in ("envelope", "other_envelope", "new_envelope"))
    )
    assert Asset.objects.values("file", "filename", "created_at").get(pk=world.ids["asset"]) == before


@ruling("Assets: PATCH of what is not to be changed")
def test_what_an_asset_is_stays(world: World, callers: Callable[[str], Caller]) -> None:
    caller, path = callers("curator"), in_world("assets/{asset}/", world)
    before = caller.get(path).json()
    sent = {
        "id": 99, "filename": "x.wav", "file": "x", "session_id": 1, "user_id": 1, "user": {"id": 1},
        "created": "2011-01-01T00:00:00", "updated": "2011-01-01T00:00:00", "audio_length_in_seconds": 3,
    }  # fmt: skip
    after = caller.patch(path, sent).json()
    assert {**after, "updated": None} == {**before, "updated": None}


@ruling("Votes: voter and event")
def test_a_vote_is_its_visitors_and_noted(world: World, api: Caller, cast: Cast) -> None:
    Session.objects.filter(pk=world.ids["session"]).update(device_id="device-of-stranger")
    vote = api.call(
        in_world("POST assets/{other_asset}/votes/", world), in_world({**IN_SESSION, "type": "flag"}, world)
    )
    assert vote.json()["voter_id"] == cast.contributor.pk
    noted = Event.objects.get(event_type="vote_asset")
    assert noted.data == f"asset_id:{world.ids['other_asset']},vote_type:flag"


@ruling("Blocked assets")
def test_what_is_blocked_is_an_answer_of_its_own(world: World, api: Caller, cast: Cast, walk: Walk) -> None:
    query = {"session_id": world.ids["session"]}
    assert api.get("assets/blocked/", **query).json()["blocked_asset_ids"] == [world.ids["other_asset"]]
    another = make_asset(walk.project, user=cast.stranger)
    sent = in_world({**IN_SESSION, "vote_type": "block_user", "value": "0"}, world)
    assert api.post(in_world("assets/{other_asset}/votes/", world), sent).status_code == 200
    assert api.get("assets/blocked/", **query).json()["blocked_asset_ids"] == [world.ids["other_asset"], another.pk]
    Vote.objects.all().delete()
    answer = api.get("assets/blocked/", **query)
    assert (answer.status_code, answer.json()["blocked_asset_ids"]) == (200, [])
