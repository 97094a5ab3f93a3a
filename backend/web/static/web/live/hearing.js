// One recording at a time, played from its file.

export class Hearing {
  #id = null;

  /** `changed(id, isPlaying, share)` hears what becomes of a recording: `share` of it has been played, 0 to 1. */
  constructor(audio, { changed, failed }) {
    Object.assign(this, { audio, changed, failed });
    for (const event of ["play", "pause", "ended", "timeupdate"]) audio.addEventListener(event, () => this.#tell());
    audio.addEventListener("error", () => this.#id && failed());
  }

  /** Plays the recording, or halts it if it plays. */
  toggle({ id, file }) {
    if (!file) return;
    if (this.#id === id && !this.audio.paused) return this.audio.pause();
    if (this.#id !== id) {
      this.halt();
      this.#id = id;
      this.audio.src = file.url;
    }
    this.audio.play().catch((error) => error.name === "NotSupportedError" && this.failed());
  }

  /** Halts whatever plays. */
  halt() {
    this.audio.pause();
    if (this.#id) this.changed(this.#id, false, 0);
    this.#id = null;
  }

  get playingId() {
    return this.audio.paused ? null : this.#id;
  }

  #tell() {
    if (!this.#id) return;
    const { paused, ended, currentTime, duration } = this.audio;
    this.changed(this.#id, !paused && !ended, ended || !duration ? 0 : currentTime / duration);
  }
}
