// A recording that is not on the server yet: kept over a reload, and sent without doing anything twice.

import { randomUuid } from "../player/account.js";
import { CREATE_ENVELOPE, UPLOAD_ASSET } from "./documents.js";
import { forget, keep } from "./keep.js";
import { sendFile } from "./upload.js";
import { watchUpload } from "./upload-state.js";

export class Draft {
  /** Whether its envelope is of the visit that the page is in now, whose stream plays what comes into it. */
  isOfThisVisit = false;
  isKept = true;

  /**
   * `take` is {blob, name, seconds, place}, and later also {tagIds, description, envelopeId}; `place` is {lat, lng}.
   * Within one envelope the server takes an upload of one id once, however often it is sent.
   */
  constructor(session, take) {
    this.session = session;
    this.take = { uploadId: randomUuid(), ...take };
    this.change({});
  }

  /** Changes some of the take, and keeps it so. */
  async change(part) {
    Object.assign(this.take, part);
    this.isKept = await keep(this.session.projectId, this.take);
  }

  /** Forgets it, because it is on the server or not wanted. */
  drop() {
    forget(this.session.projectId);
  }

  /**
   * The asset that it has become; null when it was sent before and deleted since. `sent(share, state)` hears how
   * much of it has left, 0 to 1, and then how far the server has come with it; `signal` ends it. Throws Refused.
   */
  async send({ sent, signal }) {
    if (!this.take.envelopeId) await this.#open();
    const { blob, name, place, seconds, ...input } = this.take;
    Object.assign(input, { mediaType: "AUDIO", latitude: place.lat, longitude: place.lng });
    const { api } = this.session;
    let unwatch = null;
    const left = (share) => {
      sent(share);
      if (share === 1) unwatch ??= watchUpload(api, input.envelopeId, (state) => sent(1, state));
    };
    try {
      return (await sendFile(api, UPLOAD_ASSET, { input, blob, name, sent: left, signal })).asset;
    } catch (error) {
      // The visit has ended meanwhile: the next try begins with another.
      if (error.code === "NOT_FOUND") this.change({ envelopeId: null, uploadId: randomUuid() });
      throw error;
    } finally {
      unwatch?.();
    }
  }

  async #open() {
    const made = (session) => this.session.perform(CREATE_ENVELOPE, { session });
    const { envelope } = await this.session.within(made);
    this.isOfThisVisit = true;
    await this.change({ envelopeId: envelope.id });
  }
}
