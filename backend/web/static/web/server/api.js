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

export const UNREACHABLE = { code: "UNREACHABLE", message: "The server cannot be reached. Check your connection." };
const BROKEN = { code: "BROKEN", message: "The server answered with something that this page cannot read." };
// What a proxy before the server says with its status alone.
const UNREADABLE = {
  413: { code: "FILE_TOO_LARGE", message: "This is too large for the server." },
  502: UNREACHABLE,
  503: UNREACHABLE,
  504: UNREACHABLE,
  507: { code: "STORAGE_FULL", message: "The server has no room for this." },
};

/** The data of an answer over HTTP. Throws Refused. */
export function dataOf(status, text) {
  const body = parsed(text);
  if (!body) throw new Refused(UNREADABLE[status] ?? BROKEN);
  if (body.errors?.length) throw refusal(body.errors[0]);
  return body.data;
}

/** The payload of data with one mutation. Throws Refused for a typed error. */
export function payloadOf(data) {
  const [payload] = Object.values(data);
  if (payload.code !== undefined) throw new Refused(payload);
  return payload;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export class Api {
  /** `who` says in whose name it asks: one of `who.js`. */
  constructor(url, who) {
    this.url = url;
    this.who = who;
  }

  /** The data of a query. Throws Refused. */
  async ask(document, variables = {}) {
    const answer = this.#post(document, variables);
    const [status, text] = await answer.then(async (response) => [response.status, await response.text()]).catch(() => {
      throw new Refused(UNREACHABLE);
    });
    return dataOf(status, text);
  }

  /** The payload of a document with one mutation. Throws Refused, also for a typed error in the payload. */
  async perform(document, input) {
    return payloadOf(await this.ask(document, { input }));
  }

  /** The headers of every request: what is accepted, and who asks. */
  headers() {
    return { Accept: "application/json", ...this.who.headers() };
  }

  #post(query, variables) {
    const headers = { "Content-Type": "application/json", ...this.headers() };
    const { credentials } = this.who;
    return fetch(this.url, { method: "POST", credentials, headers, body: JSON.stringify({ query, variables }) });
  }
}
