// One visit: a session, and the stream that follows the headphones. It knows the API and no page.

import { signedIn, token } from "./account.js";
import {
  CLOSE_STREAM,
  CREATE_SESSION,
  FILTER_TAGS,
  HEARTBEAT,
  MOVE_LISTENER,
  OPEN_STREAM,
  SKIP_ASSET,
} from "./documents.js";
import { follow } from "./events.js";
import { latestWins } from "./latest.js";

const MOVE_INTERVAL_MS = 250;
const HEARTBEAT_MS = 60_000;

export class Listener {
  #session = null;
  #streamId = null;
  #unfollow = null;
  #heartbeat = null;

  /** `moved(stream)` hears how the stream is, `failed(error)` what went wrong; the rest is as for `follow`. */
  constructor(api, { projectId, socketUrl, moved, happened, fresh, linked, failed }) {
    this.api = api;
    this.projectId = projectId;
    this.socketUrl = socketUrl;
    this.heard = { happened, fresh, linked, refused: failed };
    this.failed = failed;
    this.move = latestWins((position) => this.#send(position, moved), { intervalMs: MOVE_INTERVAL_MS, failed });
  }

  /** Begins the visit ahead of its first stream, so that play has one question less to ask. */
  prepare() {
    this.#begun().catch(() => {});
  }

  /** Opens a stream at `position` ({lat, lng}) and follows its events. Throws Refused. */
  async open(position, tagIds) {
    const stream = await this.#openStream(position, tagIds).catch((error) => {
      if (error.code !== "NOT_FOUND") throw error;
      // The server no longer knows the visit (the page was open for long): begin another.
      this.#session = null;
      return this.#openStream(position, tagIds);
    });
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

  async #openStream(position, tagIds) {
    const input = { sessionId: await this.#begun(), ...coordinates(position), tagIds, format: "MP3" };
    return (await this.#perform(OPEN_STREAM, input)).stream;
  }

  // The session's id; what failed is tried again the next time.
  #begun() {
    this.#session ??= this.#createSession().catch((error) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  async #createSession() {
    const { language } = navigator;
    const input = { projectId: this.projectId, language, geoListenEnabled: true, clientSystem: "web" };
    return (await this.#perform(CREATE_SESSION, input)).session.id;
  }

  async #send(position, moved) {
    const streamId = this.#streamId;
    if (!streamId) return;
    const { stream } = await this.#perform(MOVE_LISTENER, { streamId, ...coordinates(position) });
    // It may have been closed meanwhile.
    if (streamId === this.#streamId) moved(stream);
  }

  #tell(document, more = {}) {
    if (!this.#streamId) return;
    this.#perform(document, { streamId: this.#streamId, ...more }).catch(this.failed);
  }

  #perform(document, input) {
    return signedIn(this.api, () => this.api.perform(document, input));
  }
}

const coordinates = ({ lat, lng }) => ({ latitude: lat, longitude: lng });
