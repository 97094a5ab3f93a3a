// The stream as sound: an <audio> element into Web Audio (analyser, then volume), mended when it breaks.

import { waitMs } from "../server/backoff.js";

const WATCH_MS = 1000;
// A live stream that has not moved for this long will not move again by itself.
const STALL_MS = 5000;
// With this much heard, an interruption is a new one and is tried at once again.
const SOUND_SECONDS = 5;
const ATTEMPTS_UNTIL_LOST = 5;

export class Sound {
  #url = null;
  #isLive = true;
  #attempts = 0;
  #retry = null;
  #watch = null;
  #progress = { seconds: 0, at: 0 };
  #volume = 1;
  #isHushed = false;
  #gain = null;
  analyser = null;

  /**
   * `changed(state, retryInMs)` hears of "silent", "starting", "playing", "waiting" and "blocked";
   * `lost()` is called when the address no longer gives any sound.
   */
  constructor(audio, { changed, lost }) {
    this.audio = audio;
    this.changed = changed;
    this.lost = lost;
    audio.addEventListener("playing", () => this.#url && changed("playing"));
    audio.addEventListener("waiting", () => this.#url && audio.currentTime > 0 && changed("waiting"));
    audio.addEventListener("error", () => this.#url && this.#again());
    audio.addEventListener("ended", () => this.#url && (this.#isLive ? this.#again() : this.stop()));
    // Phones stop the context when a call comes in; it does not start again by itself.
    document.addEventListener("visibilitychange", () => document.hidden || this.#resume());
  }

  /** Must be called within a click: browsers let a page sound only from there on. */
  unlock() {
    if (!this.analyser) this.#connect();
    this.#resume();
    this.audio.load();
  }

  /** Plays what is at `url`; what `isLive` never ends by itself. */
  start(url, { isLive }) {
    this.#url = url;
    this.#isLive = isLive;
    this.#attempts = 0;
    this.#watch ??= setInterval(() => this.#look(), WATCH_MS);
    this.changed("starting");
    this.#load();
  }

  stop() {
    this.#url = null;
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#retry = this.#watch = null;
    this.audio.pause();
    this.audio.removeAttribute("src");
    this.audio.load();
    this.changed("silent");
  }

  /** Linear, 0 to 1. By a gain node, because phones ignore the element's own volume. */
  set volume(value) {
    this.#volume = value;
    this.#glide();
  }

  /** Silent for a while, the stream going on: so that it is not recorded, nor in the way of something else. */
  set isHushed(value) {
    this.#isHushed = value;
    this.#glide();
  }

  /** What the stream is heard at, linear. */
  get loudness() {
    return this.#isHushed ? 0 : this.#volume;
  }

  #connect() {
    const context = new AudioContext({ latencyHint: "playback" });
    this.analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    this.#gain = new GainNode(context, { gain: this.loudness });
    context.createMediaElementSource(this.audio).connect(this.analyser).connect(this.#gain);
    this.#gain.connect(context.destination);
  }

  #glide() {
    this.#gain?.gain.setTargetAtTime(this.loudness, this.analyser.context.currentTime, 0.02);
  }

  #resume() {
    if (this.analyser?.context.state !== "running") this.analyser?.context.resume().catch(() => {});
  }

  #load() {
    this.#progress = { seconds: 0, at: Date.now() };
    this.audio.src = this.#url;
    this.audio.play().catch((error) => error.name === "NotAllowedError" && this.changed("blocked"));
  }

  #look() {
    const seconds = this.audio.currentTime;
    if (seconds > this.#progress.seconds) this.#progress = { seconds, at: Date.now() };
    if (seconds > SOUND_SECONDS) this.#attempts = 0;
    if (!this.#retry && Date.now() - this.#progress.at > STALL_MS) this.#again();
  }

  #again() {
    if (this.#attempts >= ATTEMPTS_UNTIL_LOST) {
      this.stop();
      this.lost();
      return;
    }
    const ms = waitMs(this.#attempts++);
    this.changed("waiting", ms);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      if (this.#url) this.#load();
    }, ms);
  }
}
