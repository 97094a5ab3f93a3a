// The events of a project as a list, the newest at the top, with switches for their kinds.

import { drawn, inOrder, keyedList } from "../page/keyed-list.js";
import { remember, remembered } from "../page/storage.js";
import { KINDS } from "./news.js";

const OFF = "live.off";
const time = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const by = (id) => document.getElementById(id);

/** Shows the news; returns a function to be called when there is something new. */
export function newsList(news) {
  const rows = keyedList(by("news"), ({ key }) => key, newsRow, inOrder);
  let frame = null;
  const show = () => {
    frame = null;
    const { shown } = news;
    rows(shown);
    by("no-news").hidden = shown.length > 0;
  };
  const soon = () => (frame ??= requestAnimationFrame(show));
  addSwitches(news, soon);
  return soon;
}

function addSwitches(news, changed) {
  const off = new Set(remembered(OFF)?.split(" ") ?? []);
  by("kinds").replaceChildren(...Object.entries(KINDS).map(([kind, { label }]) => chip(kind, label, !off.has(kind))));
  off.forEach((kind) => news.turn(kind, false));
  by("kinds").addEventListener("change", ({ target }) => {
    news.turn(target.value, target.checked);
    const inputs = [...by("kinds").querySelectorAll("input")];
    remember(OFF, inputs.filter(({ checked }) => !checked).map(({ value }) => value).join(" "));
    changed();
  });
}

function chip(value, words, checked) {
  const label = document.createElement("label");
  label.className = "chip";
  const input = Object.assign(document.createElement("input"), { type: "checkbox", value, checked });
  label.append(input, Object.assign(document.createElement("span"), { textContent: words }));
  return label;
}

function newsRow({ at, kind, words, isMarked }) {
  const element = drawn("news-row");
  element.dataset.kind = kind;
  element.classList.toggle("event-marked", isMarked);
  const when = element.querySelector("time");
  Object.assign(when, { dateTime: at, textContent: time.format(new Date(at)) });
  element.querySelector(".event-words").textContent = words;
  return { element, update: () => {} };
}
