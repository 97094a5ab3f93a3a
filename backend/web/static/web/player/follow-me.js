// "Use my position": the headphones follow the phone until a person moves them.

import { positionSentence } from "./sentences.js";

const OPTIONS = { enableHighAccuracy: true, maximumAge: 2000, timeout: 20_000 };

/** Makes the button a switch; `found({lat, lng})` gets positions, `failed(sentence)` the reason there is none. */
export function followMe(button, { found, failed }) {
  let watch = null;

  const stop = () => {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
    button.setAttribute("aria-pressed", "false");
  };
  const give = (reason) => {
    stop();
    failed(positionSentence(reason));
  };
  const start = () => {
    if (!window.isSecureContext || !navigator.geolocation) return give(null);
    button.setAttribute("aria-pressed", "true");
    watch = navigator.geolocation.watchPosition(
      ({ coords }) => watch !== null && found({ lat: coords.latitude, lng: coords.longitude }),
      give,
      OPTIONS,
    );
  };
  button.addEventListener("click", () => (watch === null ? start() : stop()));
  return { stop };
}
