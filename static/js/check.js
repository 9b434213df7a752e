/* The formality check by keys: J and K move between items, 1 and 2 mark, N goes on, Ctrl+Enter
   records. While somebody types in a text field only Ctrl+Enter is a key of ours. */
import { followNotes } from "./check/notes.js";
import { keepBeside } from "./check/panel.js";

const LONGEST_WAIT = 3000, LOOK = 100;

const form = document.querySelector("form[data-check]");
const items = form ? Array.from(form.querySelectorAll("[data-item]")) : [];

function currentIndex() {
  return items.indexOf(document.activeElement && document.activeElement.closest("[data-item]"));
}
function goTo(index) {
  const item = items[Math.max(0, Math.min(index, items.length - 1))];
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}
function goToOutcome() {
  const first = form.querySelector("[name='outcome']");
  first.focus();
  first.scrollIntoView({ block: "center" });
}

// -- what a failed item suggests to open -------------------------------------------------------

function showCount(fold) {
  const ticked = fold.querySelectorAll("input:checked").length;
  fold.querySelector("[data-open-count]").textContent = ticked ? `已选${ticked}项` : "";
}
function suggest(item, failed) {
  const suggested = (item.dataset.suggest || "").split(" ").filter(Boolean);
  form.querySelectorAll("[data-opens] input").forEach((box) => {
    if (!suggested.includes(box.value)) return;
    // Only what was ticked from here is taken off from here.
    if (failed && !box.checked) {
      box.checked = true;
      box.dataset.suggested = "1";
    } else if (!failed && box.dataset.suggested) {
      box.checked = false;
      delete box.dataset.suggested;
    }
    const fold = box.closest("[data-opens]");
    showCount(fold);
    if (box.checked) fold.open = true;
  });
}
/** Take up what was chosen before this script came; what the server stored was decided then. */
function catchUp() {
  items.forEach((item) => {
    const failed = item.querySelector("input[type='radio'][value='fail']");
    if (failed.checked && !failed.defaultChecked) suggest(item, true);
  });
  form.querySelectorAll("[data-opens]").forEach(showCount);
}
function onChange(event) {
  const fold = event.target.closest("[data-opens]"), item = event.target.closest("[data-item]");
  if (fold) {
    delete event.target.dataset.suggested;
    showCount(fold);
  }
  if (item && event.target.type === "radio") suggest(item, event.target.value === "fail");
}

// -- keys ------------------------------------------------------------------------------------

function mark(item, value) {
  const box = item.querySelector(`input[type='radio'][value='${value}']`);
  if (box.checked) return;
  box.checked = true;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}
function pass(index) {
  mark(items[index], "ok");
  if (index + 1 < items.length) goTo(index + 1);
  else goToOutcome();
}
function fail(index) {
  mark(items[index], "fail");
  items[index].querySelector("[data-note] input").focus();
}

/** To the next proposal once what is typed is saved, or after a moment with the usual question. */
function leave() {
  const link = document.querySelector("[data-next]"), until = Date.now() + LONGEST_WAIT;
  if (!link) return;
  form.dispatchEvent(new Event("focusout", { bubbles: true }));
  (function wait() {
    if (form.dataset.changed === "1" && Date.now() < until) setTimeout(wait, LOOK);
    else location.href = link.href;
  })();
}

function takesText(target) {
  return target.tagName === "TEXTAREA" || target.tagName === "SELECT" || target.isContentEditable ||
    (target.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(target.type));
}

/** Do what a plain key stands for; return whether it stands for anything. */
function act(key) {
  const index = currentIndex();
  if (key === "j") goTo(index + 1);
  else if (key === "k") goTo(index < 0 ? items.length - 1 : index - 1);
  else if (key === "1") pass(Math.max(index, 0));
  else if (key === "2") fail(Math.max(index, 0));
  else if (/^[3-9]$/.test(key)) goTo(Number(key) - 1);
  else if (key === "n") leave();
  else return false;
  return true;
}

function backToItem() {
  const index = currentIndex();
  if (index >= 0) goTo(index);
}

function onKey(event) {
  if (event.isComposing || event.altKey || event.metaKey) return;
  if (event.ctrlKey) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-record]"));
  } else if (takesText(event.target)) {
    if (event.key === "Escape") backToItem();
  } else if (!event.shiftKey && act(event.key.toLowerCase())) {
    event.preventDefault();
  }
}

if (form) {
  form.querySelector("[data-keys]").hidden = false;
  followNotes(form, items);
  catchUp();
  keepBeside(form);
  form.addEventListener("change", onChange);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next]") || form.dataset.changed !== "1") return;
    event.preventDefault();
    leave();
  });
}
