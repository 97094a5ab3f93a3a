// A speaker's zone: a shape whose colour grows from its boundary to its attenuation border, as its sound does.

const STEPS = 14;
const QUIET = 0.22;
const LOUD = 0.6;
// A zone larger than this on the screen is painted coarser: it is a soft gradient anyway.
const LARGEST_PX = 1600;

/** The rings of a GeoJSON polygon, multipolygon or lines, as [lng, lat] points. */
export function rings(geometry) {
  if (!geometry) return [];
  const { type, coordinates } = geometry;
  if (type === "LineString") return [coordinates];
  return type === "MultiPolygon" ? coordinates.flat() : coordinates;
}

// Leaflet's own hook for drawing one path on a canvas (1.9.4); the outline stays Leaflet's.
export const Zone = L.Polygon.extend({
  options: { weight: 1.5, fillOpacity: 0.001, gain: 0, fadeMetres: 0, smoothFactor: 0, noClip: true },

  _updatePath() {
    if (this._parts.length) this._paintFade(this._renderer._ctx);
    L.Polygon.prototype._updatePath.call(this);
  },

  _paintFade(context) {
    const shape = this._outline();
    context.save();
    context.clip(shape, "evenodd");
    context.globalAlpha = QUIET + (LOUD - QUIET) * Math.min(1, this.options.gain);
    const tint = this._tint(shape);
    context.drawImage(tint.canvas, tint.x, tint.y, tint.width, tint.height);
    context.restore();
  },

  _outline() {
    const path = new Path2D();
    for (const part of this._parts) {
      part.forEach(({ x, y }, index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
      path.closePath();
    }
    return path;
  },

  // The faded colour on a canvas of its own, kept until the zoom or the colours change.
  _tint(shape) {
    const { min, max } = this._pxBounds;
    const key = [this._map.getZoom(), this._map.getPixelOrigin(), this.options.color, min, max].join();
    if (this._painted?.key !== key) this._painted = { key, ...this._paint(shape, min, max.subtract(min)) };
    return this._painted;
  },

  _paint(shape, { x, y }, size) {
    const scale = Math.min(L.Browser.retina ? 2 : 1, LARGEST_PX / Math.max(size.x, size.y));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(size.x * scale);
    canvas.height = Math.ceil(size.y * scale);
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, -x * scale, -y * scale);
    context.fillStyle = this.options.color;
    context.fill(shape, "evenodd");
    this._wearOff(context, shape);
    return { canvas, x, y, width: size.x, height: size.y };
  },

  // A stroke along the boundary reaches half its width inwards: each takes one step of colour away.
  _wearOff(context, shape) {
    const reach = this._pixels(this.options.fadeMetres);
    context.globalCompositeOperation = "destination-out";
    context.lineJoin = "round";
    for (let step = 1; step <= STEPS && reach > 1; step++) {
      context.globalAlpha = 1 / (STEPS - step + 2);
      context.lineWidth = 2 * reach * (1 - (step - 1) / STEPS);
      context.stroke(shape);
    }
  },

  _pixels(metres) {
    const [south, north] = [this.getBounds().getSouthWest(), this.getBounds().getNorthWest()];
    const high = this._map.latLngToLayerPoint(south).y - this._map.latLngToLayerPoint(north).y;
    return (metres * high) / south.distanceTo(north);
  },
});
