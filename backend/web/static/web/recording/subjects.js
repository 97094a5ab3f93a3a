// What a recording is about: the project's questions, answered by the person who made it.

import { chosenIn, fieldset } from "../player/tags.js";

/** Fills `box` with the groups; returns {chosen(), choose(tagIds), unanswered()}. */
export function showSubjects(box, groups) {
  box.replaceChildren(...groups.map(fieldset));
  box.addEventListener("change", () => unfold(box));
  unfold(box);
  return {
    chosen: () => [...box.querySelectorAll("input:checked")].map(({ value }) => value),
    choose(tagIds) {
      for (const input of box.querySelectorAll("input")) input.checked = tagIds.includes(input.value);
      unfold(box);
    },
    /** The first question that needs an answer and has none: {words, input}, or null. */
    unanswered() {
      const set = [...box.querySelectorAll("fieldset")].find((one) => isNeeded(one) && !chosenIn(one));
      return set ? { words: set.querySelector("legend").textContent, input: offered(set)[0] } : null;
    },
  };
}

const offered = (set) => [...set.querySelectorAll("input")].filter(({ disabled }) => !disabled);

function isNeeded(set) {
  const [first] = offered(set);
  return Boolean(first) && first.dataset.select !== "MULTI";
}

// An item with a parent is offered while its parent is chosen; a question without items is not asked.
function unfold(box) {
  const items = new Map([...box.querySelectorAll("input")].map((input) => [input.dataset.item, input]));
  const isOffered = ({ dataset: { parent } }) => !parent || (items.get(parent)?.checked && isOffered(items.get(parent)));
  for (const input of items.values()) {
    const isOut = !isOffered(input);
    input.disabled = input.closest("label").hidden = isOut;
    if (isOut) input.checked = false;
  }
  for (const set of box.querySelectorAll("fieldset")) set.hidden = offered(set).length === 0;
}
