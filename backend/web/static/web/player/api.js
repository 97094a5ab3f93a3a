// GraphQL over HTTP: asks, and turns every way to fail into one error whose message is a sentence.

/** The server understood and said no; `code` is stable, `message` is for people. */
export class Refused extends Error {
  constructor({ code, message, field }) {
    super(message);
    this.code = code;
    this.field = field ?? null;
  }
}

/** A GraphQL error as Refused. */
export const refusal = ({ message, extensions }) => new Refused({ code: extensions?.code ?? "GRAPHQL", message });

const UNREACHABLE = { code: "UNREACHABLE", message: "The server cannot be reached. Check your connection." };
const BROKEN = { code: "BROKEN", message: "The server answered with something that this page cannot read." };

export class Api {
  /** `token` is a function that gives the current token or null. */
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /** The data of a query. Throws Refused. */
  async ask(document, variables = {}) {
    const response = await this.#post(document, variables).catch(() => {
      throw new Refused(UNREACHABLE);
    });
    const body = await response.json().catch(() => {
      throw new Refused(response.status === 503 ? UNREACHABLE : BROKEN);
    });
    if (body.errors?.length) throw refusal(body.errors[0]);
    return body.data;
  }

  /** The payload of a document with one mutation. Throws Refused, also for a typed error in the payload. */
  async perform(document, input) {
    const [payload] = Object.values(await this.ask(document, { input }));
    if (payload.code !== undefined) throw new Refused(payload);
    return payload;
  }

  #post(query, variables) {
    const token = this.token();
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    if (token) headers.Authorization = `Token ${token}`;
    return fetch(this.url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  }
}
