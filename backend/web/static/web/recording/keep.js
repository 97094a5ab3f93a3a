// A recording that has not reached the server, kept in this browser over a reload: one a project.

const DATABASE = "earshot";
const STORE = "recordings";

/** Keeps {blob, …} in place of what was kept; false where this browser keeps nothing. */
export const keep = (projectId, take) =>
  request("readwrite", (store) => store.put(take, projectId)).then(() => true, () => false);

/** What is kept, or null. */
export const kept = (projectId) =>
  request("readonly", (store) => store.get(projectId)).then((take) => take ?? null, () => null);

export const forget = (projectId) => request("readwrite", (store) => store.delete(projectId)).catch(() => {});

async function request(mode, ask) {
  const database = await settled(open());
  try {
    return await settled(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function open() {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return opening;
}

function settled(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
