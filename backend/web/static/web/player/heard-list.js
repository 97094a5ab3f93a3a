// "Heard now": the zones with their loudness and the recordings with the time they have left.

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

// Rows stay the same elements while their thing is heard, so that meters glide and nothing is read out twice.
function keyedList(list, keyOf, makeRow) {
  const rows = new Map();
  return (things) => {
    const keys = new Set(things.map(keyOf));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      rows.delete(key);
    }
    for (const thing of things) {
      const key = keyOf(thing);
      if (!rows.has(key)) {
        rows.set(key, makeRow(thing));
        list.append(rows.get(key).element);
      }
      rows.get(key).update(thing);
    }
  };
}

function zoneRow({ code, colour }) {
  const element = document.getElementById("zone-row").content.cloneNode(true).firstElementChild;
  const meter = element.querySelector("[role=meter]");
  element.querySelector(".row-title").textContent = code;
  element.style.setProperty("--zone", colour);
  meter.setAttribute("aria-label", `Loudness of ${code}`);
  const update = ({ gain }) => {
    const percent = Math.round(Math.min(1, gain) * 100);
    element.style.setProperty("--gain", Math.min(1, gain));
    meter.setAttribute("aria-valuenow", percent);
    element.querySelector(".row-figure").textContent = `${percent} %`;
  };
  return { element, update };
}

function clipRow({ asset }) {
  const element = document.getElementById("clip-row").content.cloneNode(true).firstElementChild;
  element.querySelector(".row-title").textContent = asset?.description || "A recording";
  const update = ({ secondsLeft, plannedSeconds }) => {
    element.style.setProperty("--left", plannedSeconds ? secondsLeft / plannedSeconds : 0);
    element.querySelector(".row-figure").textContent = clock(secondsLeft);
  };
  return { element, update };
}

/** Seconds as people write them: 1:05. */
export function clock(seconds) {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
