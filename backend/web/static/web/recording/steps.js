// The steps of a task that share one place on the page: one is shown, and one sentence tells of it.

export class Steps {
  now = null;

  /** Parts of `section` with data-on="step" are shown in that step. */
  constructor(section, status) {
    this.section = section;
    this.status = status;
  }

  /** Goes to a step and puts the focus on its first control, unless `isQuiet`: then a person is busy elsewhere. */
  show(step, words, { isQuiet = false } = {}) {
    this.say(words);
    if (step === this.now) return;
    this.now = step;
    this.section.dataset.step = step;
    for (const part of this.section.querySelectorAll("[data-on]")) part.hidden = part.dataset.on !== step;
    if (!isQuiet) this.#begin();
  }

  #begin() {
    const controls = this.section.querySelectorAll(`[data-on="${this.now}"] :is(button, input, [tabindex])`);
    [...controls].find((control) => !control.hidden)?.focus({ preventScroll: true });
    this.section.scrollIntoView({ block: "start" });
  }

  /** The sentence is read out when it is set, so it is set only when it is another. */
  say(words) {
    if (this.status.textContent !== words) this.status.textContent = words;
  }
}
