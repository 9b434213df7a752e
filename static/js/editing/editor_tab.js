/* One form that is saved while somebody types. After two quiet seconds and on leaving a field it goes
   to the server in the background: to the address in data-autosave, which stores it, else as the
   writer's own draft. Until the server has it, the text also stays in this tab's own storage. */
import { hiddenControl } from "../shared/controls.js";
import { isFirstLook, markUnsaved, randomName, renewTokens, retryPause } from "../shared/saving.js";
import { Copies } from "./copies.js";
import { Messages } from "./messages.js";
import { post } from "./posting.js";
import { Recovery } from "./recovery.js";
import { drawnValues, typedValues } from "./values.js";

export const PAUSE = 2000;
const DRAFTS = "/editing/draft";
const SIGN_IN_PAUSE = 3000;
const MOST_FRESH_TOKENS = 3;
const PAGE = /^([a-z0-9]{8,32}):(\d{1,6})$/;

export class EditorTab {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.autosave || "";  // "" where only drafts are saved
    this.path = new URL(form.getAttribute("action") || location.href, location.href).pathname;
    this.version = form.elements.namedItem("version");
    this.drawnVersion = this.version ? Number(this.version.value) : 0;
    this.tabControl = hiddenControl(form, "tab");
    this.recoveredControl = hiddenControl(form, "adopted");
    hiddenControl(form, "form_path").value = this.path;
    this.messages = new Messages(form);
    this.copies = new Copies(`${this.path}:${form.elements.namedItem("typed_by").value}`);
    this.recovery = new Recovery(this);
    this.begin();
  }

  /** A page starts fresh, or goes on with the page whose post was not taken. */
  begin() {
    const sent = isFirstLook() ? PAGE.exec(this.tabControl.value) : null;
    this.continues = sent !== null;
    this.tab = sent ? sent[1] : randomName();
    this.number = sent ? Number(sent[2]) : 0;  // grows with all that is typed and sent
    this.recoveredFrom = "";
    this.saved = JSON.stringify(drawnValues(this.form));
    if (sent && (!this.address || this.form.hasAttribute("data-dirty"))) this.saved = "";
    this.timer = null;
    this.failures = 0;
    this.freshTokens = 0;
    this.accepted = 0;  // how many saves the server has taken
    this.sending = false;
    this.submitting = false;
    this.stopped = false;
    this.incomplete = false;  // something is saved that the page has no row for
    this.submitLater = null;
    if (!sent) this.recovery.collect();
  }

  get isDirty() { return JSON.stringify(typedValues(this.form)) !== this.saved; }

  /** The version of the record that the next save goes by, "" where there is none. */
  get baseVersion() { return this.version ? this.version.value : ""; }

  get isIdle() { return !this.sending && !this.stopped && !this.submitting; }

  /** Whether what is saved is the same as in this copy. */
  holds(copy) { return JSON.stringify(copy.values) === this.saved; }

  saveCopy() {
    this.copies.save({
      tab: this.tab, number: this.number, version: this.baseVersion,
      at: Date.now(), values: typedValues(this.form),
    });
  }

  change() {
    this.number += 1;
    this.saveCopy();
    if (!this.sending && this.failures === 0) this.messages.say("");
  }

  post(address, pairs, lasting) { return post(this.form, address, pairs, lasting); }

  /** Tell the server that the draft of this copy is not wanted. */
  discardDraft({ tab, number }) {
    return this.post(DRAFTS, [["form_path", this.path], ["forget", "1"], ["adopted", `${tab}:${number}`]]);
  }

  // -- sending --------------------------------------------------------------------------------

  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.send(); }, pause);
  }

  retryLater() {
    this.failures += 1;
    this.schedule(retryPause(this.failures));
  }

  retryNow() {
    if (this.failures && this.isDirty) this.schedule(0);
  }

  /** Send what is typed, if anything is; `lasting` when the page may be about to go. */
  async send(lasting = false) {
    clearTimeout(this.timer);
    if (!this.isIdle || !this.isDirty) return;
    const values = typedValues(this.form), text = JSON.stringify(values);
    this.number += 1;
    this.sending = true;
    this.saveCopy();  // under the number that the server may come to know it by
    this.messages.say("正在保存");
    const sent = { text, number: this.number, version: this.baseVersion, recoveredFrom: this.recoveredFrom };
    const head = this.head();
    const pairs = this.address ? [...values, ...head] : [...head, ["values", text]];
    try {
      const { status, reply } = await this.post(this.address || DRAFTS, pairs, lasting);
      this.sending = false;
      if (status === 200) this.accept(reply, sent);
      else this.refuse(status, reply);
    } catch {
      this.sending = false;
      this.messages.say("没有连上，内容还在本页，会自动再试");
      this.retryLater();
    }
    if (this.submitLater) this.submitLater();
  }

  head() {
    return [
      ["tab", `${this.tab}:${this.number}`], ["adopted", this.recoveredFrom], ["form_path", this.path],
      ["version", this.baseVersion],
    ];
  }

  accept(reply, sent) {
    this.failures = this.freshTokens = 0;
    this.accepted += 1;
    if (reply.state === "late" && reply.number > sent.number) {
      // Another page goes by this name and saved: go on under a new one, from the version shown here.
      this.tab = randomName();
      this.schedule(PAUSE);
      return;
    }
    // A copy put back meanwhile stays on the version that it was typed on: who saved since is asked.
    if (this.recoveredFrom === sent.recoveredFrom) this.recoveredFrom = "";
    if (reply.version && this.version && this.baseVersion === sent.version) this.version.value = reply.version;
    this.saved = sent.text;
    this.messages.warn("");
    this.messages.showAnswer(reply);
    if (this.isDirty) {
      this.saveCopy();
      this.schedule(PAUSE);
      return;
    }
    this.copies.clear();
    if (this.address) this.confirmStored(reply);
    else this.messages.say(`草稿已自动保存 ${reply.draft_at || reply.saved_at}，尚未提交`);
  }

  confirmStored(reply) {
    markUnsaved(this.form, false);
    const faults = Object.values(reply.errors || {});
    this.messages.say(`已保存 ${reply.saved_at}${faults.length ? `。没有通过检查：${faults.join(" ")}` : ""}`);
    if (this.incomplete) location.reload();
  }

  refuse(status, reply) {
    if (status === 400 && reply.csrf_token && this.freshTokens < MOST_FRESH_TOKENS) {
      this.freshTokens += 1;
      renewTokens(reply.csrf_token);
      this.schedule(0);
      return;
    }
    if (status >= 500) throw new Error(String(status));
    const signedOut = status === 401;
    this.stopped = /^(clash|broken|closed)$/.test(reply.state);
    this.messages.say(signedOut ? "登录已过期，内容还在本页" : "没有保存，内容还在本页");
    this.messages.warn(reply.text || "", signedOut);
    // What is refused for good is tried again only when somebody comes back to the page or types.
    if (status === 400) this.retryLater();
    else this.failures += 1;
    if (signedOut || reply.state === "other_person") this.schedule(SIGN_IN_PAUSE);
  }

  /** The person sends the form: one save after the other, or the second would meet the first. */
  submit(event) {
    if (this.sending) {
      event.preventDefault();
      this.submitLater = () => {
        this.submitLater = null;
        this.form.requestSubmit(event.submitter);
      };
      return;
    }
    clearTimeout(this.timer);
    this.submitting = true;
    this.number += 1;
    this.saveCopy();
    this.tabControl.value = `${this.tab}:${this.number}`;
    this.recoveredControl.value = this.recoveredFrom;
  }
}
