/* Saving while typing, for every long form, and who else has the same page open. */
import { EditorTab, PAUSE } from "./editing/editor_tab.js";
import { furnish } from "./editing/messages.js";
import { renewTokens } from "./shared/saving.js";

const TYPED = "textarea, input:not([type]), input[type='text'], input[type='number']";
const BEAT = 30000, ACTIVE = 60000;

let lastActive = Date.now();
["keydown", "pointerdown"].forEach((kind) => {
  document.addEventListener(kind, () => { lastActive = Date.now(); }, { passive: true });
});

/** Tell the server that somebody is here; show who else is. Rejects where nothing is answered. */
async function reportPresence(editor, more = []) {
  const pairs = [["form_path", editor.path], ["tab", `${editor.tab}:${editor.number}`], ...more];
  const { accepted } = editor;
  const { status, reply } = await editor.post("/editing/presence", pairs);
  if (editor.accepted !== accepted) return reply;  // what a save was told since is newer
  if (status === 200) editor.messages.showPresence(reply.others);
  if (status === 400 && reply.csrf_token) renewTokens(reply.csrf_token);
  if (status === 401) editor.messages.warn(reply.text, true);
  return reply;
}

async function beat(editor) {
  if (!editor.isIdle || document.hidden || Date.now() - lastActive > ACTIVE) return;
  try {
    await reportPresence(editor);
  } catch { /* the next save says so */ }
}

/** The first sign of life asks what was typed here before: sent since, or waiting as a draft. */
async function open(editor) {
  let saves = "", draft = null;
  try {
    const reply = await reportPresence(editor, [["opened", "1"]]);
    saves = reply.saved || "";
    draft = reply.draft;
  } catch { /* what this tab kept is offered all the same */ }
  if (!editor.continues) editor.recovery.show(saves, draft);
}

function listen(editor) {
  const { form } = editor;
  form.addEventListener("input", (event) => {
    editor.change();
    if (!event.isComposing) editor.schedule(PAUSE);
  });
  form.addEventListener("change", () => {
    if (!editor.isDirty) return;
    editor.change();
    editor.schedule(PAUSE);
  });
  form.addEventListener("focusout", () => { if (editor.isDirty) editor.schedule(0); });
  form.addEventListener("submit", (event) => { editor.submit(event); });
  form.addEventListener("stayed", () => {  // it was sent, but the portal was out of reach
    editor.submitting = false;
    if (editor.isDirty) editor.schedule(PAUSE);
  });
  window.addEventListener("pageshow", () => { editor.submitting = false; });
  window.addEventListener("online", () => { editor.retryNow(); });
  window.addEventListener("focus", () => { editor.retryNow(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) editor.send(true);
    else editor.retryNow();
  });
}

function attach(form) {
  furnish(form);
  form.autocomplete = "off";  // what a browser puts back of an earlier visit would pass for typed now
  const editor = new EditorTab(form);
  listen(editor);
  open(editor);
  if (editor.isDirty) {
    if (!editor.continues) form.dataset.changed = "1";
    editor.schedule(PAUSE);
  }
  setInterval(() => { beat(editor); }, BEAT);
}

document.querySelectorAll("form[data-guard][method='post']").forEach((form) => {
  const isKept = !form.hasAttribute("data-no-draft") && form.elements.namedItem("typed_by");
  if (isKept && document.getElementById("editing-parts") && form.querySelector(TYPED)) attach(form);
});
