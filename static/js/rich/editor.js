/* One text of light Markdown as an editor. The textarea of the form stays its control: it is kept in
   step, so that drafts, counters and sending work with it, and rewritten only after a real edit. */
import {
  EditorState, EditorView, history, Plugin, tableEditing,
} from "../../vendor/prosemirror/prosemirror.min.js";
import { goOnTyping } from "./caret.js";
import { element, newId } from "./elements.js";
import { editorKeys, typingRules } from "./keys.js";
import { LinkDialog } from "./link_dialog.js";
import { pasting } from "./paste/pasting.js";
import { evenTables, hasWideTable, withRoom } from "./tables.js";
import { parse } from "./text/dialect.js";
import { readMarkdown } from "./text/reading.js";
import { writeMarkdown } from "./text/writing.js";
import { Toolbar } from "./toolbar.js";

const TOO_MUCH = "表格、列表或链接太多，发布后会按没有格式的文字显示。请减少，或改用附件。";
// Pixels at the edges of the window that toolbar and action bar may cover.
const COVERED = { top: 110, bottom: 110, left: 0, right: 0 };
const ONLY_PLAIN = "这段文字的表格、列表或链接太多，只能按没有格式的文字修改。";

function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

class Editor {
  /** Take over the textarea of `box`. Throws nothing: what cannot be shown stays in the textarea. */
  constructor(box) {
    this.box = box;
    this.area = box.querySelector("textarea");
    this.label = document.querySelector(`label[for="${this.area.id}"]`);
    this.status = element("p", { class: "rich-state", role: "status" });  // of the last paste
    this.limits = element("p", { class: "rich-state", role: "status" });  // of the text as it stands
    box.append(this.limits, this.status);
    this.view = null;
    this.show();
    this.area.addEventListener("input", () => { this.takeOver(); });
    window.addEventListener("pageshow", () => { this.takeOver(); });
  }

  get isOpen() { return !this.area.readOnly && !this.area.disabled; }

  /** The editor for what stands in the textarea, or the textarea itself. */
  show() {
    const doc = Editor.read(this.area.value);
    if (!doc) {
      say(this.limits, ONLY_PLAIN);
      return;
    }
    this.remember(doc);
    this.mount(doc);
  }

  /** The text as it is now stands for this document until somebody edits it. */
  remember(doc) {
    this.drawn = { doc, text: this.area.value };
    this.written = this.told = this.area.value;
  }

  mount(doc) {
    const typedAt = document.activeElement === this.area ? this.area.selectionEnd : null;
    const id = newId("rich-editor");
    this.openLink = (_, dispatch) => {
      if (dispatch) Editor.dialog().open(this.view);
      return true;
    };
    this.toolbar = new Toolbar(id, this.openLink);
    this.frame = element("div", { class: "rich-editor" });
    if (this.isOpen) this.frame.append(this.toolbar.node);
    // What the browser tells of its own edits is told by the textarea, once it has them.
    this.frame.addEventListener("input", (event) => { event.stopPropagation(); });
    this.area.before(this.frame);
    this.view = new EditorView(this.frame, {
      state: EditorState.create({ doc, plugins: this.plugins() }),
      editable: () => this.isOpen,
      attributes: this.attributes(id),
      scrollThreshold: COVERED, scrollMargin: COVERED,
      dispatchTransaction: (transaction) => { this.apply(transaction); },
      handleDOMEvents: { compositionend: () => { setTimeout(() => { this.tell(); }); } },
    });
    this.toolbar.view = this.view;
    this.toolbar.update(this.view.state);
    this.area.hidden = true;
    this.box.querySelectorAll("[data-rich-plain]").forEach((node) => { node.remove(); });
    this.leadHere();
    if (typedAt !== null) goOnTyping(this.view, this.area, typedAt, Editor.read);
  }

  static read(text) {
    const doc = readMarkdown(text);
    return doc && withRoom(doc);
  }

  static dialog() {
    Editor.opened ||= new LinkDialog();
    return Editor.opened;
  }

  plugins() {
    const bar = new Plugin({ view: () => ({ update: (view) => { this.toolbar.update(view.state); } }) });
    const notes = pasting((text) => { say(this.status, text); });
    return [
      notes, typingRules(), ...editorKeys(this.openLink), history(), tableEditing({ allowTableNodeSelection: false }),
      evenTables(), bar,
    ];
  }

  attributes(id) {
    const taken = Object.fromEntries(["aria-describedby", "aria-invalid", "aria-required"]
      .filter((key) => this.area.hasAttribute(key)).map((key) => [key, this.area.getAttribute(key)]));
    const wrong = this.area.classList.contains("is-invalid") ? " is-invalid" : "";
    return {
      id, role: "textbox", "aria-multiline": "true", ...this.name(),
      "aria-readonly": String(!this.isOpen), class: `rich-text form-control${wrong}`, spellcheck: "false", ...taken,
      ...(this.isOpen ? {} : { tabindex: "0" }),
    };
  }

  /** The label of the textarea names the editor instead. */
  name() {
    if (!this.label) return { "aria-label": this.area.getAttribute("aria-label") };
    this.label.id ||= newId("rich-label");
    this.label.removeAttribute("for");
    return { "aria-labelledby": this.label.id };
  }

  /** The label, and messages that name the textarea, lead to the editor. */
  leadHere() {
    document.addEventListener("click", (event) => {
      const leads = this.label?.contains(event.target) || event.target.closest?.(`a[href="#${this.area.id}"]`);
      if (!leads || !this.area.hidden) return;
      event.preventDefault();
      this.frame.scrollIntoView({ block: "nearest" });
      this.view.focus();
    });
  }

  // -- in step with the textarea --------------------------------------------------------------

  apply(transaction) {
    const { state, transactions } = this.view.state.applyTransaction(transaction);
    this.view.updateState(state);
    if (!transactions.some((applied) => applied.docChanged) || transaction.getMeta("taken")) return;
    this.written = state.doc.eq(this.drawn.doc) ? this.drawn.text : writeMarkdown(state.doc);
    this.area.value = this.written;
    this.warn();
    this.tell(this.view.composing);
  }

  tell(isComposing = false) {
    if (this.told === this.written && this.toldComposed === isComposing) return;
    this.told = this.written;
    this.toldComposed = isComposing;
    this.area.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing }));
  }

  /** What else wrote into the textarea (a restored draft, the browser) is shown. */
  takeOver() {
    if (this.area.value === this.written) return;
    const doc = Editor.read(this.area.value);
    if (!this.view || !doc) {
      this.giveUp();
      return;
    }
    this.remember(doc);
    const tr = this.view.state.tr.replaceWith(0, this.view.state.doc.content.size, doc.content);
    // Undoing goes back to what was restored, not behind it.
    this.view.dispatch(tr.setMeta("taken", true).setMeta("addToHistory", false));
    this.warn();
  }

  giveUp() {
    if (!this.view) return;
    this.view.destroy();
    this.frame.remove();
    this.area.hidden = false;
    if (this.label) this.label.htmlFor = this.area.id;
    this.view = null;
    this.written = this.area.value;
    say(this.limits, ONLY_PLAIN);
  }

  warn() {
    const isShown = parse(this.written) !== null && !hasWideTable(this.view.state.doc);
    say(this.limits, isShown ? "" : TOO_MUCH);
  }
}

/** Put an editor in place of the textarea of `box`. */
export function takeOver(box) { return new Editor(box); }
