/* Asking again until something is done: soon at first, then rarely, at once when the line is back,
   and not for ever. */
const FIRST_PAUSE = 1000, LONGEST_PAUSE = 10000, GIVE_UP = 360;

/** Milliseconds until it is asked again. */
export function pauseBefore(times) { return Math.min(LONGEST_PAUSE, FIRST_PAUSE + times * 250); }

/** What comes of an answer's status: "read" it, "stop" asking, or ask "again". */
export function verdict(status) {
  if (status >= 200 && status < 300) return "read";
  return [401, 403, 404, 409].includes(status) ? "stop" : "again";
}

export class Waiting {
  /** `ask` returns (a promise of) whether to ask again; `onGivenUp` is called after an hour. */
  constructor(ask, onGivenUp = () => {}, least = 0) {
    this.askOnce = ask;
    this.onGivenUp = onGivenUp;
    this.least = least;
    this.timer = null;
    this.asking = false;
    window.addEventListener("online", () => { this.hurry(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); });
    document.addEventListener("submit", () => { this.rest(); });
  }

  /** Begin, or begin again. */
  start() {
    this.times = 0;
    this.wait();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  wait() {
    this.stop();
    if (this.times >= GIVE_UP) {
      this.onGivenUp();
      return;
    }
    this.timer = setTimeout(() => { this.ask(); }, Math.max(this.least, pauseBefore(this.times)));
    this.times += 1;
  }

  /** Leave a form that is being sent alone: what is asked about may be something else then. */
  rest() {
    if (this.timer === null) return;
    this.stop();
    this.timer = setTimeout(() => { this.ask(); }, Math.max(this.least, LONGEST_PAUSE));
  }

  /** Ask at once, if it is waited for. */
  hurry() {
    if (this.timer === null || this.asking) return;
    this.stop();
    this.ask();
  }

  async ask() {
    this.asking = true;
    const again = await this.askOnce();
    this.asking = false;
    if (again) this.wait();
    else this.stop();
  }
}

/** Ask the portal in the background: {verdict, answer}, where "again" has no answer. The request is
    nobody's visit, so that an open page does not keep a session alive. */
export async function askPortal(address, accept) {
  try {
    const answer = await fetch(address, { headers: { Accept: accept, "X-Unattended": "1" }, credentials: "same-origin", cache: "no-store" });
    return { verdict: answer.redirected ? "stop" : verdict(answer.status), answer };
  } catch {
    return { verdict: "again", answer: null };
  }
}
