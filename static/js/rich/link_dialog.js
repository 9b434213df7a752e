/* The window in which a link gets its words and its address. */
import { REFUSED, completeAddress } from "./addresses.js";
import { linkTarget, removeLink, setLink } from "./commands.js";
import { element, newId } from "./elements.js";

function field(label, type, hint = "") {
  const id = newId("rich-link"), faultId = `${id}-error`, hintId = `${id}-hint`;
  const input = element("input", { id, type: "text", inputmode: type, class: "form-control", autocomplete: "off" });
  const fault = element("p", { id: faultId, class: "field-error", hidden: "" });
  input.setAttribute("aria-describedby", hint ? `${hintId} ${faultId}` : faultId);
  const node = element("div", { class: "field" }, element("label", { for: id, class: "form-label", text: label }),
    ...(hint ? [element("div", { id: hintId, class: "field-hint", text: hint })] : []), input, fault);
  return { node, input, fault };
}

function complain({ input, fault }, text) {
  fault.textContent = text;
  fault.hidden = !text;
  input.classList.toggle("is-invalid", Boolean(text));
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

export class LinkDialog {
  /** One for the page: outside the form, whose controls are sent. */
  constructor() {
    const titleId = newId("rich-link-title");
    this.words = field("文字", "text");
    this.address = field("链接地址", "url", "网址、邮箱，或本系统以“/”开头的页面地址。");
    this.removal = element("button", { type: "button", class: "btn btn-outline-danger", text: "去掉链接" });
    this.cancel = element("button", { type: "button", class: "btn btn-outline-secondary", text: "取消" });
    const form = element("form", { method: "dialog", novalidate: "" },
      element("h2", { id: titleId, class: "rich-dialog-title", text: "链接" }), this.words.node, this.address.node,
      element("div", { class: "rich-dialog-actions" }, this.removal, this.cancel,
        element("button", { type: "submit", class: "btn btn-primary", text: "确定" })));
    this.node = element("dialog", { class: "rich-dialog", "aria-labelledby": titleId }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.accept();
    });
    this.removal.addEventListener("click", () => { this.finish(removeLink(this.target)); });
    this.cancel.addEventListener("click", () => { this.node.close(); });
    this.node.addEventListener("close", () => { this.view.focus(); });
    document.body.append(this.node);
  }

  open(view) {
    this.view = view;
    this.target = linkTarget(view.state);
    this.words.input.value = this.target.text;
    this.address.input.value = this.target.href;
    this.removal.hidden = !this.target.href;
    [this.words, this.address].forEach((part) => { complain(part, ""); });
    this.node.showModal();
    (this.target.text ? this.address : this.words).input.focus();
  }

  accept() {
    const words = this.words.input.value.replace(/\s+/g, " ").trim();
    const href = completeAddress(this.address.input.value);
    complain(this.words, words ? "" : "请填写链接的文字。");
    complain(this.address, href ? "" : REFUSED);
    if (words && href) this.finish(setLink(this.target, words, href));
    else (words ? this.address : this.words).input.focus();
  }

  finish(command) {
    command(this.view.state, this.view.dispatch);
    this.node.close();
  }
}
