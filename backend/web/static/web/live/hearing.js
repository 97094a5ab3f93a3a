// One recording at a time, played from its file.

const UNPLAYABLE = "This browser cannot play the file.";

export class Hearing {
  #id = null;

  /**
   * `changed(id, isPlaying, share)` hears what becomes of a recording: `share` of it has been played, 0 to 1.
   * `addressOf(id)` gives the address of its file as it is by now, null where there is none. `failed(sentence)`.
   */
  constructor(audio, { changed, addressOf, failed }) {
    Object.assign(this, { audio, changed, addressOf, failed });
    for (const event of ["play", "pause", "ended", "timeupdate"]) audio.addEventListener(event, () => this.#tell());
    audio.addEventListener("error", () => this.#id && this.#retry(this.#id, audio.src));
  }

  /** Plays the recording, or halts it if it plays. */
  toggle({ id, file }) {
    if (!file) return;
    if (this.#id === id && !this.audio.paused) return this.audio.pause();
    if (this.#id !== id) this.#load(id, file.url);
    this.#play();
  }

  #load(id, url) {
    this.halt();
    this.#id = id;
    this.audio.src = url;
  }

  // Where it fails the element tells, too.
  #play() {
    this.audio.play().catch(() => {});
  }

  // Addresses end, after an hour or so.
  async #retry(id, tried) {
    this.halt();
    try {
      const url = await this.addressOf(id);
      if (url === null || url === tried) return this.failed(UNPLAYABLE);
      // Unless another was asked for meanwhile.
      if (this.#id !== null) return;
      this.#load(id, url);
      this.#play();
    } catch (error) {
      this.failed(error.message);
    }
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
