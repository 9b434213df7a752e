/* Sending a form: not twice at once, and only where the portal can be reached; else the page stays. */
import { refresh } from "../shared/live.js";
import { markUnsaved } from "../shared/saving.js";
import { beginWaiting, isAnswered } from "./answered.js";
import { isReached, notReached, reachedAgain } from "./line.js";

const LOOK_EVERY = 100, UNLOCK_AFTER = 60000;

const unlocking = new WeakMap();  // form → the timer that looks whether to unlock it
const reached = new WeakSet();  // forms whose next submit goes out
const waiting = new Map();  // note → the words of the button that did not reach the portal

export function markSending(form, sending) {
  clearInterval(unlocking.get(form));
  form.dataset.sending = sending ? "1" : "";
  form.querySelectorAll("button").forEach((button) => {
    if (sending) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  });
}

// -- what the page says ------------------------------------------------------------------------

function noteOf(form) {
  const existing = document.querySelector("[data-line-note]") || document.createElement("p");
  existing.className = "notice notice-yellow line-note";
  existing.setAttribute("role", "alert");
  existing.dataset.lineNote = "";
  const bar = form.querySelector(".action-bar"), heading = document.querySelector("main h1");
  if (bar) bar.before(existing);
  else if (form.matches(".post-form") && heading) heading.parentNode.parentNode.insertBefore(existing, heading.parentNode.nextSibling);
  else form.append(existing);
  return existing;
}

function forget() {
  waiting.clear();
  document.querySelectorAll("[data-line-note]").forEach((note) => { note.remove(); });
}

function stay(form, submitter, wasUnsaved) {
  const words = (submitter ? submitter.textContent.trim() : "") || "提交";
  markSending(form, false);
  markUnsaved(form, wasUnsaved);
  const note = noteOf(form);
  waiting.set(note, words);
  note.textContent = notReached(words);
  note.scrollIntoView({ block: "nearest" });
  form.dispatchEvent(new Event("stayed"));
}

// -- sending ----------------------------------------------------------------------------------

function pathOf(form, submitter) {
  const address = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || location.href;
  return new URL(address, location.href).pathname;
}

/** What a download changed, in the parts of the page that show it; a fetch leaves the download be. */
function showChanged() {
  const regions = Array.from(document.querySelectorAll("[data-redraw][id]"));
  const address = new URL(location.href);
  address.searchParams.delete("answer");  // a form that was refused before
  if (regions.length) refresh(address.href, regions);
}

/** Locked until the answer: one that is a download leaves the page in place. */
function goOn(form, submitter) {
  forget();
  markUnsaved(form, false);
  markSending(form, true);
  const mark = beginWaiting(pathOf(form, submitter)), until = Date.now() + UNLOCK_AFTER;
  unlocking.set(form, setInterval(() => {
    if (!isAnswered(mark) && Date.now() <= until) return;
    markSending(form, false);
    showChanged();
  }, LOOK_EVERY));
}

async function ask(form, submitter, wasUnsaved) {
  if (!await isReached(pathOf(form, submitter))) {
    stay(form, submitter, wasUnsaved);
    return;
  }
  reached.add(form);
  markSending(form, false);
  form.requestSubmit(submitter);
  reached.delete(form);  // where a listener held it back
}

export function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending && !form.hasAttribute("data-resubmit")) {
    event.preventDefault();
    return;
  }
  if (reached.delete(form)) {
    goOn(form, event.submitter);
    return;
  }
  event.preventDefault();
  const wasUnsaved = form.dataset.changed === "1";
  markSending(form, true);
  ask(form, event.submitter, wasUnsaved);
}

/** Whoever stops a request by Escape may send it again. */
window.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("form[data-sending='1']").forEach((form) => { if (unlocking.has(form)) markSending(form, false); });
});

window.addEventListener("online", () => {
  waiting.forEach((words, note) => { note.textContent = reachedAgain(words); });
});
