// How far the server has come with a file that it has.

import { nodes } from "../server/nodes.js";
import { UPLOAD_STATE } from "./documents.js";

const EVERY_MS = 700;

/** Calls `changed(state)` with the state of the upload into an envelope; returns a function that ends it. */
export function watchUpload(api, envelopeId, changed) {
  let isOver = false;
  const look = async () => {
    // Nobody misses a state that does not come: the upload itself has an answer.
    const data = await api.ask(UPLOAD_STATE, { envelopeId }).catch(() => null);
    const [upload] = data ? nodes(data.assetUploads) : [];
    if (upload && !isOver) changed(upload.state);
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}
