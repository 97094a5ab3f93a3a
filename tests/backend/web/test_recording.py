"""The recording booth in a real browser, with a microphone that beeps and a server that says what the test wants."""

import io
from collections.abc import Callable
from typing import Any

import av
import pytest
from playwright.sync_api import Page, expect

from tests.backend.web.fake_site import FakeSite
from tests.backend.web.pages import playing, ready, until
from tests.microphone import HAS_SOUND, LAST_RECORDING_BYTES

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

PHONE = {"width": 360, "height": 740}
MICROPHONE = {"permissions": ["microphone"]}
THANKS = "Thank you. Everybody can hear it here now. You can hear it right here."
DOTS = "Object.values(earshot.map._layers).filter((one) => one instanceof L.CircleMarker).length"


@pytest.fixture
def site(site: FakeSite, speaking_place: dict[str, Any]) -> FakeSite:
    site.project = speaking_place
    return site


def says(page: Page, words: str) -> None:
    expect(page.locator("#booth-status")).to_have_text(words)


def recorded(page: Page, seconds: float = 0) -> Page:
    """The page with a recording to listen to."""
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(1000 * seconds)
    return stopped(page)


def stopped(page: Page) -> Page:
    """The page once its recording, which has begun, holds a sound and is at an end."""
    until(page, HAS_SOUND)
    page.click("#finish")
    says(page, "Listen to it, then upload it.")
    return page


def answered(page: Page) -> Page:
    page.get_by_label("A bird").check(force=True)
    return page


def upload(page: Page) -> None:
    page.get_by_role("button", name="Upload").click()


def seconds_of(file: bytes) -> float:
    with av.open(io.BytesIO(file)) as container:
        frames = [frame.samples / frame.sample_rate for frame in container.decode(audio=0)]
    return sum(frames)


def test_a_sound_is_recorded_heard_and_uploaded_where_the_headphones_are(open_page: Open, site: FakeSite) -> None:
    page = recorded(ready(open_page(**MICROPHONE)), seconds=2)
    page.get_by_role("button", name="Play your recording").click()
    expect(page.locator("#preview")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#preview")).to_have_attribute("aria-pressed", "false")
    answered(page).get_by_label("What is it?").fill("  A beep.  ")
    dots = page.evaluate(DOTS)
    upload(page)

    says(page, THANKS)
    assert site.inputs("CreateEnvelope") == [{"session": "Uzox"}]
    (given,) = site.inputs("UploadAsset")
    assert (given["latitude"], given["longitude"]) == (60.1709, 24.9443)
    assert (given["envelopeId"], given["mediaType"], given["file"]) == ("Env", "AUDIO", None)
    assert (given["tagIds"], given["description"]) == (["Tag:3"], "A beep.")
    assert len(site.files[0]) == page.evaluate(LAST_RECORDING_BYTES)
    assert 0 < seconds_of(site.files[0]) < 10
    assert page.evaluate(DOTS) == dots + 1
    expect(page.locator(".pin")).to_have_count(0)
    page.evaluate("document.getElementById('stored').play()")
    until(page, "document.getElementById('stored').currentTime > 0")


def test_what_is_recorded_during_a_stream_is_heard_in_it_and_the_stream_not_recorded(
    open_page: Open, site: FakeSite
) -> None:
    site.submitted = False
    page = playing(open_page(**MICROPHONE))
    page.get_by_role("button", name="Record", exact=True).click()
    until(page, "document.getElementById('booth').dataset.step === 'recording' && earshot.loudness === 0")
    stopped(page)
    until(page, "earshot.loudness === 1")
    upload(answered(page))
    says(page, "Thank you. Others will hear it when it has been reviewed. It plays in your stream in a moment.")


def test_an_upload_that_fails_is_tried_again_with_the_same_recording(open_page: Open, site: FakeSite) -> None:
    site.breaks.add("UploadAsset")
    page = answered(recorded(ready(open_page(**MICROPHONE))))
    upload(page)
    says(page, "The server cannot be reached. Your recording is kept here: try again when you are connected.")
    page.get_by_role("button", name="Try again").click()
    says(page, THANKS)
    first, second = site.inputs("UploadAsset")
    assert first == second
    assert len(site.inputs("CreateEnvelope")) == 1
    assert len(site.files) == 1


def test_an_upload_can_be_halted_and_taken_up_again(open_page: Open, site: FakeSite) -> None:
    site.held.add("UploadAsset")
    page = answered(recorded(ready(open_page(**MICROPHONE))))
    upload(page)
    page.get_by_role("button", name="Cancel").click()
    says(page, "The upload was cancelled. Your recording is kept here.")
    site.held.clear()
    page.get_by_role("button", name="Try again").click()
    says(page, THANKS)


def test_a_refusal_for_good_says_what_to_do_instead(open_page: Open, site: FakeSite) -> None:
    site.refusals["UploadAsset"] = {"code": "AUDIO_TOO_LONG", "message": "Too long."}
    page = answered(recorded(ready(open_page(**MICROPHONE))))
    upload(page)
    says(page, "This is too long: at most 1:00 is taken here. Record a shorter one.")
    expect(page.locator("#send")).to_be_disabled()
    page.get_by_role("button", name="Record again").click()
    stopped(page)
    expect(page.locator("#send")).to_be_enabled()


def test_what_was_uploaded_before_and_deleted_since_is_not_kept(open_page: Open, site: FakeSite) -> None:
    site.submitted = None
    page = answered(recorded(ready(open_page(**MICROPHONE))))
    upload(page)
    says(page, "This recording had been uploaded before, and has been deleted since.")
    page.reload()
    says(ready(page), "What you record stays where the headphones are. It may last up to 1:00.")


def test_a_visit_that_the_server_no_longer_knows_begins_anew_for_an_upload(open_page: Open, site: FakeSite) -> None:
    site.refusals["CreateEnvelope"] = {"code": "NOT_FOUND", "message": "Session not found."}
    page = answered(recorded(ready(open_page(**MICROPHONE))))
    upload(page)
    says(page, THANKS)
    assert len(site.inputs("CreateSession")) == 2


def test_the_agreement_is_asked_once(open_page: Open, site: FakeSite) -> None:
    assert site.project
    site.project["legalAgreement"] = "Record only what is yours."
    page = ready(open_page(**MICROPHONE))
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("#agreement-text")).to_be_focused()
    expect(page.locator("#agreement-text")).to_have_text("Record only what is yours.")
    page.locator("#agreement").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name="I agree").click()
    stopped(page)
    page.locator("#contribution").get_by_role("button", name="Discard").click()
    page.reload()
    recorded(ready(page))


def test_a_recording_ends_by_itself_when_it_is_as_long_as_it_may_be(open_page: Open, site: FakeSite) -> None:
    assert site.project
    site.project["maxRecordingSeconds"] = 3
    page = ready(open_page(**MICROPHONE))
    page.get_by_role("button", name="Record", exact=True).click()
    says(page, "Recording. It stops by itself after 0:03.")
    says(page, "Listen to it, then upload it.")
    upload(answered(page))
    says(page, THANKS)
    # A busy machine's microphone begins late.
    assert 0 < seconds_of(site.files[0]) < 3.2


def test_without_a_microphone_a_file_is_chosen(open_page: Open, site: FakeSite) -> None:
    page = ready(open_page())
    page.get_by_role("button", name="Record", exact=True).click()
    says(page, "You did not allow this page to use the microphone. Allow it in your browser, or choose a sound file.")
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_focused()
    page.set_input_files("#chosen-file", {"name": "bell.wav", "mimeType": "audio/wav", "buffer": b"RIFF"})
    upload(answered(page))
    says(page, THANKS)
    assert site.files == [b"RIFF"]


def test_a_place_that_takes_no_recordings_says_so(open_page: Open, site: FakeSite) -> None:
    assert site.project
    site.project["speakEnabled"] = False
    page = ready(open_page(**MICROPHONE))
    says(page, "This place takes no recordings.")
    expect(page.locator("#record, #choose").and_(page.locator(":visible"))).to_have_count(0)


def test_a_recording_outlives_a_reload_with_its_place_and_its_answers(open_page: Open, site: FakeSite) -> None:
    site.breaks.add("UploadAsset")
    page = answered(recorded(ready(open_page(**MICROPHONE))))
    page.get_by_label("What is it?").fill("A beep.")
    upload(page)
    page.get_by_role("button", name="Try again").wait_for()
    page.reload()
    says(ready(page), "This recording of yours has not been uploaded yet.")
    expect(page.locator(".pin")).to_have_count(1)
    upload(page)
    says(page, THANKS)
    first, second = site.inputs("UploadAsset")
    assert (
        (first["tagIds"], first["description"]) == (second["tagIds"], second["description"]) == (["Tag:3"], "A beep.")
    )
    assert (first["latitude"], first["uploadId"]) == (second["latitude"], second["uploadId"])
    page.reload()
    says(ready(page), "What you record stays where the headphones are. It may last up to 1:00.")


def test_the_pin_stays_until_it_is_moved_to_the_headphones(open_page: Open, site: FakeSite) -> None:
    page = answered(recorded(ready(open_page(**MICROPHONE))))
    page.focus(".headphones")
    page.keyboard.press("Shift+ArrowUp")
    upload(page)
    page.get_by_role("button", name="Record another").click()
    stopped(page)
    page.focus(".headphones")
    page.keyboard.press("Shift+ArrowUp")
    page.get_by_role("button", name="Move the pin to the headphones").click()
    upload(page)
    page.get_by_role("button", name="Record another").wait_for()
    north = [(given["latitude"] - 60.1709) * 111_195 for given in site.inputs("UploadAsset")]
    assert north == pytest.approx([0, 50], abs=0.01)


def test_questions_are_answered_before_the_upload_and_follow_from_answers(open_page: Open, site: FakeSite) -> None:
    page = recorded(ready(open_page(**MICROPHONE)))
    expect(page.get_by_text("Whose voice?")).to_be_hidden()
    upload(page)
    says(page, "Please choose: Who is heard?")
    page.keyboard.press("ArrowDown")
    upload(page)
    says(page, "Please choose: Whose voice?")
    page.keyboard.press("Space")
    upload(page)
    says(page, THANKS)
    assert site.inputs("UploadAsset")[0]["tagIds"] == ["Tag:4", "Tag:5"]


def test_the_keyboard_alone_makes_a_recording(open_page: Open, site: FakeSite) -> None:
    page = ready(open_page(viewport=PHONE, **MICROPHONE))
    page.focus("#record")
    page.keyboard.press("Enter")
    expect(page.locator("#finish")).to_be_focused()
    until(page, HAS_SOUND)
    page.keyboard.press("Enter")
    expect(page.locator("#preview")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.focus("#words")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#another")).to_be_focused()
    expect(page.locator("#stored")).to_be_in_viewport()
