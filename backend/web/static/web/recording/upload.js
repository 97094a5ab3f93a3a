// A file to GraphQL by the multipart request specification, with progress, which `fetch` does not tell.

import { dataOf, payloadOf, Refused, UNREACHABLE } from "../server/api.js";

/** The body of a document whose `input.file` is `file`, under a name that only says its kind. */
export function multipart(query, input, file, name) {
  const body = new FormData();
  body.append("operations", JSON.stringify({ query, variables: { input: { ...input, file: null } } }));
  body.append("map", JSON.stringify({ 0: ["variables.input.file"] }));
  body.append("0", file, name);
  return body;
}

/**
 * The payload of a document with one mutation and one file; `sent(share)` hears how much of it has left, 0 to 1.
 * Throws Refused, with the code CANCELLED when `signal` ended it.
 */
export async function sendFile(api, document, { input, blob, name, sent, signal }) {
  const answer = await post(api, multipart(document, input, blob, name), sent, signal);
  return payloadOf(dataOf(answer.status, answer.responseText));
}

function post(api, body, sent, signal) {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const refuse = (refusal) => () => reject(new Refused(refusal));
    request.upload.onprogress = ({ loaded, total }) => sent(total ? loaded / total : 0);
    request.upload.onload = () => sent(1);
    request.onload = () => resolve(request);
    request.onerror = refuse(UNREACHABLE);
    request.onabort = refuse({ code: "CANCELLED", message: "The upload was cancelled." });
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", api.url);
    for (const [name, value] of Object.entries(api.headers())) request.setRequestHeader(name, value);
    request.send(body);
    if (signal.aborted) request.abort();
  });
}
