// What the stream does, as it happens: one subscription on one websocket that mends itself.

import { refusal } from "./api.js";
import { STREAM_EVENTS } from "./documents.js";
import { sleep, waitMs } from "./backoff.js";

const PING_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

/**
 * Calls `happened(event)` for each event, `linked("live" | "lost")`, and `fresh()` before the events that tell
 * how the stream is now; returns a function that ends it.
 */
export function follow({ url, token, streamId, happened, fresh, linked, refused }) {
  const client = connect({ url, token, fresh, linked });
  let unsubscribe = subscribe();

  function subscribe() {
    return client.subscribe(
      { query: STREAM_EVENTS, variables: { streamId } },
      {
        next: ({ data, errors }) => (errors ? refused(refusal(errors[0])) : next(data.streamEvents)),
        error: (reason) => Array.isArray(reason) && refused(refusal(reason[0])),
        complete: () => {},
      },
    );
  }

  function next(event) {
    if (event.__typename !== "Lagged") return happened(event);
    // Some events are lost: a new subscription begins with how things are.
    unsubscribe();
    fresh();
    unsubscribe = subscribe();
  }

  return () => {
    unsubscribe();
    client.dispose();
  };
}

function connect({ url, token, fresh, linked }) {
  let socket = null;
  let overdue = null;
  return globalThis.graphqlWs.createClient({
    url,
    connectionParams: () => ({ authorization: `Token ${token()}` }),
    retryAttempts: Infinity,
    retryWait: (retries) => sleep(waitMs(retries)),
    shouldRetry: () => true,
    keepAlive: PING_MS,
    on: {
      connected: (opened) => {
        socket = opened;
        fresh();
        linked("live");
      },
      closed: () => linked("lost"),
      // A phone that changed networks holds a dead socket without an error: no pong, so end it.
      ping: (received) => {
        if (!received) overdue = setTimeout(() => socket?.close(4408, "No pong"), PONG_WITHIN_MS);
      },
      pong: (received) => received && clearTimeout(overdue),
    },
  });
}
