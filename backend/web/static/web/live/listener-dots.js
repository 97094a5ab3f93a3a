// The listeners on the map: dots that glide, with a beam where they look.

import { ink, onSchemeChange } from "../drawing/palette.js";
import { Glide } from "./glide.js";

const GLIDE_MS = 200;
const BEAM_PX = 34;
const HALF_BEAM = Math.PI / 7;

const still = matchMedia("(prefers-reduced-motion: reduce)");

// Leaflet's own hooks for drawing one path on a canvas (1.9.4); the dot stays Leaflet's.
const ListenerDot = L.CircleMarker.extend({
  options: { radius: 7, weight: 2.5, fillOpacity: 1, heading: null },

  _updateBounds() {
    const reach = L.point(BEAM_PX, BEAM_PX).add([4, 4]);
    this._pxBounds = new L.Bounds(this._point.subtract(reach), this._point.add(reach));
  },

  _updatePath() {
    const context = this._renderer._ctx;
    if (this.options.heading !== null && !this._empty()) this._paintBeam(context);
    L.CircleMarker.prototype._updatePath.call(this);
  },

  _paintBeam(context) {
    const { x, y } = this._point;
    const towards = (this.options.heading * Math.PI) / 180 - Math.PI / 2;
    const fade = context.createRadialGradient(x, y, 4, x, y, BEAM_PX);
    fade.addColorStop(0, this.options.fillColor);
    fade.addColorStop(1, `${this.options.fillColor}00`);
    context.save();
    context.globalAlpha = 0.85;
    context.fillStyle = fade;
    context.beginPath();
    context.moveTo(x, y);
    context.arc(x, y, BEAM_PX, towards - HALF_BEAM, towards + HALF_BEAM);
    context.fill();
    context.restore();
  },
});

/** Dots on a canvas; `choose(streamId)` when one is clicked. */
export class ListenerDots {
  #dots = new Map();
  #glide = new Glide(still.matches ? 0 : GLIDE_MS);
  #chosenId = null;
  #frame = null;

  constructor(map, { renderer, choose }) {
    Object.assign(this, { map, renderer, choose });
    onSchemeChange(() => this.#dots.forEach((dot) => this.#dress(dot)));
  }

  /** Shows those who have a place; the others go. */
  show(listeners, chosenId) {
    this.#chosenId = chosenId;
    const placed = listeners.filter(({ latitude }) => latitude !== null);
    const ids = new Set(placed.map(({ streamId }) => streamId));
    for (const id of this.#dots.keys()) if (!ids.has(id)) this.#remove(id);
    placed.forEach((listener) => this.#put(listener));
    this.#frame ??= requestAnimationFrame(() => this.#move());
  }

  /** Where a listener is drawn now, {lat, lng, heading}; null where there is none. */
  at(streamId) {
    return this.#dots.has(streamId) ? this.#glide.at(streamId, performance.now()) : null;
  }

  #put(listener) {
    const { streamId, latitude, longitude, heading } = listener;
    const place = { lat: latitude, lng: longitude, heading: heading ?? null };
    if (!this.#dots.has(streamId)) this.#add(streamId, place);
    const dot = this.#dots.get(streamId);
    const { target } = dot;
    if (!target || target.lat !== place.lat || target.lng !== place.lng || target.heading !== place.heading) {
      this.#glide.send(streamId, place, performance.now());
    }
    this.#dress(Object.assign(dot, { listener, target: place }));
  }

  #add(streamId, place) {
    const dot = new ListenerDot(place, { renderer: this.renderer }).addTo(this.map);
    dot.on("click", () => this.choose(streamId));
    this.#dots.set(streamId, dot);
  }

  #remove(streamId) {
    this.#dots.get(streamId).remove();
    this.#dots.delete(streamId);
    this.#glide.forget(streamId);
  }

  #dress(dot) {
    const { streamId, isPaused, isOutOfRange } = dot.listener;
    const isChosen = streamId === this.#chosenId;
    const isQuiet = isPaused || isOutOfRange;
    dot.setStyle({
      color: ink(isChosen ? "ink" : "card"),
      fillColor: ink(isQuiet ? "ink-soft" : "accent"),
      weight: isChosen ? 4 : 2.5,
    });
    dot.setRadius(isChosen ? 9 : 7);
  }

  #move() {
    const now = performance.now();
    let isMoving = false;
    for (const [id, dot] of this.#dots) {
      const { lat, lng, heading } = this.#glide.at(id, now);
      dot.options.heading = heading;
      if (!dot.getLatLng().equals([lat, lng], 0)) dot.setLatLng([lat, lng]);
      isMoving ||= this.#glide.isMoving(id, now);
    }
    this.#frame = isMoving ? requestAnimationFrame(() => this.#move()) : null;
  }
}
