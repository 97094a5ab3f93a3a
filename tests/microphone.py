"""The microphone of a test's browser. On a busy machine it begins late, and what is stopped before holds nothing."""

from playwright.sync_api import Page

# The recorder is the browser's own; it is only listened to.
COUNTING = """{
  globalThis.recordedBytes = 0;
  const { start } = MediaRecorder.prototype;
  MediaRecorder.prototype.start = function (...given) {
    this.addEventListener("dataavailable", ({ data }) => { globalThis.recordedBytes += data.size; });
    this.addEventListener("stop", () => { globalThis.recordedBytes = 0; });
    return start.apply(this, given);
  };
}"""
HAS_SOUND = "globalThis.recordedBytes > 0"


def count_recorded(page: Page) -> Page:
    """The page, which will say from its next visit on whether its recording HAS_SOUND."""
    page.add_init_script(COUNTING)
    return page
