// One subscription that never ends and never lies: it goes on where it broke off, or says that it cannot.

import { refusal } from "../server/api.js";
import { waitMs } from "../server/backoff.js";

// The server will say the same when it is asked again.
export const FINAL = ["NOT_AUTHENTICATED", "NOT_PERMITTED", "NOT_FOUND"];

/**
 * Calls `happened(event)` for each event of a subscription document, from `after` on if its events have cursors.
 * `lost(missed)`: so many events are gone for good (null: nobody knows), and the subscription has ended: ask how things
 * are, and follow anew. `refused(error)`: the server will not tell. Returns a function that ends it.
 */
export function follow(client, { query, variables, after, happened, lost, refused }, later = setTimeout) {
  // The client sends these again when it connects again: they are as they are then.
  const asked = after === undefined ? variables : { ...variables, after };
  let attempts = 0;
  let end = () => {};

  function subscribe() {
    let isOver = false;
    const over = (next) => {
      if (isOver) return;
      isOver = true;
      next?.();
    };
    const again = () => over(() => retry(waitMs(attempts++)));
    const unsubscribe = client.subscribe({ query, variables: asked }, {
      next: ({ data, errors }) => isOver || (errors ? failed(errors, over, again) : took(Object.values(data)[0])),
      error: (reason) => (Array.isArray(reason) ? failed(reason, over, again) : again()),
      complete: again,
    });
    end = () => over(unsubscribe);
  }

  function retry(ms) {
    const timer = later(subscribe, ms);
    end = () => clearTimeout(timer);
  }

  function failed([error], over, again) {
    if (FINAL.includes(error.extensions?.code)) over(() => refused(refusal(error)));
    else again();
  }

  function took(event) {
    attempts = 0;
    if (event.__typename === "Lagged") return lagged(event);
    if (event.cursor) asked.after = event.cursor;
    happened(event);
  }

  function lagged({ missed, resync }) {
    end();
    // Where there are no cursors, a new subscription begins with how things are.
    if (after !== undefined && !resync) return lost(missed);
    if (resync) asked.after = resync;
    subscribe();
  }

  subscribe();
  return () => end();
}
