// The listening page: puts the map, the controls, the sound and the visit together.

import { drawProject } from "../map/project-map.js";
import { Booth } from "../recording/booth.js";
import { Api } from "../server/api.js";
import { nodes } from "../server/nodes.js";
import { socketUrl } from "../server/socket.js";
import { byToken } from "../server/who.js";
import { signedIn, token } from "./account.js";
import { PROJECT } from "./documents.js";
import { followMe } from "./follow-me.js";
import { addHeadphones } from "./headphones.js";
import { heardList } from "./heard-list.js";
import { Session } from "./session.js";
import { Sound } from "./sound.js";
import { spectrum } from "./spectrum.js";
import { groupsFor, showTags } from "./tags.js";
import { set, state } from "./transport.js";
import { Visit } from "./visit.js";

const { projectId, graphqlUrl, basemapUrl } = document.body.dataset;
const LISTS_EVERY_MS = 500;
const by = (id) => document.getElementById(id);
const api = new Api(graphqlUrl, byToken(token));
const session = new Session(api, projectId);

function makeSound(lost) {
  const sound = new Sound(by("audio"), {
    changed: (name, retryInMs) => {
      set({ sound: name, retryInMs });
      if (name === "playing") bars();
    },
    lost,
  });
  const bars = spectrum(by("spectrum"), { analyser: () => sound.analyser, isOn: () => state.sound === "playing" });
  return sound;
}

function furnish(project) {
  const { map, start, zones, dots } = drawProject(project, basemapUrl);
  const headphones = addHeadphones(map, start, (place) => {
    me.stop();
    set({ problem: null });
    visit.listener.move(place);
  });
  const me = followMe(by("follow"), {
    found: (place) => {
      headphones.put(place);
      visit.listener.move(place);
    },
    failed: (problem) => set({ problem }),
  });
  const groups = groupsFor("LISTEN", nodes(project.uiGroups));
  by("wishes").hidden = groups.length === 0;
  const wishes = showTags(by("tags"), groups, (tagIds) => visit.listener.filter(tagIds));
  const lists = heardList({ zoneList: by("zones"), clipList: by("clips"), silence: by("silence") }, zones.named);
  const show = (heard) => {
    lists(heard);
    zones.glow((speakerId) => heard.gain(speakerId));
    dots.ring(new Set(heard.plays.map(({ assetId }) => assetId)));
  };
  const sound = makeSound(() => state.phase === "open" && !state.outOfRange && visit.open());
  const where = () => headphones.place;
  const visit = new Visit(session, { socketUrl: socketUrl(graphqlUrl), sound, where, wishes, show, state, set });
  setInterval(() => visit.heard.plays.length && show(visit.heard), LISTS_EVERY_MS);
  return { map, zones, dots, headphones, sound, visit };
}

function openBooth(project, { map, dots, headphones, sound }) {
  const where = () => ({ lat: headphones.place.lat, lng: headphones.place.lng });
  const isPlaying = () => state.phase === "open" && !state.outOfRange;
  const hush = (isHushed) => (sound.isHushed = isHushed);
  new Booth(project, { session, map, where, isPlaying, hush, added: dots.add }).open();
}

function wire(project, { sound, visit }) {
  by("play").addEventListener("click", () => visit.toggle());
  by("skip").addEventListener("click", () => visit.listener.skip());
  by("volume").addEventListener("input", ({ target }) => (sound.volume = target.value / 100));
  if (!navigator.mediaSession) return;
  navigator.mediaSession.metadata = new MediaMetadata({ title: project.name, artist: "Earshot" });
  navigator.mediaSession.setActionHandler("play", () => state.phase === "open" || visit.toggle());
  navigator.mediaSession.setActionHandler("pause", () => visit.stop());
}

/** What the browser tests look at. */
function exhibit({ map, zones, headphones, sound }) {
  window.earshot = {
    state,
    map,
    zones: zones.zones,
    get analyser() {
      return sound.analyser;
    },
    get loudness() {
      return sound.loudness;
    },
    get place() {
      return headphones.place;
    },
  };
}

async function begin() {
  const { project } = await signedIn(api, () => api.ask(PROJECT, { id: projectId }));
  if (!project) throw new Error("This project does not exist, or it is not open to visitors.");
  by("description").textContent = project.description ?? "";
  by("legal").textContent = project.legalAgreement ?? "";
  const furniture = furnish(project);
  wire(project, furniture);
  exhibit(furniture);
  openBooth(project, furniture);
  // Ahead of the first stream, so that play has one question less to ask.
  session.id().catch(() => {});
  set({ phase: "idle" });
}

begin().catch((error) => set({ phase: "loading", problem: error.message }));
