// The tag switches: what a listener wants to hear, or what a recording is about, as the project offers it.

import { nodes } from "../server/nodes.js";

/** From a project's UI groups to those of one mode (LISTEN, SPEAK), with their active items: no page here. */
export function groupsFor(mode, uiGroups) {
  return uiGroups
    .filter(({ uiMode, isActive }) => isActive && uiMode === mode)
    .map((group) => ({ ...group, items: nodes(group.items).filter(({ isActive }) => isActive) }))
    .filter(({ items }) => items.length);
}

/** Fills `form` with a switch an item; `changed(tagIds)` after each choice. Returns a function for the choice now. */
export function showTags(form, groups, changed) {
  form.replaceChildren(...groups.map(fieldset));
  const chosen = () => [...form.querySelectorAll("input:checked")].map(({ value }) => value);
  form.addEventListener("change", ({ target }) => {
    // Such a group is never empty: its last switch stays on.
    if (target.dataset.select === "MIN_ONE" && !chosenIn(target.closest("fieldset"))) target.checked = true;
    changed(chosen());
  });
  for (const set of form.querySelectorAll("fieldset")) {
    const first = set.querySelector("input");
    if (first.dataset.select === "MIN_ONE" && !chosenIn(set)) first.checked = true;
  }
  return chosen;
}

export const chosenIn = (set) => set.querySelector("input:checked");

/** A group as a question with its items as switches, chosen as the project has it at first. */
export function fieldset(group) {
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = group.header || group.name;
  set.append(legend, ...group.items.map((item) => option(group, item)));
  return set;
}

function option({ id, select }, { id: item, tag, isDefault, parent }) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const type = select === "SINGLE" ? "radio" : "checkbox";
  Object.assign(input, { type, name: id, value: tag.id, checked: isDefault });
  Object.assign(input.dataset, { select, item, parent: parent?.id ?? "" });
  const text = document.createElement("span");
  text.textContent = tag.label;
  label.className = "chip";
  label.append(input, text);
  return label;
}
