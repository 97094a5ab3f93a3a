// A visit with the published client: node visit.js WISHES, which are JSON; prints what happened as JSON.

"use strict";

const { readFileSync } = require("node:fs");

// What the client tells its developers.
for (const name of ["log", "info", "debug", "warn"]) console[name] = console.error;
const { settled } = require("./wire.js");
const { touch } = require("./page.js");
const { GeoListenMode, Roundware } = require("roundware-web-framework");

const wishes = JSON.parse(process.argv[2]);
const seen = {};
const faults = [];
process.on("unhandledRejection", (error) => faults.push(String(error.stack)));

const nap = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1000));

async function until(isSo, what) {
  for (let tries = 0; tries < wishes.patienceSeconds * 10; tries += 1) {
    if (isSo()) return;
    await nap(0.1);
  }
  throw new Error(`It did not come to this in ${wishes.patienceSeconds} s: ${what}`);
}

async function contribute(roundware, tagIds) {
  await roundware.events.logEvent("start_record");
  await roundware.events.logEvent("end_record");
  const envelope = await roundware.makeEnvelope();
  const recording = new Blob([readFileSync(wishes.recording)], { type: "audio/wav" });
  const words = new Blob(["Two waves a second."], { type: "text/plain" });
  // The template of the client's makers sends what belongs together at once.
  [seen.recording, seen.text] = await Promise.all([
    envelope.upload(recording, "recording.wav", { ...wishes.place, tag_ids: tagIds }),
    envelope.upload(words, "words.txt", { ...wishes.elsewhere, tag_ids: [], media_type: "text" }),
  ]);
  seen.envelope = await roundware.getEnvelope(seen.recording.envelope_ids[0]);
  seen.asset = await roundware.getAsset(seen.recording.id);
}

async function walk(events, tagIds) {
  await events.logEvent("location_update", wishes.place);
  await events.logEvent("filter_stream", { tag_ids: tagIds });
  await events.logEvent("share_map", { data: "https://page.example/listen?eid=1" });
}

/** Listens to the client's own mix, in which only the new recording is near, for a while. */
async function listen(roundware) {
  const { mixer } = roundware;
  mixer.updateParams({ listenTagIds: seen.listenTagIds });
  touch();
  // The client plays a moment of silence first, which tells it that it may sound.
  await nap(0.5);
  mixer.play();
  await until(() => roundware.currentlyPlayingAssets.length > 0, "the recording plays");
  seen.playing = roundware.currentlyPlayingAssets.map((asset) => asset.id);
  await nap(wishes.listenSeconds);
  roundware.pause();
}

const ids = (groups) => groups.map((group) => group.display_items.map((item) => item.tag_id));

async function visit() {
  const roundware = new Roundware(window, {
    serverUrl: wishes.serverUrl,
    projectId: wishes.projectId,
    deviceId: wishes.deviceId,
    listenerLocation: wishes.place,
    geoListenMode: GeoListenMode.MANUAL,
    speakerFilters: { activeyn: true },
    assetFilters: { submitted: true },
  });
  const { uiConfig } = await roundware.connect();
  seen.project = String(roundware.project);
  seen.pool = (await roundware.loadAssetPool()).map((asset) => asset.id);
  await roundware.activateMixer();
  seen.tagIds = ids(uiConfig.speak).map(([first]) => first);
  seen.listenTagIds = ids(uiConfig.listen).flat();
  await contribute(roundware, seen.tagIds);
  await roundware.vote(seen.recording.id, "like");
  await roundware.vote(seen.recording.id, "rate", 4);
  await walk(roundware.events, seen.tagIds);
  await listen(roundware);
  await roundware.user.updateUser({ first_name: "Aino", last_name: "Walker", email: wishes.email });
}

async function main() {
  try {
    await visit();
  } catch (error) {
    faults.push(String(error.stack));
  }
  process.stdout.write(JSON.stringify({ ...(await settled()), seen, faults }), () => process.exit());
}

main();
