// One's own recording, heard and seen before it is uploaded.

import { NO_PEAKS, waveform } from "../drawing/waveform.js";
import { clock } from "../page/clock.js";
import { decoded } from "./decoding.js";

export class Preview {
  #audio = new Audio();
  #seconds = 0;
  #shown = null;

  /** `playing(isPlaying)` hears when it begins and ends, `failed()` that this browser cannot play it. */
  constructor({ button, canvas, time }, { playing, failed }) {
    Object.assign(this, { button, time, failed });
    this.picture = waveform(canvas);
    button.addEventListener("click", () => this.#toggle());
    this.#audio.addEventListener("timeupdate", () => this.#tell());
    this.#audio.addEventListener("ended", () => this.#tell());
    for (const [event, isPlaying] of [["play", true], ["pause", false], ["ended", false]]) {
      this.#audio.addEventListener(event, () => {
        button.setAttribute("aria-pressed", isPlaying);
        playing(isPlaying);
      });
    }
  }

  /** Shows a take ({blob, seconds}); returns a promise of its length in seconds. */
  async show({ blob, seconds }) {
    this.clear();
    this.#shown = blob;
    this.#audio.src = URL.createObjectURL(blob);
    this.#seconds = seconds;
    this.#tell();
    const found = await decoded(blob);
    if (!found || this.#shown !== blob) return seconds;
    this.#seconds = found.seconds;
    this.picture.show(found.peaks);
    this.#tell();
    return found.seconds;
  }

  clear() {
    this.pause();
    if (this.#shown) URL.revokeObjectURL(this.#audio.src);
    this.#shown = null;
    this.#audio.removeAttribute("src");
    this.picture.show(NO_PEAKS);
  }

  pause() {
    this.#audio.pause();
  }

  #toggle() {
    if (!this.#audio.paused) return this.pause();
    this.#audio.play().catch((error) => error.name === "NotSupportedError" && this.failed());
  }

  #tell() {
    const { currentTime, ended } = this.#audio;
    const played = ended ? 0 : currentTime;
    this.picture.play(this.#seconds ? played / this.#seconds : 0);
    this.time.textContent = this.#seconds ? clock(this.#audio.paused ? this.#seconds : played) : "";
  }
}
