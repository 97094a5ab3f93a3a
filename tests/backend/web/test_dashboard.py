"""The dashboard in a real browser, before a server that says what the test wants."""

import io
import json
import wave
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.backend.web.fake_site import FakeSite
from tests.backend.web.pages import until_so

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

FOLLOWED = ("projectEvents", "assetChanges", "listeners", "engineStatus")
AT = "2026-11-02T12:00:00Z"
HERE = (60.1709, 24.9443)


def global_id(kind: str, key: int) -> str:
    return b64encode(f"{kind}:{key}".encode()).decode()


def listener(number: int, place: tuple[float, float] = HERE, **more: Any) -> dict[str, Any]:
    where = {"latitude": place[0], "longitude": place[1], "heading": None}
    state = {"isPaused": False, "isOutOfRange": False, "playing": [], "gains": []}
    return {"streamId": global_id("Stream", number), **where, **state, **more}


def contribution(key: int, words: str, **more: Any) -> dict[str, Any]:
    """A recording that waits for a decision; one with a larger key is newer."""
    place = {"latitude": HERE[0], "longitude": HERE[1]}
    made = {"createdAt": f"2026-11-02T12:00:{key:02}Z", "durationSeconds": 1.0, "user": {"username": "anna"}}
    decided = {"submitted": False, "moderatedAt": None, "moderationReason": None}
    waveform = {"minima": [-0.5, -0.1], "maxima": [0.4, 0.2]}
    sound = {"mediaType": "AUDIO", "waveform": waveform, "file": {"url": "http://localhost:9/rwmedia/mine"}}
    return {"id": global_id("Asset", key), "description": words, **place, **made, **decided, **sound, **more}


def silence(seconds: float) -> bytes:
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(int(seconds * 8000) * 2))
        return file.getvalue()


@pytest.fixture
def site(site: FakeSite) -> FakeSite:
    assert site.project
    site.project["assets"]["edges"][0]["node"]["submitted"] = True
    site.contributions = [contribution(1, "Tram"), contribution(2, "Gulls"), contribution(3, "Fish")]
    return site


@pytest.fixture
def live(open_page: Open, site: FakeSite) -> Page:
    """The page once it follows everything."""
    page = open_page("/live/1", viewport={"width": 1280, "height": 800})
    until_so(page, lambda: site.subscribed(*FOLLOWED))
    expect(page.locator("#link")).to_have_text("Live")
    return page


def choose_and_press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def words_of_cards(page: Page) -> list[str]:
    return page.locator(".card-words").all_inner_texts()


def test_listeners_are_on_the_map_and_glide_to_where_they_move(live: Page, site: FakeSite) -> None:
    site.emit("ListenersSnapshot", to="listeners", listeners=[listener(7), listener(12)])
    expect(live.locator(".listener-name")).to_have_text(["Listener 7", "Listener 12"])
    site.emit("ListenersMoved", to="listeners", listeners=[listener(7, (60.1715, 24.945))])
    drawn = f"earshot.scene.at('{global_id('Stream', 7)}')"
    until_so(live, lambda: live.evaluate(drawn) == {"lat": 60.1715, "lng": 24.945, "heading": None})
    site.emit("ListenerLeft", to="listeners", streamId=global_id("Stream", 7))
    expect(live.locator(".listener-name")).to_have_text(["Listener 12"])
    assert live.evaluate(drawn) is None


def test_all_zones_are_in_view_at_any_size_until_somebody_moves_the_map(live: Page, site: FakeSite) -> None:
    shapes = [edge["node"]["shape"] for edge in site.project["speakers"]["edges"]]
    ends = [[north, east] for shape in shapes for (ring,) in shape["coordinates"] for east, north in ring]
    in_view = f"{json.dumps(ends)}.every((end) => earshot.scene.map.getBounds().contains(end))"
    until_so(live, lambda: live.evaluate(in_view))
    for width in (1700, 800, 1280):
        live.set_viewport_size({"width": width, "height": 600})
        until_so(live, lambda width=width: live.evaluate(f"innerWidth === {width} && {in_view}"))
    live.get_by_role("button", name="Zoom in").click(click_count=3)
    until_so(live, lambda: not live.evaluate(in_view))
    live.set_viewport_size({"width": 1000, "height": 600})
    live.wait_for_timeout(500)
    assert not live.evaluate(in_view)


def test_whoever_is_chosen_shows_what_they_hear_until_they_leave(live: Page, site: FakeSite) -> None:
    bells = {
        "playId": "p",
        "assetId": "Asset:1",
        "startedAt": AT,
        "asset": {"description": "Bells", "mediaType": "AUDIO"},
    }
    gains = [{"speakerId": "Speaker:1", "gain": 0.25}, {"speakerId": "Speaker:2", "gain": 0.5}]
    site.emit("ListenersSnapshot", to="listeners", listeners=[listener(7, playing=[bells], gains=gains), listener(8)])
    live.get_by_role("button", name="Listener 7").press("Enter")
    expect(live.locator("#chosen-title")).to_have_text("Listener 7 hears")
    expect(live.locator("#chosen-zones .row-title")).to_have_text(["610", "440"])
    expect(live.locator("#chosen-zones .row-figure")).to_have_text(["50 %", "25 %"])
    expect(live.locator("#chosen-clips .row-title")).to_have_text(["Bells"])
    site.emit("ListenerLeft", to="listeners", streamId=global_id("Stream", 7))
    expect(live.locator("#chosen")).to_be_hidden()


def test_events_are_told_the_newest_first_and_kinds_are_switched_off_for_good(live: Page, site: FakeSite) -> None:
    told = {"happenedAt": AT, "to": "projectEvents"}
    site.emit("StreamOpened", cursor="e.1", streamId=global_id("Stream", 7), **told)
    site.emit("SoundscapeChanged", cursor="e.2", **told)
    edited, opened = "The zones, tracks or recordings were edited.", "Listener 7 began to listen."
    expect(live.locator(".event-words")).to_have_text([edited, opened])
    live.get_by_label("Edits").uncheck(force=True)
    expect(live.locator(".event-words")).to_have_text([opened])
    live.reload()
    expect(live.get_by_label("Edits")).not_to_be_checked()
    expect(live.get_by_role("checkbox", name="Listeners")).to_be_checked()


def test_a_flood_of_events_leaves_two_hundred(live: Page, site: FakeSite) -> None:
    for number in range(250):
        told = {"cursor": f"e.{number}", "happenedAt": AT, "streamId": global_id("Stream", number)}
        site.emit("StreamOpened", to="projectEvents", **told)
    expect(live.locator(".event-words").first).to_have_text("Listener 249 began to listen.")
    expect(live.locator(".event")).to_have_count(200)


def test_what_waits_is_chosen_and_approved_by_keys(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "j", "j", "k")
    expect(live.locator(".card[aria-current]")).to_contain_text("Gulls")
    choose_and_press(live, "a")
    expect(live.locator("#review-says")).to_have_text("Approved: “Gulls”.")
    assert words_of_cards(live) == ["Tram", "Fish"]
    expect(live.locator(".card:focus")).to_contain_text("Fish")
    assert site.inputs("ModerateAssets") == [{"ids": [global_id("Asset", 2)], "submitted": True, "reason": ""}]


def test_a_rejection_has_a_reason_and_escape_leaves_all_as_it_was(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "r")
    expect(live.get_by_role("dialog")).to_contain_text("Why is it rejected?")
    choose_and_press(live, "Escape")
    expect(live.locator("#reason")).to_be_hidden()
    # Without a reason it is not rejected either.
    choose_and_press(live, "r", "Enter")
    expect(live.locator("#reason")).to_be_visible()
    assert site.inputs("ModerateAssets") == []
    live.keyboard.type("Just a bar of noise")
    choose_and_press(live, "Enter")
    expect(live.locator("#review-says")).to_have_text("Rejected: “Tram”.")
    (given,) = site.inputs("ModerateAssets")
    assert given == {"ids": [global_id("Asset", 1)], "submitted": False, "reason": "Just a bar of noise"}
    assert words_of_cards(live) == ["Gulls", "Fish"]


def test_the_last_decision_is_undone(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "a")
    expect(live.locator("#review-says")).to_have_text("Approved: “Tram”.")
    choose_and_press(live, "u")
    expect(live.locator("#review-says")).to_have_text("Undone: “Tram” waits again.")
    assert words_of_cards(live) == ["Tram", "Gulls", "Fish"]
    assert site.inputs("ModerateAssets")[-1] == {"ids": [global_id("Asset", 1)], "submitted": False, "reason": ""}
    expect(live.locator("#undo")).to_be_disabled()


def test_what_the_server_refuses_waits_again(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    site.refusals["ModerateAssets"] = {"code": "NOT_PERMITTED", "message": "Only an owner may decide this."}
    choose_and_press(live, "a")
    expect(live.locator("#review-says")).to_have_text("Only an owner may decide this.")
    assert words_of_cards(live) == ["Tram", "Gulls", "Fish"]
    expect(live.locator("#undo")).to_be_disabled()


def test_whoever_decides_elsewhere_it_goes_here_too_and_at_the_end_nothing_waits(live: Page, site: FakeSite) -> None:
    for key, words in ((1, "Tram"), (2, "Gulls"), (3, "Fish")):
        approved = contribution(key, words, submitted=True)
        site.emit("AssetChanged", to="assetChanges", cursor=f"e.{key}", asset=approved)
    expect(live.locator("#all-done")).to_be_visible()
    site.emit("AssetAdded", to="assetChanges", cursor="e.4", asset=contribution(4, "Bells"))
    expect(live.locator(".card-words")).to_have_text(["Bells"])
    expect(live.locator("#waiting")).to_have_text("1")


def test_no_key_hits_what_takes_the_place_of_what_was_decided_elsewhere(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "j")
    site.emit("AssetChanged", to="assetChanges", cursor="e.1", asset=contribution(2, "Gulls", submitted=True))
    expect(live.locator("#review-says")).to_have_text("Decided elsewhere: “Gulls”.")
    choose_and_press(live, "a", "r")
    assert words_of_cards(live) == ["Tram", "Fish"]
    expect(live.locator("#reason")).to_be_hidden()
    assert site.inputs("ModerateAssets") == []
    # Whoever uses arrows is still among the cards.
    choose_and_press(live, "ArrowRight")
    expect(live.locator(".card[aria-current]")).to_contain_text("Fish")


def test_what_was_approved_elsewhere_is_not_rejected_by_whoever_is_still_asked_why(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "r")
    site.emit("AssetChanged", to="assetChanges", cursor="e.1", asset=contribution(1, "Tram", submitted=True))
    expect(live.locator(".card")).to_have_count(2)
    live.keyboard.type("Noise")
    choose_and_press(live, "Enter")
    expect(live.locator("#reason")).to_be_hidden()
    expect(live.locator("#review-says")).to_have_text("Decided elsewhere: “Tram”.")
    assert site.inputs("ModerateAssets") == []


def test_blanks_are_no_reason(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "r", " ", " ", "Enter")
    expect(live.locator("#reason")).to_be_visible()
    assert site.inputs("ModerateAssets") == []


def test_what_was_deleted_since_is_not_undone_again_and_again(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "a")
    expect(live.locator("#review-says")).to_have_text("Approved: “Tram”.")
    site.refusals["ModerateAssets"] = {"code": "NOT_FOUND", "message": "Asset not found."}
    choose_and_press(live, "u")
    expect(live.locator("#review-says")).to_have_text("“Tram” is gone.")
    expect(live.locator("#undo")).to_be_disabled()


def test_more_than_the_page_holds_is_fetched_whoever_decides_and_no_event_is_skipped(
    live: Page, site: FakeSite
) -> None:
    many = [
        contribution(key, f"Gull {key}", createdAt=f"2026-11-02T13:{key // 60:02}:{key % 60:02}Z") for key in range(200)
    ]
    site.contributions, site.more_waits, site.cursor = many, True, "f.1"
    site.emit("Lagged", to="assetChanges", cursor="f.1", missed=None, resync=None)
    expect(live.locator("#waiting")).to_have_text("200 +")
    until_so(live, lambda: site.subscribed(*FOLLOWED))
    site.contributions, site.more_waits, site.cursor = [contribution(3, "The rest")], False, "f.9"
    for asset in many:
        site.emit("AssetChanged", to="assetChanges", cursor="f.2", asset=asset | {"submitted": True})
    expect(live.locator(".card-words")).to_have_text(["The rest"])
    expect(live.locator("#waiting")).to_have_text("1")
    expect(live.locator("#link")).to_have_text("Live")
    followed = [(name, asked["after"]) for name, asked in site.asked if name in ("ProjectEvents", "AssetChanges")]
    assert followed[:2] == [("ProjectEvents", "e.0"), ("AssetChanges", "e.0")]
    assert {name for name, _ in followed[2:]} == {"AssetChanges"}


def test_edited_zones_are_drawn_anew(live: Page, site: FakeSite) -> None:
    names = live.locator(".zone-name")
    expect(names).to_have_text(["440", "610"])
    site.project["speakers"]["edges"][0]["node"]["code"] = "An octave up"
    site.project["speakers"]["edges"][1]["node"]["isActive"] = False
    site.emit("SoundscapeChanged", to="projectEvents", cursor="e.5", happenedAt=AT)
    expect(names).to_have_text(["An octave up"])
    gains = [{"speakerId": "Speaker:1", "gain": 0.25}]
    site.emit("ListenersSnapshot", to="listeners", listeners=[listener(7, gains=gains)])
    live.get_by_role("button", name="Listener 7").press("Enter")
    expect(live.locator("#chosen-zones .row-title")).to_have_text(["An octave up"])


def test_a_recording_with_new_words_is_called_by_them(live: Page, site: FakeSite) -> None:
    site.emit("AssetChanged", to="assetChanges", cursor="e.1", asset=contribution(2, "Two gulls"))
    for verb in ("Play", "Approve", "Reject"):
        expect(live.get_by_role("button", name=f"{verb} “Two gulls”")).to_have_count(1)


def test_a_recording_whose_address_has_ended_is_played_from_its_new_one(live: Page, site: FakeSite) -> None:
    site.files.append(silence(5))
    ended = contribution(2, "Gulls", file={"url": "http://localhost:9/rwmedia/mine?expires=1"})
    site.emit("AssetChanged", to="assetChanges", cursor="e.1", asset=ended)
    play = live.get_by_role("button", name="Play “Gulls”")
    choose_and_press(live, "j", " ")
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(live.locator("#review-says")).to_have_text("")


def test_what_could_not_be_played_while_the_server_was_away_is_played_when_it_is_back(
    live: Page, site: FakeSite
) -> None:
    expect(live.locator(".card")).to_have_count(3)
    site.breaks.add("AssetFile")
    choose_and_press(live, " ")
    expect(live.locator("#review-says")).to_have_text("The server cannot be reached. Check your connection.")
    site.files.append(silence(5))
    choose_and_press(live, " ")
    expect(live.get_by_role("button", name="Play “Tram”")).to_have_attribute("aria-pressed", "true")


def test_what_no_browser_plays_is_said(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, " ")
    expect(live.locator("#review-says")).to_have_text("This browser cannot play the file.")


def test_space_plays_the_chosen_recording_and_halts_it(live: Page, site: FakeSite) -> None:
    site.files.append(silence(5))
    expect(live.locator(".card")).to_have_count(3)
    choose_and_press(live, "j", " ")
    play = live.get_by_role("button", name="Play “Gulls”")
    expect(play).to_have_attribute("aria-pressed", "true")
    choose_and_press(live, " ")
    expect(play).to_have_attribute("aria-pressed", "false")


def test_keys_can_be_switched_off(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    live.get_by_label("Keys").uncheck(force=True)
    choose_and_press(live, "a")
    assert site.inputs("ModerateAssets") == []


def test_after_a_lost_connection_it_goes_on_after_the_last_event_without_a_reload(live: Page, site: FakeSite) -> None:
    site.emit("SoundscapeChanged", to="projectEvents", cursor="e.5", happenedAt=AT)
    site.emit("AssetRemoved", to="assetChanges", cursor="e.4", assetId=global_id("Asset", 3))
    expect(live.locator(".card")).to_have_count(2)
    expect(live.locator(".event")).to_have_count(1)
    live.evaluate("window.isSamePage = true")
    site.hang_up(1001, "restarting")
    expect(live.locator("#link")).to_have_text("Reconnecting…")
    until_so(live, lambda: site.subscribed(*FOLLOWED))
    expect(live.locator("#link")).to_have_text("Live")
    again = {name: variables for name, variables in site.asked if name in ("ProjectEvents", "AssetChanges")}
    assert {name: variables["after"] for name, variables in again.items()} == {
        "ProjectEvents": "e.5",
        "AssetChanges": "e.4",
    }
    assert live.evaluate("window.isSamePage")
    expect(live.locator(".event")).to_have_count(1)


def test_where_events_are_gone_it_says_so_and_asks_how_things_are(live: Page, site: FakeSite) -> None:
    expect(live.locator(".card")).to_have_count(3)
    site.contributions, site.cursor = [contribution(9, "Wind")], "f.9"
    site.emit("Lagged", to="projectEvents", cursor="f.9", happenedAt=AT, missed=12, resync=None)
    expect(live.locator(".event-words")).to_have_text(["12 events before this could not be fetched."])
    expect(live.locator(".card-words")).to_have_text(["Wind"])
    until_so(live, lambda: [asked["after"] for name, asked in site.asked if name == "ProjectEvents"] == ["e.0", "f.9"])


def test_who_is_logged_out_meanwhile_is_told_so_with_a_way_back(live: Page, site: FakeSite) -> None:
    site.is_logged_in = False
    site.hang_up(1001)
    expect(live.locator("#problem")).to_have_text("You are logged out. Log in")
    expect(live.locator("#link")).to_have_text("Not connected")
    assert live.get_attribute("#problem a", "href") == "/login/?next=/live/1"


def test_a_revoked_login_is_not_tried_again(live: Page, site: FakeSite) -> None:
    site.hang_up(4403, "Forbidden")
    expect(live.locator("#problem")).to_have_text("You are logged out. Log in")
    live.wait_for_timeout(1500)
    assert not site.subscribed("listeners")
