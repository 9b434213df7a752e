/* The row of one upload: its file's name, how far it is, its buttons. */

function button(text, file, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-link btn-sm";
  made.textContent = text;
  made.setAttribute("aria-label", text + file.name);
  made.addEventListener("click", onClick);
  return made;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function progressBar(file) {
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `上传进度：${file.name}`);
  return bar;
}

export class UploadRow {
  /** `onRetry` and `onRemove` are called when somebody asks for it. */
  constructor(file, onRetry, onRemove) {
    this.root = document.createElement("li");
    this.bar = progressBar(file);
    this.text = element("span", "attach-state", "");
    this.retry = button("重试", file, onRetry);
    this.cancel = button("取消", file, onRemove);
    this.close = button("收起", file, onRemove);
    const buttons = element("span", "attach-buttons", "");
    buttons.append(this.retry, this.cancel, this.close);
    this.root.append(element("span", "attach-name", file.name), buttons, this.bar, this.text);
  }

  /** States: waiting, sending, saved, refused, retrying, lost. */
  show(state, text) {
    const isOver = state === "saved" || state === "refused";
    this.root.className = state;
    this.text.textContent = text;
    this.bar.hidden = state !== "sending" && state !== "waiting";
    this.cancel.hidden = isOver;
    this.retry.hidden = state !== "lost" && state !== "retrying";
    this.close.hidden = !isOver;
  }

  showProgress({ percent, text }) {
    this.bar.value = percent;
    this.text.textContent = text;
    this.cancel.hidden = percent === 100;  // too late: the server has it
  }
}
