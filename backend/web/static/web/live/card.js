// A contribution as a card: what it says and looks like, who left it, and the buttons to decide.

import { NO_PEAKS, waveform } from "../drawing/waveform.js";
import { clock } from "../page/clock.js";
import { drawn } from "../page/keyed-list.js";
import { ago, nameOf } from "./words.js";

/** A row for a keyed list; `act(verb, asset)` when a button of it is pressed or it is chosen with the mouse. */
export function card(asset, act) {
  const element = drawn("card");
  const part = (selector) => element.querySelector(selector);
  const picture = waveform(part("canvas"));
  let shown = asset;
  let text = null;
  const show = () => {
    part(".card-words").textContent = text || shown.description || "Nothing is written with it.";
    part(".card-facts").textContent = facts(shown);
    nameButtons(part, shown);
  };

  element.addEventListener("click", ({ target }) => {
    const verb = target.closest("[data-verb]")?.dataset.verb ?? (target.closest(".card-play") ? "play" : "choose");
    act(verb, shown);
  });
  dress(part, asset);
  picture.show(peaksOf(asset));
  if (asset.mediaType === "TEXT" && asset.file) {
    read(asset.file.url).then((words) => {
      text = words;
      show();
    });
  }

  return {
    element,
    update(next) {
      shown = next;
      show();
    },
    play(isPlaying, share) {
      part(".card-play").setAttribute("aria-pressed", isPlaying);
      picture.play(share);
    },
    release: picture.release,
  };
}

function nameButtons(part, asset) {
  const name = nameOf(asset);
  for (const [selector, verb] of [[".card-play", "Play"], ["[data-verb=approve]", "Approve"], ["[data-verb=reject]", "Reject"]]) {
    part(selector).setAttribute("aria-label", `${verb} ${name}`);
  }
}

function dress(part, asset) {
  const { mediaType, file } = asset;
  part(".card-sound").hidden = mediaType !== "AUDIO";
  if (mediaType === "PHOTO" && file) {
    Object.assign(part(".card-picture"), { src: file.url, alt: asset.description || "A photo", hidden: false });
  }
}

// A text is its own description.
async function read(url) {
  const response = await fetch(url, { credentials: "omit" }).catch(() => null);
  return response?.ok ? response.text() : null;
}

function facts({ durationSeconds, user, createdAt, latitude }) {
  const parts = [
    durationSeconds === null ? null : clock(durationSeconds),
    ago(createdAt, Date.now()),
    user && `by ${user.username}`,
    latitude === null ? "without a place" : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** The height of each bar of a picture, as a share of the highest. */
export function peaksOf({ waveform: measured }) {
  if (!measured?.maxima.length) return NO_PEAKS;
  const levels = measured.maxima.map((most, index) => Math.max(most, -measured.minima[index]));
  const highest = Math.max(...levels);
  return highest ? levels.map((level) => level / highest) : levels;
}
