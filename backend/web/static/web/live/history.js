// The last minutes of a figure, a value a second; it never grows. No page here.

export class History {
  /** `seconds` of it, at the rate at which `push` is called: once a second. */
  constructor(seconds, nowSeconds) {
    this.seconds = seconds;
    this.times = Array.from({ length: seconds }, (_, index) => nowSeconds - seconds + index);
    this.values = new Array(seconds).fill(null);
  }

  /** The value now, null where it is not known. */
  push(nowSeconds, value) {
    this.times.shift();
    this.values.shift();
    this.times.push(nowSeconds);
    this.values.push(value);
  }

  get highest() {
    return this.values.reduce((highest, value) => Math.max(highest, value ?? 0), 0);
  }
}
