// The stream that follows the headphones. It knows the session and no page.

import { token } from "./account.js";
import { CLOSE_STREAM, FILTER_TAGS, HEARTBEAT, MOVE_LISTENER, OPEN_STREAM, SKIP_ASSET } from "./documents.js";
import { follow } from "./events.js";
import { latestWins } from "./latest.js";

const MOVE_INTERVAL_MS = 250;
const HEARTBEAT_MS = 60_000;

export class Listener {
  #streamId = null;
  #unfollow = null;
  #heartbeat = null;

  /** `moved(stream)` hears how the stream is, `failed(error)` what went wrong; the rest is as for `follow`. */
  constructor(session, { socketUrl, moved, happened, fresh, linked, failed }) {
    this.session = session;
    this.socketUrl = socketUrl;
    this.heard = { happened, fresh, linked, refused: failed };
    this.failed = failed;
    this.move = latestWins((position) => this.#send(position, moved), { intervalMs: MOVE_INTERVAL_MS, failed });
  }

  /** Opens a stream at `position` ({lat, lng}) and follows its events. Throws Refused. */
  async open(position, tagIds) {
    const input = { ...coordinates(position), tagIds, format: "MP3" };
    const opened = (sessionId) => this.session.perform(OPEN_STREAM, { sessionId, ...input });
    const { stream } = await this.session.within(opened);
    this.#leave();
    this.#streamId = stream.id;
    this.#unfollow = follow({ url: this.socketUrl, token, streamId: stream.id, ...this.heard });
    this.#heartbeat = setInterval(() => this.#tell(HEARTBEAT), HEARTBEAT_MS);
    return stream;
  }

  filter(tagIds) {
    this.#tell(FILTER_TAGS, { tagIds });
  }

  skip() {
    this.#tell(SKIP_ASSET);
  }

  close() {
    this.#tell(CLOSE_STREAM);
    this.#leave();
  }

  /** Forgets the stream without a word to the server, which has ended it already. */
  #leave() {
    this.#unfollow?.();
    clearInterval(this.#heartbeat);
    this.#unfollow = this.#streamId = null;
  }

  async #send(position, moved) {
    const streamId = this.#streamId;
    if (!streamId) return;
    const { stream } = await this.session.perform(MOVE_LISTENER, { streamId, ...coordinates(position) });
    // It may have been closed meanwhile.
    if (streamId === this.#streamId) moved(stream);
  }

  #tell(document, more = {}) {
    if (!this.#streamId) return;
    this.session.perform(document, { streamId: this.#streamId, ...more }).catch(this.failed);
  }
}

const coordinates = ({ lat, lng }) => ({ latitude: lat, longitude: lng });
