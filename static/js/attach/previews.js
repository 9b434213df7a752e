/* What is said of the pictures of each attachment: asked for until the worker has made them all. */
const FIRST_PAUSE = 1000, LONGEST_PAUSE = 10000, GIVE_UP = 360;

/** Milliseconds until it is asked again: soon at first, then rarely. */
export function pauseBefore(times) { return Math.min(LONGEST_PAUSE, FIRST_PAUSE + times * 250); }

/** Of the files that wait, by key, those for which the answer says something else now. */
export function settled(waiting, files) {
  return waiting.filter((key) => files[key] && files[key].state !== "waiting");
}

export class PreviewWatch {
  /** `list` holds the attachments, `say` announces what reviewers will not see. */
  constructor(list, address, say) {
    this.list = list;
    this.address = address;
    this.say = say;
    this.timer = null;
  }

  /** Begin again for a list that has changed. */
  start() {
    clearTimeout(this.timer);
    this.times = 0;
    this.wait();
  }

  waiting() {
    return Array.from(this.list.querySelectorAll("[data-preview='waiting']"), (note) => note.closest("[data-file]").dataset.file);
  }

  wait() {
    if (!this.waiting().length || this.times >= GIVE_UP) return;
    this.timer = setTimeout(() => { this.ask(); }, pauseBefore(this.times));
    this.times += 1;
  }

  async ask() {
    try {
      const answer = await fetch(this.address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404 || answer.status === 409) return;
      if (answer.ok) this.show((await answer.json()).files);
    } catch { /* the line is down: asked again */ }
    this.wait();
  }

  show(files) {
    const said = settled(this.waiting(), files).map((key) => {
      const row = this.list.querySelector(`[data-file="${key}"]`), note = row.querySelector("[data-preview]");
      const { state, text } = files[key];
      note.dataset.preview = state;
      note.className = `file-preview ${state}`;
      note.textContent = text;
      return state === "warning" ? `${row.querySelector(".file-name").textContent}：${text}` : "";
    });
    if (said.some(Boolean)) this.say.textContent = said.filter(Boolean).join("；");
  }
}
