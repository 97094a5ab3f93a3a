// How long to wait before trying again: doubling, with a random part so that many clients do not return as one.

const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** Milliseconds before try number `attempt` (0 is the first), at least half of the full step. */
export function waitMs(attempt, random = Math.random) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
