// How a project is at one moment: what is asked before its changes are followed.

import { Refused } from "../server/api.js";
import { PROJECT, UNPUBLISHED, WHO } from "./documents.js";
import { isWaiting } from "./queue.js";

const MOST_WAITING = 200;
const LOGGED_OUT = { code: "NOT_AUTHENTICATED", message: "You are logged out." };
const GONE = { code: "NOT_FOUND", message: "This project does not exist any more." };

/** The project with its `eventCursor`, and what waits for a decision: {project, waiting, isAll}. Throws Refused. */
export async function snapshot(api, projectId) {
  const project = known(await api.ask(PROJECT, { id: projectId }));
  return { project, ...(await unpublished(api, projectId)) };
}

/** Throws Refused when the server no longer knows who asks. */
export async function stillKnown(api, projectId) {
  known(await api.ask(WHO, { project: projectId }));
}

function known({ viewer, project }) {
  if (!viewer) throw new Refused(LOGGED_OUT);
  if (!project) throw new Refused(GONE);
  return project;
}

// What was rejected is not public either, and may be much.
async function unpublished(api, project) {
  const waiting = [];
  let after = null;
  do {
    const { assets } = await api.ask(UNPUBLISHED, { project, after });
    waiting.push(...assets.nodes.filter(isWaiting));
    after = assets.pageInfo.hasNextPage ? assets.pageInfo.endCursor : null;
  } while (after && waiting.length < MOST_WAITING);
  return { waiting, isAll: after === null };
}
