// What contributors agree to: asked once, and again when the words have changed.

import { remember, remembered } from "../page/storage.js";

const key = (projectId) => `agreed.${projectId}`;

export const hasAgreed = (projectId, text) => !text || remembered(key(projectId)) === text;

export const agree = (projectId, text) => remember(key(projectId), text);
