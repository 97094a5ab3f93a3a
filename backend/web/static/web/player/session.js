// The visit as the server knows it: one session, made when it is first needed, and what is done in its name.

import { signedIn } from "./account.js";
import { CREATE_SESSION } from "./documents.js";

export class Session {
  #id = null;

  constructor(api, projectId) {
    this.api = api;
    this.projectId = projectId;
  }

  /** Its id, as a promise; what failed is tried again the next time. */
  id() {
    this.#id ??= this.#create().catch((error) => {
      this.#id = null;
      throw error;
    });
    return this.#id;
  }

  /**
   * Runs `work(id)`; when the server no longer knows the session (the page was open for long), once more
   * with a new one. Throws Refused.
   */
  async within(work) {
    try {
      return await work(await this.id());
    } catch (error) {
      if (error.code !== "NOT_FOUND") throw error;
      this.#id = null;
      return work(await this.id());
    }
  }

  /** The payload of a document with one mutation, asked with a token. Throws Refused. */
  perform(document, input) {
    return signedIn(this.api, () => this.api.perform(document, input));
  }

  async #create() {
    const { language } = navigator;
    const input = { projectId: this.projectId, language, geoListenEnabled: true, clientSystem: "web" };
    return (await this.perform(CREATE_SESSION, input)).session.id;
  }
}
