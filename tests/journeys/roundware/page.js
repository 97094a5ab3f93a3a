// What a web page has and Node has not, as far as the client asks for it. Its sound is not heard, only followed.

"use strict";

const { load } = require("./wire.js");

// How long the sources of this page say that they are: longer than any visit.
const DURATION_SECONDS = 60;

class AudioParam {
  value = 0;

  setValueAtTime(value) {
    this.value = value;
    return this;
  }

  linearRampToValueAtTime(value) {
    return this.setValueAtTime(value);
  }

  exponentialRampToValueAtTime(value) {
    return this.setValueAtTime(value);
  }

  cancelScheduledValues() {
    return this;
  }
}

class AudioNode {
  gain = new AudioParam();
  pan = new AudioParam();

  connect(node) {
    return node;
  }

  disconnect() {}
}

class AudioContext {
  state = "running";
  destination = new AudioNode();

  get currentTime() {
    return performance.now() / 1000;
  }

  createGain() {
    return new AudioNode();
  }

  createStereoPanner() {
    return new AudioNode();
  }

  createMediaElementSource() {
    return new AudioNode();
  }

  async resume() {}

  async suspend() {}
}

/** An audio element: it fetches its source as a browser would, and then says that it plays. */
class Audio extends EventTarget {
  currentTime = 0;
  duration = DURATION_SECONDS;
  paused = true;
  #source = "";

  constructor(source = "") {
    super();
    if (source) this.src = source;
  }

  get src() {
    return this.#source;
  }

  set src(source) {
    this.#source = source;
    this.loaded = load(new URL(source, location)).then(
      () => this.#tell("loadedmetadata", "canplay", "canplaythrough"),
      () => this.#tell("error"),
    );
  }

  load() {}

  async play() {
    await this.loaded;
    if (this.paused) this.#tell("play", "playing");
    this.paused = false;
  }

  pause() {
    if (!this.paused) this.#tell("pause");
    this.paused = true;
  }

  #tell(...names) {
    for (const name of names) queueMicrotask(() => this.dispatchEvent(new Event(name)));
  }
}

class Storage {
  #items = new Map();

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, String(value));
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

const events = new EventTarget();
const page = {
  window: globalThis,
  location: new URL("http://page.example/listen"),
  navigator: { userAgent: "Earshot's stand-in for a browser" },
  document: { body: {}, cookie: "" },
  localStorage: new Storage(),
  Audio,
  addEventListener: events.addEventListener.bind(events),
  removeEventListener: events.removeEventListener.bind(events),
};
for (const [name, value] of Object.entries(page)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

// The client takes its AudioContext from this package, which refuses all but a browser's own.
const path = require.resolve("standardized-audio-context");
require.cache[path] = { id: path, filename: path, loaded: true, exports: { AudioContext } };

/** Browsers let a page sound when somebody has touched it. */
exports.touch = () => ["touchstart", "touchend"].forEach((name) => events.dispatchEvent(new Event(name)));
