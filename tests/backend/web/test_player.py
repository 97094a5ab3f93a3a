"""The listening page in a real browser, before a server that says what the test wants."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.backend.web.fake_site import TOKEN, FakeSite
from tests.backend.web.pages import playing, ready, until, until_so
from tests.backend.web.tone_server import ToneServer

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

LEVEL = """() => {
  const samples = new Float32Array(2048);
  earshot.analyser.getFloatTimeDomainData(samples);
  return 20 * Math.log10(Math.hypot(...samples) / Math.sqrt(samples.length) || 1e-9);
}"""
NOW = "2026-11-01T12:00:00Z"


def bells(play: str = "p1") -> dict[str, object]:
    """The start of the place's one recording."""
    started = {"playId": play, "assetId": "Asset:1", "startedAt": NOW, "plannedSeconds": 30}
    return started | {"asset": {"description": "Bells"}}


def told_places(site: FakeSite) -> list[tuple[float, float]]:
    """Where the page has said that they are."""
    return [(given["latitude"], given["longitude"]) for given in site.inputs("MoveListener")]


def test_play_opens_a_stream_where_the_headphones_are_and_it_sounds(open_page: Open, site: FakeSite) -> None:
    page = ready(open_page())
    page.click("#play")
    until(page, f"({LEVEL})() > -60")
    expect(page.locator("#status")).to_have_text("Playing. The sound follows the headphones, two seconds behind.")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Stop")
    (opened,) = site.inputs("OpenStream")
    assert (opened["latitude"], opened["longitude"], opened["format"]) == (60.1709, 24.9443, "MP3")
    assert opened["tagIds"] == ["Tag:1", "Tag:2"]
    assert site.inputs("connection_init") == [{"authorization": f"Token {TOKEN}"}]


def test_a_drag_is_told_at_most_four_times_a_second_and_its_end_always(open_page: Open, site: FakeSite) -> None:
    page = playing(open_page())
    page.locator(".headphones").hover()
    page.mouse.down()
    started = time.monotonic()
    page.mouse.move(800, 500, steps=60)
    page.mouse.up()
    here = page.evaluate("earshot.place")
    until_so(page, lambda: told_places(site)[-1:] == [(here["lat"], here["lng"])])
    # One more would come within this time.
    page.wait_for_timeout(300)
    assert 2 <= len(told_places(site)) <= 1 + 4 * (time.monotonic() - started)
    assert told_places(site)[-1] == (here["lat"], here["lng"])


def test_arrow_keys_move_the_headphones_by_five_metres_and_shift_by_twenty_five(
    open_page: Open, site: FakeSite
) -> None:
    page = playing(open_page())
    page.focus(".headphones")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    assert page.evaluate("earshot.place.lat") == pytest.approx(60.1709 + 30 / 111_195, abs=1e-8)
    north = pytest.approx(60.1709 + 30 / 111_195, abs=1e-8)
    until_so(page, lambda: [latitude for latitude, _ in told_places(site)][-1:] == [north])


def test_where_they_went_while_the_server_was_away_is_told_when_it_is_back(open_page: Open, site: FakeSite) -> None:
    page = playing(open_page())
    page.focus(".headphones")
    site.breaks.add("MoveListener")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#status")).to_have_text("The server cannot be reached. Check your connection.")
    site.hang_up(1001)
    expect(page.locator("#status")).to_contain_text("The sound follows the headphones")
    here = page.evaluate("earshot.place")
    assert (site.inputs("MoveListener")[-1]["latitude"], len(site.inputs("MoveListener"))) == (here["lat"], 2)


def test_a_click_on_the_map_puts_the_headphones_there(open_page: Open) -> None:
    page = ready(open_page())
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + 200, box["y"] + 200)
    point = page.evaluate("earshot.map.latLngToContainerPoint(earshot.place)")
    assert (point["x"], point["y"]) == pytest.approx((200, 200), abs=1)


def test_what_is_heard_is_listed_as_the_events_tell(open_page: Open, site: FakeSite) -> None:
    page = playing(open_page())
    expect(page.locator("#silence")).to_be_visible()
    site.emit("GainsChanged", gains=[{"speakerId": "Speaker:2", "gain": 0.25}, {"speakerId": "Speaker:1", "gain": 0.5}])
    site.emit("AssetStarted", **bells())
    expect(page.locator("#zones .row-title")).to_have_text(["440", "610"])
    expect(page.locator("#zones [role=meter]").first).to_have_attribute("aria-valuenow", "50")
    expect(page.locator("#clips .row-title")).to_have_text(["Bells"])
    expect(page.locator("#silence")).to_be_hidden()
    expect(page.locator(".dot-ring")).to_have_count(1)
    site.emit("AssetEnded", playId="p1")
    site.emit("GainsChanged", gains=[])
    expect(page.locator("#zones .row, #clips .row, .dot-ring")).to_have_count(0)


def test_tags_are_chosen_with_switches_of_which_the_last_stays_on(open_page: Open, site: FakeSite) -> None:
    page = playing(open_page())
    page.get_by_label("Calm").click()
    page.get_by_label("Lively").click()
    expect(page.get_by_label("Lively")).to_be_checked()
    until(page, "true")
    assert [given["tagIds"] for given in site.inputs("FilterTags")] == [["Tag:2"], ["Tag:2"]]


def test_a_stream_that_breaks_off_is_taken_up_again_at_the_same_address(open_page: Open, tones: ToneServer) -> None:
    page = playing(open_page())
    tones.cut()
    until_so(page, lambda: tones.connections > 1)
    until(page, "earshot.state.sound === 'playing' && earshot.state.retryInMs === undefined")
    assert tones.connections == 2


def test_out_of_range_says_so_in_the_words_of_the_project_and_comes_back_with_sound(
    open_page: Open, site: FakeSite
) -> None:
    site.stream_state, address = "OUT_OF_RANGE", site.stream_url
    site.stream_url = None
    page = ready(open_page())
    page.click("#play")
    expect(page.locator("#status")).to_have_text("Come nearer.")
    site.stream_state, site.stream_url = "PLAYING", address
    page.focus(".headphones")
    page.keyboard.press("ArrowLeft")
    until(page, "earshot.state.sound === 'playing'")


def test_a_refusal_is_shown_as_the_sentence_of_the_server(open_page: Open, site: FakeSite) -> None:
    site.refusals["OpenStream"] = {"code": "ENGINE_UNAVAILABLE", "message": "The audio engine did not answer."}
    page = ready(open_page())
    page.click("#play")
    expect(page.locator("#status")).to_have_text("The audio engine did not answer.")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


def test_a_visit_that_the_server_no_longer_knows_begins_anew(open_page: Open, site: FakeSite) -> None:
    site.refusals["OpenStream"] = {"code": "NOT_FOUND", "message": "Session not found."}
    playing(open_page())
    assert len(site.inputs("CreateSession")) == 2


def test_a_stream_that_the_server_closed_can_be_played_again(open_page: Open, site: FakeSite) -> None:
    page = playing(open_page())
    site.emit("AssetStarted", **bells())
    site.emit("StreamClosed", reason="IDLE")
    expect(page.locator("#status")).to_contain_text("nobody listened")
    expect(page.locator("#clips .row")).to_have_count(0)
    page.click("#play")
    until(page, "earshot.state.sound === 'playing'")
    assert len(site.inputs("CreateSession")) == 1
    assert len(site.inputs("OpenStream")) == 2


def test_stop_closes_the_stream(open_page: Open, site: FakeSite) -> None:
    page = playing(open_page())
    page.click("#play")
    expect(page.locator("#status")).to_have_text("Stopped. Press play to listen again.")
    until(page, "document.getElementById('audio').paused")
    assert [given["streamId"] for given in site.inputs("CloseStream")] == [site.stream["id"]]


def test_the_position_of_the_phone_moves_the_headphones_until_a_person_does(open_page: Open, site: FakeSite) -> None:
    there = {"latitude": 60.1712, "longitude": 24.945}
    page = ready(open_page(geolocation=there, permissions=["geolocation"]))
    follow = page.get_by_role("button", name="Use my position")
    follow.click()
    until(page, "earshot.place.lat === 60.1712 && earshot.place.lng === 24.945")
    expect(follow).to_have_attribute("aria-pressed", "true")
    page.focus(".headphones")
    page.keyboard.press("ArrowUp")
    expect(follow).to_have_attribute("aria-pressed", "false")


def test_a_position_that_is_not_allowed_is_explained(open_page: Open) -> None:
    page = ready(open_page())
    page.get_by_role("button", name="Use my position").click()
    expect(page.locator("#status")).to_have_text(
        "You did not allow this page to know your position. Drag the headphones instead."
    )


def test_a_project_that_is_gone_is_a_sentence(open_page: Open, site: FakeSite) -> None:
    site.project = None
    page = open_page()
    expect(page.locator("#status")).to_have_text("This project does not exist, or it is not open to visitors.")
    expect(page.locator("#play")).to_be_disabled()


def test_the_map_credits_openstreetmap(open_page: Open) -> None:
    expect(ready(open_page()).locator(".leaflet-control-attribution")).to_have_text("© OpenStreetMap contributors")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(open_page: Open, width: int) -> None:
    page = ready(open_page(viewport={"width": width, "height": 640}))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    expect(page.locator("#play")).to_be_in_viewport(ratio=1)


def test_graphiql_works_under_its_policy(open_page: Open) -> None:
    page = open_page("/graphql/")
    expect(page.locator(".graphiql-query-editor")).to_contain_text("query Places")
    expect(page.get_by_role("button", name="Show GraphiQL Explorer")).to_be_visible()
