// The state of the page as one sentence for a person.

const PHASES = {
  loading: "Loading the map…",
  idle: "Press play, then drag the headphones over the map.",
  opening: "Opening your stream…",
  stopped: "Stopped. Press play to listen again.",
  IDLE: "The stream was closed because nobody listened to it. Press play to start again.",
  CLOSED: "The stream was closed. Press play to start again.",
};

const SOUNDS = {
  silent: "Press play to listen.",
  starting: "Waiting for the first sound…",
  playing: "Playing. The sound follows the headphones, two seconds behind.",
  blocked: "Your browser blocked the sound. Press play once more.",
};

/** From {phase, sound, retryInMs, link, outOfRange, problem} to a sentence, the most pressing matter first. */
export function sentence({ phase, sound, retryInMs, link, outOfRange, problem }) {
  if (problem) return problem;
  if (phase !== "open") return PHASES[phase] ?? PHASES.CLOSED;
  if (sound === "waiting") return interrupted(retryInMs);
  if (outOfRange) return outOfRange;
  if (sound === "playing" && link === "lost") return "Playing. Live updates are interrupted; connecting again…";
  return SOUNDS[sound];
}

function interrupted(retryInMs) {
  if (retryInMs === undefined) return "Waiting for more sound…";
  const seconds = Math.ceil(retryInMs / 1000);
  return `The sound was interrupted. Trying again in ${seconds} second${seconds === 1 ? "" : "s"}.`;
}

/** Why the browser does not give a position, from a GeolocationPositionError or null where there is none. */
export function positionSentence(error) {
  if (!error) return "This browser gives its position only to https pages. Drag the headphones instead.";
  if (error.code === 1) return "You did not allow this page to know your position. Drag the headphones instead.";
  return "Your position cannot be found just now. Drag the headphones instead.";
}
