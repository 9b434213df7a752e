/* What earlier pages left unsaved in this tab, and the draft on the server: offered, newest first,
   to be put back or thrown away. */
import { keepSteady } from "../shared/steady.js";
import { clockTime, notSaved, withDraft } from "./copies.js";
import { restoreValues } from "./values.js";

export class Recovery {
  constructor(editor) {
    this.editor = editor;
    this.left = [];
    this.offer = editor.form.querySelector("[data-autosave-offer]");
    this.offer.querySelector("[data-restore]").addEventListener("click", () => { this.restore(); });
    this.offer.querySelector("[data-forget]").addEventListener("click", () => { this.discard(); });
  }

  get newest() { return this.left[this.left.length - 1]; }

  /** Look for copies of earlier pages, but offer none yet: the server may have got them. */
  collect() {
    this.left = this.editor.copies.takeEarlier((copy) => this.editor.holds(copy));
  }

  /** Offer what neither this page shows nor the server has saved; `draft` may be missing. */
  show(saves, draft) {
    this.left = notSaved(this.left, saves, this.editor.drawnVersion);
    // This page's own draft is what it sent itself, however late the server's answer comes.
    const isEarlier = draft && draft.tab !== this.editor.tab;
    if (isEarlier && !this.editor.holds(draft)) this.left = withDraft(this.left, draft);
    this.refresh();
  }

  refresh() {
    keepSteady(() => { this.offer.hidden = !this.left.length; });
    if (this.left.length) this.offer.querySelector("[data-autosave-when]").textContent = clockTime(this.newest.at);
  }

  removeNewest() {
    this.left = this.left.slice(0, -1);
    this.editor.copies.replaceEarlier(this.left);
    this.refresh();
  }

  restore() {
    const { editor, newest: copy } = this;
    // Who saved since is not overwritten unseen.
    if (editor.version && copy.version) editor.version.value = copy.version;
    editor.recoveredFrom = `${copy.tab}:${copy.number}`;
    if (restoreValues(editor.form, copy.values)) editor.incomplete = Boolean(editor.address);
    editor.change();
    this.removeNewest();
    editor.send();
  }

  async discard() {
    const copy = this.newest;
    this.removeNewest();
    try {
      await this.editor.discardDraft(copy);
    } catch { /* it is offered again */ }
  }
}
