"""The microphone of a test's browser. On a busy machine it begins late, and what is stopped before holds nothing."""

from playwright.sync_api import Page

# The recorder is the browser's own; it is only listened to.
LISTENING = """{
  globalThis.recordedBytes = 0;
  const { start } = MediaRecorder.prototype;
  MediaRecorder.prototype.start = function (...given) {
    const parts = [];
    this.addEventListener("dataavailable", ({ data }) => {
      parts.push(data);
      globalThis.recordedBytes += data.size;
    });
    this.addEventListener("stop", () => {
      globalThis.recordedBytes = 0;
      globalThis.lastRecording = new Blob(parts);
    });
    return start.apply(this, given);
  };
}"""
HAS_SOUND = "globalThis.recordedBytes > 0"
LAST_RECORDING_BYTES = "globalThis.lastRecording.size"
# From the first to the last 10 ms that are less than 45 dB below the loudest sample.
LAST_SOUNDING_SECONDS = """async () => {
  const context = new OfflineAudioContext(1, 1, 48000);
  const buffer = await context.decodeAudioData(await globalThis.lastRecording.arrayBuffer());
  const samples = buffer.getChannelData(0);
  const quiet = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0) * 10 ** (-45 / 20);
  const isHeard = (at) => {
    const step = samples.subarray(480 * at, 480 * at + 480);
    return Math.sqrt(step.reduce((sum, x) => sum + x * x, 0) / 480) >= quiet;
  };
  const heard = [...Array(Math.floor(samples.length / 480)).keys()].filter(isHeard);
  return (heard.at(-1) + 1 - heard[0]) / 100;
}"""


def listened_to(page: Page) -> Page:
    """The page, which will say from its next visit on whether its recording HAS_SOUND, and what the last one held."""
    page.add_init_script(LISTENING)
    return page
