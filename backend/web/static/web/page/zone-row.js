// A zone in a list, with a bar for how loud it is heard.

import { drawn } from "./keyed-list.js";

/** A row for {code, colour}; `update({gain})` shows how loud it is, linear. */
export function zoneRow({ code, colour }) {
  const element = drawn("zone-row");
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
