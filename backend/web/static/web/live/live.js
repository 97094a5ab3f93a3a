// A project as it changes: a snapshot, then its subscriptions over one socket, and a new snapshot where events are lost.

import { sleep, waitMs } from "../server/backoff.js";
import { openSocket } from "../server/socket.js";
import { ASSET_CHANGES, ENGINE_STATUS, LISTENERS, PROJECT_EVENTS, ZONES } from "./documents.js";
import { FINAL, follow } from "./following.js";
import { snapshot, stillKnown } from "./snapshot.js";

const FORBIDDEN = 4403;
// Edits come in bursts.
const ZONES_AFTER_MS = 500;
const LATER_MS = 5_000;
const LOGGED_OUT = "You are logged out.";

export class Live {
  // Each ends what it follows; null where that has ended.
  #news = null;
  #changes = null;
  #states = [];
  #isFirst = true;
  #isLinked = false;
  #isOver = false;
  #renewing = null;
  #zonesDue = null;

  /**
   * `heard` are functions: `shown(snapshot)`, `zoned(project)`, `happened(event)`, `changed(assetEvent)`,
   * `present(update)`, `reported(engine)`, `gap(missed)`, `linked("live" | "lost")`, `ended(sentence)`.
   */
  constructor({ api, url, projectId, isStaff, heard }) {
    Object.assign(this, { api, url, projectId, isStaff, heard });
  }

  /** Gives the first snapshot, and follows. */
  async begin() {
    const now = await this.#snapshot();
    if (!now) return;
    this.client = openSocket({
      url: this.url,
      connected: () => this.#connected(),
      closed: ({ code }) => this.#closed(code),
    });
    this.#followFrom(now.project.eventCursor);
    this.#states = [this.#follow({ query: LISTENERS, happened: this.heard.present })];
    if (this.isStaff) this.#states.push(this.#follow({ query: ENGINE_STATUS, variables: {}, happened: this.heard.reported }));
  }

  /** A new snapshot, and the changes that follow it: asked for once, however often. What happens is told on. */
  renew() {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
  }

  async #renew() {
    this.#changes?.();
    this.#changes = null;
    const now = await this.#snapshot();
    if (now) this.#followFrom(now.project.eventCursor);
  }

  #followFrom(after) {
    this.#news ??= this.#follow({
      query: PROJECT_EVENTS, after, happened: (event) => this.#happened(event), lost: (missed) => this.#lost(missed),
    });
    this.#changes ??= this.#follow({
      query: ASSET_CHANGES, after, happened: this.heard.changed, lost: () => this.renew(),
    });
  }

  #happened(event) {
    this.heard.happened(event);
    if (event.__typename === "SoundscapeChanged") this.#zonesSoon(ZONES_AFTER_MS);
  }

  #zonesSoon(ms) {
    this.#zonesDue ??= setTimeout(() => {
      this.#zonesDue = null;
      this.#renewZones();
    }, ms);
  }

  // Of an edit it is only told that there was one.
  async #renewZones() {
    if (this.#isOver) return;
    const { project } = await this.api.ask(ZONES, { id: this.projectId }).catch(() => ({}));
    if (project) this.heard.zoned(project);
    else if (project === undefined) this.#zonesSoon(LATER_MS);
  }

  #lost(missed) {
    this.#news = null;
    this.heard.gap(missed);
    this.renew();
  }

  #follow(asked) {
    const variables = { project: this.projectId };
    return follow(this.client, { variables, refused: ({ message }) => this.#end(message), ...asked });
  }

  // Until it is there: a server that is away comes back.
  async #snapshot() {
    for (let attempt = 0; !this.#isOver; attempt++) {
      try {
        const now = await snapshot(this.api, this.projectId);
        this.heard.shown(now);
        if (this.#isLinked) this.heard.linked("live");
        return now;
      } catch (error) {
        if (FINAL.includes(error.code)) return this.#end(error.message);
        if (!error.code) throw error;
        this.heard.linked("lost");
        await sleep(waitMs(attempt));
      }
    }
  }

  async #connected() {
    this.#isLinked = true;
    this.heard.linked("live");
    if (!this.#isFirst) {
      // A socket of nobody is open, too, and tells less.
      const refused = ({ code, message }) => FINAL.includes(code) && this.#end(message);
      await stillKnown(this.api, this.projectId).catch(refused);
    }
    this.#isFirst = false;
  }

  #closed(code) {
    this.#isLinked = false;
    if (code === FORBIDDEN) this.#end(LOGGED_OUT);
    else if (!this.#isOver) this.heard.linked("lost");
  }

  #end(sentence) {
    if (this.#isOver) return null;
    this.#isOver = true;
    this.heard.ended(sentence);
    [this.#news, this.#changes, ...this.#states].forEach((end) => end?.());
    this.client?.dispose();
    return null;
  }
}
