/* What is said of the pictures of each attachment: asked for until the worker has made them all. */
import { askPortal, Waiting } from "../shared/waiting.js";

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
    this.watch = new Waiting(() => this.ask());
  }

  /** Begin again for a list that has changed. */
  start() {
    if (this.waiting().length) this.watch.start();
    else this.watch.stop();
  }

  waiting() {
    return Array.from(this.list.querySelectorAll("[data-preview='waiting']"), (note) => note.closest("[data-file]").dataset.file);
  }

  async ask() {
    const { verdict, answer } = await askPortal(this.address, "application/json");
    if (verdict === "read") this.show((await answer.json()).files);
    return verdict !== "stop" && this.waiting().length > 0;
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
