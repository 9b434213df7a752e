/* Texts of light Markdown: buttons that write the signs, and the server's preview in place. */
import { bold, markLines, table } from "./rich/marking.js";

function editFor(kind, area) {
  const { value, selectionStart, selectionEnd } = area;
  if (kind === "bold") return bold(value, selectionStart, selectionEnd);
  if (kind === "table") return table(value, selectionEnd);
  return markLines(value, selectionStart, selectionEnd, kind);
}

/** Replace a stretch of the text as if it were typed, so that it can be undone. */
function write(area, { start, end, text, select }) {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (select) area.setSelectionRange(select[0], select[1]);
}

function mark(button) {
  const area = button.closest("[data-rich]").querySelector("textarea");
  write(area, editFor(button.dataset.richAct, area));
}

/** The nodes of the preview that the server makes of the form as it stands. */
async function previewNodes(button, pane) {
  const form = button.form, body = new FormData(form);
  body.set(button.name, button.value);
  // Files are not looked at for a preview.
  form.querySelectorAll("input[type=file]").forEach((control) => { body.delete(control.name); });
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = page.getElementById(pane.id);
  if (!made || made.hidden) throw new Error("no preview");
  return Array.from(made.childNodes, (node) => document.importNode(node, true));
}

const newest = new WeakMap();  // pane → the request whose answer it waits for

async function preview(button) {
  const box = button.closest("[data-rich]");
  const pane = box.querySelector(".rich-preview"), state = box.querySelector(".rich-state");
  const request = Symbol("preview");
  newest.set(pane, request);
  state.textContent = "正在生成预览";
  try {
    const nodes = await previewNodes(button, pane);
    if (newest.get(pane) !== request) return;  // asked again since, of a newer text
    pane.replaceChildren(...nodes);
    pane.hidden = false;
    state.textContent = "";
  } catch {
    if (newest.get(pane) !== request) return;
    state.textContent = "暂时不能预览，您填写的内容还在。请检查网络或重新登录。";
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rich-act], [data-rich-preview]");
  if (!button) return;
  if (button.dataset.richAct) {
    mark(button);
    return;
  }
  event.preventDefault();
  // Enter in a field presses the first button of the form: that person wants to save.
  const pressed = event.detail > 0 || document.activeElement === button;
  if (pressed) preview(button);
  else button.form.requestSubmit();
});
