// "Heard now": the zones with their loudness and the recordings with the time they have left.

import { clock } from "../page/clock.js";
import { drawn, keyedList } from "../page/keyed-list.js";
import { zoneRow } from "../page/zone-row.js";

/** Keeps two lists in step with what is heard; `named(speakerId)` gives the {code, colour} of a zone. */
export function heardList({ zoneList, clipList, silence }, named) {
  const zones = keyedList(zoneList, ({ speakerId }) => speakerId, zoneRow);
  const clips = keyedList(clipList, ({ playId }) => playId, clipRow);
  return function show({ speakers, plays }) {
    zones(speakers.map((speaker) => ({ ...speaker, ...named(speaker.speakerId) })));
    clips(plays);
    silence.hidden = speakers.length + plays.length > 0;
  };
}

function clipRow({ asset }) {
  const element = drawn("clip-row");
  element.querySelector(".row-title").textContent = asset?.description || "A recording";
  const update = ({ secondsLeft, plannedSeconds }) => {
    element.style.setProperty("--left", plannedSeconds ? secondsLeft / plannedSeconds : 0);
    element.querySelector(".row-figure").textContent = clock(secondsLeft);
  };
  return { element, update };
}
