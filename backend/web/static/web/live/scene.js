// The map with those who listen: who is where, who is chosen, and what the chosen one hears.

import { drawProject, keepInView, speakersOf } from "../map/project-map.js";
import { nodes } from "../server/nodes.js";
import { Crowd } from "./crowd.js";
import { ListenerDots } from "./listener-dots.js";
import { Presence } from "./presence.js";
import { spot } from "./spot.js";

// All zones are to be seen, even where streets then have no names.
const LEAST_ZOOM = 12;

export class Scene {
  presence = new Presence();
  #basemapUrl;
  #drawn = null;
  #zonesWritten = "";
  #chosenId = null;
  #frame = null;

  constructor(basemapUrl) {
    this.#basemapUrl = basemapUrl;
    document.addEventListener("keydown", ({ key, target }) => {
      if (key === "Escape" && !target.closest("dialog")) this.#choose(null);
    });
  }

  /** Draws a project, or what of it has changed since. */
  draw(project) {
    if (!this.#drawn) {
      this.#drawn = this.#furnish(project);
      return;
    }
    this.#drawn.dots.fill(nodes(project.assets).filter(isHeard));
    this.zone(project);
  }

  /** Draws the zones of a project, if one of them has changed. */
  zone(project) {
    const speakers = speakersOf(project);
    const written = JSON.stringify(speakers);
    if (written === this.#zonesWritten) return;
    this.#zonesWritten = written;
    this.#drawn.zones.fill(speakers);
    this.#show();
  }

  #furnish(project) {
    this.#zonesWritten = JSON.stringify(speakersOf(project));
    const drawn = drawProject(project, this.#basemapUrl, LEAST_ZOOM);
    keepInView(drawn, LEAST_ZOOM);
    const { map, zones, dots } = drawn;
    const choose = (streamId) => this.#choose(streamId === this.#chosenId ? null : streamId);
    const listeners = new ListenerDots(map, { renderer: dots.renderer, choose });
    const crowd = new Crowd({ choose, named: zones.named });
    return { map, zones, dots, listeners, crowd, look: spot(map) };
  }

  /** Takes one event of the subscription to what becomes of assets. */
  change({ __typename, asset, assetId }) {
    if (__typename === "AssetRemoved") this.#drawn.dots.remove(assetId);
    else if (asset && isHeard(asset)) this.#drawn.dots.add(asset);
  }

  /** Takes one update of who listens. */
  present(update) {
    this.presence.take(update);
    this.#frame ??= requestAnimationFrame(() => this.#show());
  }

  /** Shows where a contribution belongs; null: nowhere. */
  look(asset) {
    this.#drawn?.look(asset);
  }

  /** Tells anew how long the chosen one has heard what it hears. */
  tell() {
    this.#drawn?.crowd.tell(this.#chosen);
  }

  get map() {
    return this.#drawn?.map ?? null;
  }

  /** Where a listener is drawn now; null where none is. */
  at(streamId) {
    return this.#drawn?.listeners.at(streamId) ?? null;
  }

  get #chosen() {
    return this.presence.get(this.#chosenId);
  }

  #choose(streamId) {
    this.#chosenId = streamId;
    this.#show();
  }

  #show() {
    this.#frame = null;
    if (!this.#drawn) return;
    const { zones, dots, listeners, crowd } = this.#drawn;
    const everybody = this.presence.listeners;
    const chosen = this.#chosen;
    const gains = new Map(chosen?.gains.map(({ speakerId, gain }) => [speakerId, gain]));
    listeners.show(everybody, chosen?.streamId ?? null);
    crowd.show(everybody, chosen);
    zones.glow((speakerId) => gains.get(speakerId) ?? 0);
    dots.ring(new Set((chosen ? [chosen] : everybody).flatMap(({ playing }) => playing.map(({ assetId }) => assetId))));
  }
}

const isHeard = ({ mediaType }) => mediaType === "AUDIO";
