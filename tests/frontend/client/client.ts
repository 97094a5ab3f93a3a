// A client over fetch: what a document gives and takes is known to the compiler.

import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";

export interface Fault {
  message: string;
  extensions: { code: string; field?: string | null; id?: string };
}

/** The request was wrong or something broke: nothing that a payload tells. */
export class RequestFailed extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ message }) => message).join(" "));
    this.faults = faults;
  }
}

interface Answer<Data> {
  data?: Data;
  errors?: Fault[];
}

export class Client {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, token?: string) {
    this.#url = url;
    this.#headers = {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json",
      ...(token ? { Authorization: `Token ${token}` } : {}),
    };
  }

  async ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    const body = JSON.stringify({ query: print(document), variables });
    const response = await fetch(this.#url, { method: "POST", headers: this.#headers, body });
    const { data, errors } = (await response.json()) as Answer<Data>;
    if (errors || !data) throw new RequestFailed(errors ?? []);
    return data;
  }
}
