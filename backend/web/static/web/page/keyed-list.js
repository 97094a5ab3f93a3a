// A list on the page that is kept in step with a list of things.

/** Each row stands where it came in. */
const atTheEnd = (list, element) => element.isConnected || list.append(element);

/** Each row stands where its thing does. */
export function inOrder(list, element, index) {
  const there = list.children[index] ?? null;
  if (there !== element) list.insertBefore(element, there);
}

/**
 * A function of things: each has the row that `makeRow(thing)` once made for its key, {element, update(thing)} and,
 * if something is to be done at its end, `release()`. Rows stay the same elements while their thing is there, so that
 * meters glide and nothing is read out twice.
 */
export function keyedList(list, keyOf, makeRow, place = atTheEnd) {
  const rows = new Map();
  return (things) => {
    const keys = new Set(things.map(keyOf));
    for (const [key, row] of rows) {
      if (keys.has(key)) continue;
      row.element.remove();
      row.release?.();
      rows.delete(key);
    }
    things.forEach((thing, index) => {
      const key = keyOf(thing);
      if (!rows.has(key)) rows.set(key, makeRow(thing));
      place(list, rows.get(key).element, index);
      rows.get(key).update(thing);
    });
  };
}

/** The element of a template, new. */
export const drawn = (id) => document.getElementById(id).content.cloneNode(true).firstElementChild;
