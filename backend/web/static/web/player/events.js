// What the stream does, as it happens: one subscription on one websocket that mends itself.

import { refusal } from "../server/api.js";
import { openSocket } from "../server/socket.js";
import { STREAM_EVENTS } from "./documents.js";

/**
 * Calls `happened(event)` for each event, `linked("live" | "lost")`, and `fresh()` before the events that tell
 * how the stream is now; returns a function that ends it.
 */
export function follow({ url, token, streamId, happened, fresh, linked, refused }) {
  const client = openSocket({
    url,
    connectionParams: () => ({ authorization: `Token ${token()}` }),
    connected: () => {
      fresh();
      linked("live");
    },
    closed: () => linked("lost"),
  });
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
