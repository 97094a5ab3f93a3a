// Whether the page hears what happens: said in a word, and in a sentence where a person must act.

const WORDS = { opening: "Connecting…", live: "Live", lost: "Reconnecting…", out: "Not connected" };
const by = (id) => document.getElementById(id);

/** Shows a state: opening, live, lost or out. */
export function showLink(state) {
  if (document.body.dataset.link === "out") return;
  document.body.dataset.link = state;
  if (by("link").textContent !== WORDS[state]) by("link").textContent = WORDS[state];
}

export const isLive = () => document.body.dataset.link === "live";

/** Says what is wrong and will not mend itself. */
export function giveUp(sentence) {
  showLink("out");
  by("problem").hidden = false;
  by("problem").querySelector("span").textContent = sentence;
}
