// What happens as sentences for people.

import { nameOfListener } from "./presence.js";

const MOST_LETTERS = 90;
const NAMELESS = { AUDIO: "a recording", PHOTO: "a photo", TEXT: "a text", VIDEO: "a film" };
const ENDS = {
  CLOSED: "stopped listening.",
  IDLE: "is gone: the sound was no longer fetched.",
};

/** A contribution in a few words: what its maker wrote, or what kind it is. */
export function nameOf(asset) {
  if (!asset?.description) return NAMELESS[asset?.mediaType] ?? "something";
  const words = asset.description.replace(/\s+/g, " ").trim();
  return `“${words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS - 1).trimEnd()}…` : words}”`;
}

const listener = ({ streamId }) => nameOfListener(streamId);
const isHeard = ({ asset }) => (asset.submitted ? "others can hear it" : "others cannot hear it");

const SENTENCES = {
  StreamOpened: (event) => `${listener(event)} began to listen.`,
  StreamClosed: (event) => `${listener(event)} ${ENDS[event.reason] ?? ENDS.CLOSED}`,
  StreamPaused: (event) => `${listener(event)} paused.`,
  StreamResumed: (event) => `${listener(event)} listens again.`,
  RangeLeft: (event) => `${listener(event)} walked out of range.`,
  RangeEntered: (event) => `${listener(event)} is back in range.`,
  AssetStarted: (event) => `${listener(event)} hears ${nameOf(event.asset)}.`,
  AssetEnded: (event) => `${listener(event)} has heard ${nameOf(event.asset)}.`,
  AssetAdded: ({ asset }) => `New, ${asset?.submitted ? "and heard at once" : "to review"}: ${nameOf(asset)}.`,
  AssetChanged: (event) => `${nameOf(event.asset)} was changed: ${event.asset ? isHeard(event) : "it is not yours to see"}.`,
  AssetRemoved: () => "A contribution was removed.",
  SoundscapeChanged: () => "The zones, tracks or recordings were edited.",
};

// A name may end a sentence by itself.
const ended = (words) => words.replace(/([.!?…]”)\.$/, "$1");
const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** The sentence of an event; one of a kind that is not known is named. */
export const sentence = (event) => capital(ended(SENTENCES[event.__typename]?.(event) ?? `${event.__typename}.`));

const RELATIVE = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [Infinity, 86_400, "day"],
];

/** How long ago a time was: "3 minutes ago". */
export function ago(iso, now) {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const [, size, unit] = RELATIVE.find(([below]) => seconds < below);
  const count = Math.floor(seconds / size);
  if (unit === "second") return "just now";
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
