// A visit from play to stop: keeps the stream, the sound and what is shown of them together.

import { isLive } from "./address.js";
import { Heard } from "./heard.js";
import { Listener } from "./listener.js";

const ENDED = ["NOT_FOUND", "STREAM_CLOSED"];
const TOO_FAR = "You are too far away to hear this place.";

export class Visit {
  #soundUrl = null;
  heard = new Heard();

  /**
   * `where()` and `wishes()` tell the place and the tags to begin with; `show(heard)` draws what is heard;
   * `state` and `set(change)` are the page's.
   */
  constructor(session, { socketUrl, sound, where, wishes, show, state, set }) {
    Object.assign(this, { sound, where, wishes, show, state, set });
    this.listener = new Listener(session, {
      socketUrl,
      moved: (stream) => this.#hear(stream),
      happened: (event) => this.#happened(event),
      fresh: () => this.heard.clear(),
      linked: (link) => this.#linked(link),
      failed: (error) => (ENDED.includes(error.code) ? this.#end("CLOSED") : set({ problem: error.message })),
    });
  }

  /** Plays or stops. To be called within the click: from there on the page may sound. */
  toggle() {
    if (this.state.phase === "opening") return;
    if (this.state.phase === "open") return this.stop();
    this.sound.unlock();
    this.open();
  }

  stop() {
    if (this.state.phase === "open") this.#end("stopped");
  }

  /** Opens the stream, or opens it again when its address has gone silent. */
  async open() {
    const place = this.where();
    this.set({ phase: "opening", problem: null });
    try {
      const stream = await this.listener.open(place, this.wishes());
      this.#soundUrl = null;
      this.set({ phase: "open" });
      this.#hear(stream);
      if (!place.equals(this.where())) this.listener.move(this.where());
    } catch (error) {
      this.set({ phase: "failed", problem: error.message });
    }
  }

  // Out of range a stream may have another address.
  #hear({ state, url, outOfRangeMessage }) {
    const isFar = state === "OUT_OF_RANGE";
    this.set({ problem: null, outOfRange: isFar ? (outOfRangeMessage ?? TOO_FAR) : null });
    if (url === this.#soundUrl) return;
    this.#soundUrl = url;
    if (url) this.sound.start(url, { isLive: isLive(url) });
    else this.sound.stop();
  }

  // What was moved while the server was away never came there.
  #linked(link) {
    const isBack = this.state.link === "lost" && link === "live";
    this.set({ link });
    if (isBack) this.listener.move(this.where());
  }

  #happened(event) {
    if (event.__typename === "StreamClosed") this.#end(event.reason);
    else if (this.heard.take(event)) this.show(this.heard);
  }

  #end(phase) {
    this.listener.close();
    this.sound.stop();
    this.heard.clear();
    this.show(this.heard);
    this.set({ phase, link: "off", outOfRange: null });
  }
}
