// The recording booth: from a click on "Record" to a sound on the map, one step at a time.

import { clock } from "../page/clock.js";
import { groupsFor } from "../player/tags.js";
import { nodes } from "../server/nodes.js";
import { agree, hasAgreed } from "./agreement.js";
import { Draft } from "./draft.js";
import { kept } from "./keep.js";
import { watchLevel } from "./level.js";
import { obstacle } from "./microphone.js";
import { makePin } from "./pin.js";
import { Preview } from "./preview.js";
import { letGo, openMicrophone, record } from "./recorder.js";
import { fault } from "./samples.js";
import * as sentences from "./sentences.js";
import { Steps } from "./steps.js";
import { showSubjects } from "./subjects.js";

const by = (id) => document.getElementById(id);

export class Booth {
  #draft = null;
  #recording = null;
  #upload = null;
  #afterAgreement = null;

  /**
   * `where()` is the place of the headphones, `isPlaying()` whether a stream is heard; `hush(isHushed)` silences it,
   * and `added(asset)` is called for what has been uploaded.
   */
  constructor(project, { session, map, where, isPlaying, hush, added }) {
    Object.assign(this, { project, session, where, isPlaying, hush, added });
    this.longestSeconds = project.maxRecordingSeconds;
    this.steps = new Steps(by("booth"), by("booth-status"));
    this.pin = makePin(map);
    this.subjects = showSubjects(by("subjects"), groupsFor("SPEAK", nodes(project.uiGroups)));
    const elements = { button: by("preview"), canvas: by("waveform"), time: by("preview-time") };
    this.preview = new Preview(elements, {
      playing: hush,
      failed: () => this.steps.say("This browser cannot play it. The server may still be able to read it."),
    });
    this.#wire();
  }

  /** Shows what is possible here, and a recording that was left unsent. */
  async open() {
    const inTheWay = obstacle(this.project);
    by("record").hidden = by("again").hidden = by("another").hidden = inTheWay !== null;
    by("choose").hidden = inTheWay === "SILENT_PLACE";
    by("agreement-text").textContent = this.project.legalAgreement ?? "";
    by("longest").textContent = `of ${clock(this.longestSeconds)}`;
    this.invitation = sentences.OBSTACLES[inTheWay] ?? sentences.invitation(this.longestSeconds);
    this.steps.show("closed", this.invitation, { isQuiet: true });
    by("booth").hidden = false;
    const left = inTheWay === "SILENT_PLACE" ? null : await kept(this.session.projectId);
    if (left && this.steps.now === "closed") this.#review(left, sentences.UNSENT, { isQuiet: true });
  }

  #wire() {
    const on = (id, act, event = "click") => by(id).addEventListener(event, act);
    const submitted = (act) => (event) => {
      event.preventDefault();
      act();
    };
    on("record", () => this.#agreed(() => this.#listen()));
    on("chosen-file", ({ target }) => this.#chosen(target), "change");
    on("agreement", submitted(() => this.#agree()), "submit");
    on("finish", () => this.#recording.stop());
    on("here", () => this.#place(this.where()));
    on("again", () => this.#listen());
    on("contribution", submitted(() => this.#send()), "submit");
    on("halt", () => this.#upload.abort());
    on("another", () => this.#listen());
    for (const button of by("booth").querySelectorAll("[data-leave]")) {
      button.addEventListener("click", () => this.#leave());
    }
    on("stored", () => this.hush(true), "play");
    for (const event of ["pause", "ended"]) on("stored", () => this.hush(false), event);
    addEventListener("beforeunload", (event) => this.#wouldLose() && event.preventDefault());
  }

  #wouldLose() {
    return this.steps.now === "recording" || this.steps.now === "sending" || this.#draft?.isKept === false;
  }

  #agreed(next) {
    if (hasAgreed(this.session.projectId, this.project.legalAgreement)) return next();
    this.#afterAgreement = next;
    this.steps.show("agreement", "Please read this first.");
  }

  #agree() {
    agree(this.session.projectId, this.project.legalAgreement);
    this.#afterAgreement();
  }

  #chosen(input) {
    const [file] = input.files;
    // So that the same file can be chosen again.
    input.value = "";
    const take = () => ({ blob: file, name: file.name, seconds: 0, place: this.where() });
    if (file) this.#agreed(() => this.#review(take()));
  }

  async #listen() {
    this.steps.show("asking", "Your browser asks whether this page may hear the microphone.");
    try {
      const stream = await openMicrophone();
      if (this.steps.now === "asking") await this.#record(stream);
      else letGo(stream);
    } catch (error) {
      if (this.steps.now === "asking") this.#back(sentences.microphoneSentence(error));
    }
  }

  async #record(stream) {
    this.#forget();
    const place = this.where();
    this.pin.put(place);
    this.hush(true);
    this.#recording = record(stream, this.longestSeconds);
    this.steps.show("recording", sentences.recordingSentence(null, this.longestSeconds));
    const unwatch = watchLevel(stream, by("level"), (peak) => this.#tell(this.#recording.seconds(), peak));
    const take = await this.#recording.taken;
    unwatch();
    this.hush(false);
    if (!take) return this.#close();
    if (!take.blob.size) return this.#close("Nothing was recorded. Try it once more.");
    this.#review({ ...take, place });
  }

  #tell(seconds, peak) {
    by("elapsed").textContent = clock(Math.floor(seconds));
    by("elapsed-bar").style.setProperty("--left", Math.min(1, seconds / this.longestSeconds));
    this.steps.say(sentences.recordingSentence(fault(peak, seconds), this.longestSeconds));
  }

  async #review(take, words = "Listen to it, then upload it.", options = {}) {
    this.#draft = new Draft(this.session, take);
    this.pin.put(take.place);
    if (take.tagIds) this.subjects.choose(take.tagIds);
    by("words").value = take.description ?? by("words").value;
    this.#offer("Upload");
    this.steps.show("review", words, options);
    const seconds = await this.preview.show(take);
    if (seconds > this.longestSeconds + 1 && this.steps.now === "review") this.#refused({ code: "AUDIO_TOO_LONG" });
  }

  #place(place) {
    this.#draft.change({ place });
    this.pin.put(place);
  }

  async #send() {
    const question = this.subjects.unanswered();
    if (question) return this.#ask(question);
    this.#draft.change({ tagIds: this.subjects.chosen(), description: by("words").value.trim() });
    this.preview.pause();
    this.#upload = new AbortController();
    this.#sent(0);
    const sent = (...progress) => this.#sent(...progress);
    await this.#draft.send({ sent, signal: this.#upload.signal }).then(
      (asset) => this.#thank(asset),
      (error) => this.#refused(error),
    );
  }

  #ask({ words, input }) {
    this.steps.say(`Please choose: ${words}`);
    input.focus();
  }

  #sent(share, state) {
    by("sent-share").style.setProperty("--left", share);
    by("sent-share").setAttribute("aria-valuenow", Math.round(share * 100));
    this.steps.show("sending", sentences.sendingSentence(share, state));
  }

  #refused(error) {
    this.#offer("Try again", sentences.mayBeTriedAgain(error));
    this.steps.show("review", sentences.refusalSentence(error, this.longestSeconds));
  }

  #offer(label, isPossible = true) {
    by("send").textContent = label;
    by("send").disabled = !isPossible;
  }

  #thank(asset) {
    const isInStream = this.isPlaying() && this.#draft.isOfThisVisit;
    this.#forget();
    by("words").value = "";
    if (!asset) return this.#close(sentences.GONE);
    this.added(asset);
    by("stored").src = asset.file?.url ?? "";
    this.steps.show("sent", sentences.thanks(asset, isInStream));
  }

  #leave() {
    if (this.steps.now === "recording") return this.#recording.cancel();
    if (this.steps.now === "asking") return this.#back();
    this.#forget();
    this.#close();
  }

  // Where there is a recording already, another that did not come about does not cost it.
  #back(words) {
    if (this.#draft) this.steps.show("review", words ?? sentences.UNSENT);
    else this.#close(words);
  }

  #close(words = this.invitation) {
    this.pin.remove();
    by("stored").pause();
    this.steps.show("closed", words);
  }

  #forget() {
    this.preview.clear();
    this.pin.remove();
    this.#draft?.drop();
    this.#draft = null;
  }
}
