// The dashboard: puts the map, the crowd, the news, the review and the charts together, and keeps them live.

import { Api } from "../server/api.js";
import { socketUrl } from "../server/socket.js";
import { byLogin } from "../server/who.js";
import { chart, roundTop } from "./charts.js";
import { giveUp, isLive, showLink } from "./link.js";
import { Live } from "./live.js";
import { Load } from "./load.js";
import { News } from "./news.js";
import { newsList } from "./news-list.js";
import { Review } from "./review.js";
import { Scene } from "./scene.js";

const MOST_NEWS = 200;
const { projectId, graphqlUrl, basemapUrl } = document.body.dataset;
const by = (id) => document.getElementById(id);

const api = new Api(graphqlUrl, byLogin);
const load = new Load();
const news = new News(MOST_NEWS);
const showNews = newsList(news);
const scene = new Scene(basemapUrl);
const review = new Review(api, { chosen: (asset) => scene.look(asset), more: () => live.renew() });

const live = new Live({
  api,
  url: socketUrl(graphqlUrl),
  projectId,
  isStaff: by("chart-load") !== null,
  heard: {
    shown({ project, waiting, isAll }) {
      scene.draw(project);
      review.fill(waiting, isAll);
    },
    zoned: (project) => scene.zone(project),
    happened(event) {
      news.take(event);
      showNews();
    },
    changed(event) {
      scene.change(event);
      review.take(event);
    },
    present: (update) => scene.present(update),
    reported: (engine) => load.take(engine, Date.now()),
    gap(missed) {
      news.gap(missed, new Date().toISOString());
      showNews();
    },
    linked: showLink,
    ended: giveUp,
  },
});

function drawCharts() {
  const count = { write: String, top: roundTop };
  const percent = { write: (share) => `${Math.round(share * 100)} %`, top: (highest) => Math.max(1, highest) };
  const listening = chart(by("chart-listeners"), count);
  const streams = chart(by("chart-streams"), count);
  const busy = by("chart-load") && chart(by("chart-load"), percent);
  return function tick() {
    const known = (figure) => (isLive() ? figure : null);
    listening(known(scene.presence.hearing));
    streams(known(scene.presence.openStreams));
    busy?.(known(load.busiest(Date.now())));
    scene.tell();
  };
}

setInterval(drawCharts(), 1000);
live.begin();

/** What the browser tests look at. */
window.earshot = { scene };
