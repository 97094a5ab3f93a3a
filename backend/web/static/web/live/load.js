// How busy the engines are, by what they report once a second. No page here.

const SILENT_MS = 5_000;

export class Load {
  #reports = new Map();

  take({ engineId, load }, nowMs) {
    this.#reports.set(engineId, { load, nowMs });
  }

  /** The load of the busiest engine that reported of late, 1 for all of its time; null where none did. */
  busiest(nowMs) {
    for (const [id, report] of this.#reports) if (nowMs - report.nowMs > SILENT_MS) this.#reports.delete(id);
    const loads = [...this.#reports.values()].map(({ load }) => load);
    return loads.length ? Math.max(...loads) : null;
  }
}
