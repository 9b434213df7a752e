/* The uploads of a page: two at a time, each with its progress. A lost connection is tried again
   with the same key, so that nothing is stored twice. */
import { randomName, renewTokens } from "../shared/saving.js";
import { UploadRow } from "./row.js";
import { canRetry, isBusy, isUnsent, nextToSend, pauseBeforeRetry, refusal, sentShare } from "./rules.js";
import { transfer } from "./transfer.js";

const MOST_FRESH_TOKENS = 3;
const NOT_SAVED = "有附件没有上传，本页还没有保存。请先重试或取消该附件，再保存。";

export class UploadQueue {
  /** `box` holds the places that are written to, `input` says which files are taken, `onList` is
      called when the list of stored files has changed. */
  constructor(box, form, input, onList) {
    this.onList = onList;
    this.address = box.dataset.attach;
    this.form = form;
    this.taken = {
      kinds: input.accept.split(","),
      text: input.dataset.fileTypes,
      others: JSON.parse(input.dataset.fileOthers),
      limit: Number(input.dataset.files),
    };
    this.rows = box.querySelector("[data-attach-rows]");
    this.list = box.querySelector("[data-attach-list]");
    this.held = box.querySelector("[data-attach-held]");
    this.announcer = box.querySelector("[data-attach-say]");
    this.uploads = [];
    this.listVersion = 0;  // the proposal's version that the list shows; 0 as the page was opened
    this.whenDone = null;
  }

  get busy() { return isBusy(this.uploads); }

  get unsent() { return isUnsent(this.uploads); }

  /** Send these files; `replaces` is the key of the file whose place they take, or "". */
  take(files, replaces) {
    Array.from(files).forEach((file) => {
      const upload = this.add(file, replaces), reason = refusal(file, this.taken);
      if (reason) this.show(upload, "refused", reason);
    });
    this.next();
  }

  /** Call `done` once every file is stored; with one that waits for somebody, say so instead. */
  hold(done) {
    this.whenDone = this.busy ? done : null;
    this.held.textContent = this.busy ? "附件上传完后自动保存本页。" : NOT_SAVED;
    this.held.scrollIntoView({ block: "center" });
  }

  retryLost() {
    this.uploads.forEach((upload) => { if (canRetry(upload)) this.retry(upload); });
  }

  add(file, replaces) {
    const upload = { file, replaces, key: randomName(), tries: 0, freshTokens: 0, timer: null, request: null };
    upload.row = new UploadRow(file, () => { this.retry(upload); }, () => { this.remove(upload); });
    this.rows.append(upload.row.root);
    this.rows.hidden = false;
    this.uploads.push(upload);
    this.show(upload, "waiting", "等待");
    return upload;
  }

  remove(upload) {
    clearTimeout(upload.timer);
    if (upload.request) upload.request.abort();
    this.uploads.splice(this.uploads.indexOf(upload), 1);
    upload.row.root.remove();
    this.rows.hidden = !this.uploads.length;
    this.next();
  }

  retry(upload) {
    clearTimeout(upload.timer);
    this.show(upload, "waiting", "等待");
    this.next();
  }

  show(upload, state, text) {
    upload.state = state;
    upload.row.show(state, text);
    if (state !== "waiting" && state !== "sending") this.announcer.textContent = `${upload.file.name}：${text}`;
  }

  next() {
    nextToSend(this.uploads).forEach((upload) => { this.send(upload); });
    if (this.busy) return;
    const done = this.whenDone;
    this.whenDone = null;
    if (!this.unsent) {
      this.held.textContent = "";
      if (done) done();
    } else if (done) {
      this.held.textContent = NOT_SAVED;
    }
  }

  send(upload) {
    const { elements } = this.form;
    const pairs = [
      ["csrf_token", elements.csrf_token.value],
      ["typed_by", elements.namedItem("typed_by").value],
      ["upload_key", upload.key],
    ];
    if (upload.replaces) pairs.push(["replaces", upload.replaces]);
    pairs.push(["file", upload.file, upload.file.name]);
    this.show(upload, "sending", "上传中 0%");
    upload.request = transfer(this.address, pairs, {
      onProgress: (loaded, total) => {
        if (upload.state === "sending") upload.row.showProgress(sentShare(loaded, total));
      },
      onAnswer: (status, reply) => {
        upload.request = null;
        if (reply === null) this.lose(upload, "没有收到服务器的答复。");
        else this.answer(upload, status, reply);
      },
      onLost: () => {
        upload.request = null;
        this.lose(upload, "连接中断，文件还在本页。");
      },
    });
  }

  /** Of two uploads the one stored first may be answered last: its list lacks the other file. */
  showList({ list, version }) {
    if (version < this.listVersion) return;
    this.listVersion = version;
    this.list.innerHTML = list;
    this.onList();
  }

  answer(upload, status, reply) {
    if (status === 200) {
      this.showList(reply);
      this.show(upload, "saved", reply.text);
    } else if (status === 400 && reply.csrf_token && upload.freshTokens < MOST_FRESH_TOKENS) {
      upload.freshTokens += 1;
      renewTokens(reply.csrf_token);
      this.show(upload, "waiting", "等待");
    } else if (status === 401) {
      upload.tries += 1;
      this.show(upload, "lost", "登录已过期，文件还在本页。请在新窗口重新登录后点击“重试”。");
    } else if (status >= 500) {
      this.lose(upload, reply.text || "服务器没有接收。");
      return;
    } else {
      this.show(upload, "refused", `未通过：${reply.text || "文件没有保存，请刷新页面后再试。"}`);
    }
    this.next();
  }

  /** Try again after a while, or wait for somebody to ask for it when that has failed too often. */
  lose(upload, text) {
    upload.tries += 1;
    const pause = pauseBeforeRetry(upload.tries);
    if (pause === null) this.show(upload, "lost", `${text}请检查网络后点击“重试”。`);
    else this.show(upload, "retrying", `${text}稍后自动再试。`);
    if (pause !== null) upload.timer = setTimeout(() => { this.retry(upload); }, pause);
    this.next();
  }
}
