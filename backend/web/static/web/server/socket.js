// One websocket for all subscriptions of a page, which mends itself.

import { sleep, waitMs } from "./backoff.js";

const PING_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

/**
 * A client of graphql-ws. `connectionParams` as there; `connected()` is called before the server hears what is
 * subscribed to, each time; `closed(event)` when the connection is gone, and tried again.
 */
export function openSocket({ url, connectionParams, connected, closed }) {
  let overdue = null;
  const client = globalThis.graphqlWs.createClient({
    url,
    connectionParams,
    retryAttempts: Infinity,
    retryWait: (retries) => sleep(waitMs(retries)),
    shouldRetry: () => true,
    keepAlive: PING_MS,
    on: {
      connected,
      closed: (event) => {
        clearTimeout(overdue);
        closed(event);
      },
      // A phone that changed networks holds a dead socket without an error: no pong, so end it.
      ping: (received) => {
        if (!received) overdue = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => received && clearTimeout(overdue),
    },
  });
  return client;
}

/** The address of the websocket at the path of GraphQL. */
export function socketUrl(graphqlUrl) {
  const url = new URL(graphqlUrl, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}
