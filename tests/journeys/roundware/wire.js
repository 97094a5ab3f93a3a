// The page's network: it asks first whether it may call another host, as browsers do, and keeps what was said.

"use strict";

const { fetch } = globalThis;
const ORIGIN = "http://page.example";
// What a page may send to another host without asking.
const SIMPLE_TYPES = ["multipart/form-data", "text/plain"];

const calls = [];
const media = [];
const asked = new Map();
let open = 0;

/** Headers that need a permission of the other host. */
function unusual(headers) {
  const isUnusual = ([name, value]) => name !== "content-type" || !SIMPLE_TYPES.includes(value);
  return [...headers].filter(isUnusual).map(([name]) => name);
}

async function preflight(url, method, headers) {
  const names = unusual(headers);
  const answer = await fetch(url, {
    method: "OPTIONS",
    redirect: "manual",
    headers: {
      origin: ORIGIN,
      "access-control-request-method": method,
      ...(names.length && { "access-control-request-headers": names.join() }),
    },
  });
  const listed = (name) => (answer.headers.get(name) ?? "").toLowerCase().split(/\s*,\s*/);
  const methods = listed("access-control-allow-methods");
  const allowed = listed("access-control-allow-headers");
  if (!answer.ok || !methods.includes(method.toLowerCase()) || names.some((name) => !allowed.includes(name))) {
    throw new TypeError(`No page may ${method} ${url}: ${answer.status}, ${methods}, ${allowed}`);
  }
}

/** What can be said of an answer without its body. */
function seen({ status, headers }) {
  const isShared = ["*", ORIGIN].includes(headers.get("access-control-allow-origin"));
  return { status, type: headers.get("content-type"), isShared };
}

/** What a call says: the values of its JSON or of its form, in which files are described. */
function words(body) {
  if (!(body instanceof FormData)) return body === undefined ? null : JSON.parse(body);
  const described = ({ name, type, size }) => ({ name, type, size });
  return Object.fromEntries([...body].map(([name, value]) => [name, value instanceof Blob ? described(value) : value]));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

globalThis.fetch = async (address, { method = "GET", headers = {}, body } = {}) => {
  const url = new URL(address);
  const call = { method, path: url.pathname, query: Object.fromEntries(url.searchParams), sent: words(body) };
  calls.push(call);
  open += 1;
  try {
    const question = `${method} ${url.pathname}`;
    if (!asked.has(question)) asked.set(question, preflight(url, method, new Headers(headers)));
    await asked.get(question);
    const answer = await fetch(url, { method, body, redirect: "manual", headers: { ...headers, origin: ORIGIN } });
    const text = await answer.clone().text();
    Object.assign(call, seen(answer), { answer: parsed(text), text: text.slice(0, 500) });
    return answer;
  } catch (error) {
    call.text = String(error.cause ?? error);
    throw error;
  } finally {
    open -= 1;
  }
};

/** The beginning of a sound, which its page may use. */
exports.load = async (url) => {
  if (url.protocol === "data:") return;
  const answer = await fetch(url, { headers: { origin: ORIGIN, range: "bytes=0-999" } });
  await answer.arrayBuffer();
  media.push({ url: url.href, ...seen(answer) });
  if (!answer.ok || !seen(answer).isShared) throw new Error(`${url} cannot be loaded`);
};

/** All calls and media, as soon as every call has been answered. */
exports.settled = async () => {
  do await new Promise((wake) => setTimeout(wake, 100));
  while (open);
  return { calls, media };
};
