"""Rulings on how rows are read: in which language, with which names around them, how often."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.throttling import SimpleRateThrottle

from backend.accounts.models import User
from backend.bus.commands import PlayAsset
from backend.ids import AssetId, StreamId
from backend.listening.models import ListenEvent, Stream
from backend.projects.models import Language
from backend.visits.models import Session
from tests.backend.rest.conftest import Caller, text
from tests.backend.rest.rulings import in_world, ruling
from tests.backend.rest.world import World
from tests.cast import INSIDE, Walk, make_session
from tests.fakes import RecordingBus
from tests.unchanged import nothing_changes

# The keys that `admin` adds, by address.
ADMIN = {
    "assets/{asset}/?": ["loc_description_admin", "loc_alt_text_admin"],
    "projects/{project}/?session_id={session}&": [
        "description_loc_admin",
        "sharing_message_loc_admin",
        "out_of_range_message_loc_admin",
        "legal_agreement_loc_admin",
        "demo_stream_message_loc_admin",
    ],
    "tags/{tag}/?": ["loc_description_admin", "loc_msg_admin"],
    "uigroups/{ui_group}/?": ["header_text_loc_admin"],
}


@ruling("`admin`")
def test_an_admin_is_told_all_languages_of_each_text(world: World, api: Caller, subtests: pytest.Subtests) -> None:
    told = {"id": world.ids["text"], "text": "x", "language_id": 1, "language": "en"}
    for path, keys in ADMIN.items():
        for value in ("1", "0", ""):
            with subtests.test(path=path, value=value):
                address = in_world(path, world)
                plain, full = (api.get(f"{address}{more}").json() for more in ("", f"admin={value}"))
                assert sorted(full.keys() - plain.keys()) == sorted(keys)
                assert [told] in [full[key] for key in keys]
                assert all(full[key] in ([told], []) for key in keys)


@ruling("`admin`")
def test_lists_have_the_same_keys_and_screens_have_none(world: World, api: Caller) -> None:
    for path, key in {
        "projects/": "legal_agreement_loc_admin",
        "assets/": "loc_alt_text_admin",
        "projects/{project}/tags/": "loc_msg_admin",
        "projects/{project}/uigroups/": "header_text_loc_admin",
    }.items():
        assert key in api.get(in_world(path, world), admin=1).json()[0], path
    screens = in_world("projects/{project}/uiconfig/", world)
    assert api.get(screens, admin=1).json() == api.get(screens).json()


@ruling("A text that is missing in a language")
def test_another_language_stands_in_unless_the_client_is_strict(
    api: Caller, walk: Walk, session: Session, finnish: Language
) -> None:
    Session.objects.filter(pk=session.pk).update(language=finnish)
    walk.project.legal_agreement_texts.add(text("Agree."))
    path, query = f"projects/{walk.project.pk}/", {"session_id": session.pk}
    assert api.get(path, **query).json()["legal_agreement"] == "Agree."
    assert api.get(path, **query, strict_language="true").json()["legal_agreement"] is None
    swedish = Language.objects.create(code="sv", name="Swedish")
    walk.project.languages.add(swedish)
    walk.project.legal_agreement_texts.add(text("Godkänn.", swedish))
    walk.project.languages.remove(1)
    assert api.get(path, **query).json()["legal_agreement"] == "Godkänn."


@ruling("`session_id` where texts are read")
def test_texts_are_read_without_a_session_too(world: World, api: Caller) -> None:
    for path in ("projects/{project}/uigroups/", "projects/{project}/uiconfig/", "tags/"):
        assert api.get(in_world(path, world)).status_code == 200, path


@ruling("Tags: lists", "UI groups: lists")
def test_lists_are_bare_unless_they_are_asked_for_by_name(world: World, api: Caller) -> None:
    for path, name in (("tags/", "tags"), ("uigroups/", "ui_groups"), ("projects/{project}/tags/", "tags")):
        address = in_world(path, world)
        bare = api.get(address).json()
        assert [type(bare), len(bare)] == [list, 2], path
        assert api.get(address, wrap="true").json() == {name: bare}


@ruling("Groups: projects at a place")
def test_a_groups_projects_are_those_that_sound_there(world: World, api: Caller) -> None:
    path = in_world("projectgroups/{project_group}/projects/", world)
    (project,) = api.get(path, **INSIDE).json()
    assert project == {
        "project_id": world.ids["project"],
        "name": "Walk",
        "owner": "",
        "description_loc": "x",
        "thumbnail_url": f"http://testserver/rwmedia/project{world.ids['project']}-thumb.png",
    }
    assert api.get(path, latitude=INSIDE["longitude"], longitude=INSIDE["latitude"]).json() == []


@ruling("Votes: on an unknown asset")
def test_nobody_has_voted_on_what_is_not_there(world: World, api: Caller) -> None:
    assert api.get(in_world("assets/{missing}/votes/", world)).json() == []


@ruling("Names of accounts")
def test_a_name_says_nothing_of_its_device(nobody: Caller) -> None:
    body = nobody.post("users/", {"device_id": "7a1f9c3e5b2d4860a1b2"}).json()
    assert not body["username"].endswith("a1b2")
    assert body["username"].startswith("listener-")


@ruling("A known device")
@pytest.mark.parametrize("device_id", ["00000000000000", "123123123123123123", "web"])
def test_an_id_that_many_devices_share_opens_nobodys_account(nobody: Caller, settings: Any, device_id: str) -> None:
    settings.KNOWN_DEVICE_LOGIN = True
    first, second = (nobody.post("users/", {"device_id": device_id}).json() for _ in range(2))
    assert first["id"] != second["id"]


@ruling("`GET users/`")
def test_staff_are_shown_everybody(world: World, callers: Callable[[str], Caller]) -> None:
    assert len(callers("curator").get("users/").json()) == User.objects.count()
    (found,) = callers("curator").get("users/", search_str="CONTRIB").json()
    assert callers("contributor").get(in_world("users/{contributor}/", world)).json() == found


@ruling("`login/`")
@pytest.mark.parametrize("is_staff", [True, False])
def test_whoever_knows_the_password_is_given_a_token(
    world: World, nobody: Caller, caller: Callable[[User | None], Caller], is_staff: bool
) -> None:
    User.objects.filter(username="curator").update(is_staff=is_staff)
    answer = nobody.post("login/", {"username": "curator", "password": "round"})
    assert (answer.status_code, list(answer.json())) == (200, ["token"])


@ruling("Streams: `replayasset/`")
def test_what_was_heard_last_plays_again(
    api: Caller, session: Session, walk: Walk, recording_bus: RecordingBus
) -> None:
    api.post("streams/", {"session_id": session.pk, **INSIDE})
    with nothing_changes(recording_bus):
        answer = api.post(f"streams/{session.pk}/replayasset/")
    assert (answer.status_code, answer.json()) == (400, {"detail": "There is nothing to replay yet."})
    ListenEvent.objects.create(session=session, asset=walk.asset)
    assert api.post(f"streams/{session.pk}/replayasset").json() == {"stream_id": session.pk, "success": True}
    stream_id = StreamId(str(Stream.objects.get(session=session).pk))
    assert recording_bus.sent_of(PlayAsset) == [PlayAsset(stream_id, AssetId(walk.asset.pk))]


@ruling("Streams: `playasset/`")
@pytest.mark.parametrize("kind", ["json", "multipart", "form"])
def test_an_asset_plays_in_any_format(
    api: Caller, session: Session, walk: Walk, recording_bus: RecordingBus, kind: str
) -> None:
    api.post("streams/", {"session_id": session.pk, **INSIDE})
    answer = api.call(f"POST streams/{session.pk}/playasset/", {"asset_id": walk.asset.pk}, kind)
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert len(recording_bus.sent_of(PlayAsset)) == 1


@ruling("Streams: `project_id`")
def test_a_stream_is_of_the_project_of_its_session(api: Caller, session: Session) -> None:
    sent = {"session_id": session.pk, "project_id": session.project_id + 1, **INSIDE}
    assert api.post("streams/", sent).json()["stream_id"] == session.pk


@ruling("Streams: bit rate")
def test_a_stream_has_the_bit_rate_of_its_project_unless_one_is_asked_for(api: Caller, walk: Walk, cast: Any) -> None:
    walk.project.bitrate_kbps = 64
    walk.project.save()
    for said, bitrate in (({}, 64), ({"audio_stream_bitrate": "192"}, 192)):
        visit = make_session(walk.project, cast.contributor)
        api.post("streams/", {"session_id": visit.pk, **INSIDE, **said})
        assert Stream.objects.get(session=visit).bitrate == bitrate


@pytest.fixture
def two_a_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": "2/min", "anon": "2/min"})
    cache.clear()
    yield
    cache.clear()


@ruling("Throttles")
def test_who_calls_too_often_is_told_when_to_come_back(two_a_minute: None, walk: Walk, api: Caller) -> None:
    answers = [api.get("projects/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json()["detail"].startswith("Request was throttled.")


@ruling("Throttles")
def test_in_the_demo_nobody_is_told_to_wait(walk: Walk, api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"user": None, "anon": None})
    assert {api.get("projects/").status_code for _ in range(5)} == {200}
