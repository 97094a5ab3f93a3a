// A recording that is not on the server yet: kept over a reload, and sent without doing anything twice.

import { randomUuid } from "../player/account.js";
import { CREATE_ENVELOPE, UPLOAD_ASSET } from "./documents.js";
import { forget, keep } from "./keep.js";
import { sendFile } from "./upload.js";

export class Draft {
  #envelopeId = null;
  isKept = true;

  /** `take` is {blob, name, seconds, place}, and later also {tagIds, description}; `place` is {lat, lng}. */
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

  /** The asset that it has become; `sent` and `signal` are as for `sendFile`. Throws Refused. */
  async send({ sent, signal }) {
    this.#envelopeId ??= await this.#envelope();
    const { blob, name, place, uploadId, tagIds, description } = this.take;
    const where = { latitude: place.lat, longitude: place.lng };
    const input = { envelopeId: this.#envelopeId, uploadId, mediaType: "AUDIO", ...where, tagIds, description };
    try {
      return (await sendFile(this.session.api, UPLOAD_ASSET, { input, blob, name, sent, signal })).asset;
    } catch (error) {
      // The visit may have ended meanwhile: the next try begins with another.
      if (error.code === "NOT_FOUND") this.#envelopeId = null;
      throw error;
    }
  }

  async #envelope() {
    const made = (session) => this.session.perform(CREATE_ENVELOPE, { session });
    return (await this.session.within(made)).envelope.id;
  }
}
