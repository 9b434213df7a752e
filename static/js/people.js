/* Fields in which a person is typed: whoever fits is offered below, and chosen by keys or mouse.
   What is typed stays a text; the server says whom it means. */
import { closeChoices, isOpen, offer, pick, step } from "./people/choices.js";
import { fromList, isOfList, restoreLists, settle, startLists } from "./people/lists.js";
import { isAsking, search } from "./people/search.js";

const PAUSE = 150;  // ms after the last key
let waiting = null;

function isPerson(element) { return Boolean(element.matches && element.matches("[data-person]")); }

/** The value of the choice whose people alone may be named, "" where there is none. */
function unitOf(control) {
  const name = control.dataset.peopleOf, other = name ? control.form.elements.namedItem(name) : null;
  return other ? other.value : "";
}

/** What to do first where nobody can be offered yet: the choice that says whose people they are. */
function adviceFor(control) {
  const choice = control.form.elements.namedItem(control.dataset.peopleOf), label = choice && choice.labels[0];
  return `请先选${label ? label.firstChild.textContent.trim() : "单位"}，再查找人员。`;
}

async function ask(control) {
  const typed = control.value.trim(), unit = unitOf(control);
  if (isOfList(control)) return offer(control, fromList(control, typed));
  if (control.dataset.peopleOf && !unit) {
    if (typed) offer(control, { people: [], more: false, advice: adviceFor(control) });
    return;
  }
  if (!typed && !unit) return closeChoices();
  const answer = await search(control.dataset.person, typed, unit);
  if (answer && document.activeElement === control && control.value.trim() === typed) offer(control, answer);
}

function askSoon(control) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { ask(control); }, PAUSE);
}

/** Whether people are offered before anything is typed. */
function offersAtOnce(control) { return isOfList(control) || unitOf(control) !== ""; }

/** Keys of the open list; return whether the key was one of them. */
function handled(event, control) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return step(event.key === "ArrowDown" ? 1 : -1);
  if (event.key === "Enter") return pick(control);
  if (event.key === "Escape") return closeChoices();
  return false;
}

function isPlainKey(event) {
  return !(event.isComposing || event.ctrlKey || event.altKey || event.metaKey);
}

function onKey(event) {
  if (!isPerson(event.target) || !isPlainKey(event)) return;
  if (isOpen(event.target) && handled(event, event.target)) {
    event.preventDefault();
    event.stopPropagation();  // the table's own keys
  } else if (event.key === "ArrowDown" && offersAtOnce(event.target)) {
    event.preventDefault();
    ask(event.target);
  }
}

// Before the keys of the table in which the field may stand.
document.addEventListener("keydown", onKey, true);
document.addEventListener("input", (event) => {
  if (isPerson(event.target) && event.isTrusted && !event.isComposing) askSoon(event.target);
});
document.addEventListener("compositionend", (event) => { if (isPerson(event.target)) askSoon(event.target); });
document.addEventListener("focusin", (event) => {
  if (isPerson(event.target) && !event.target.value && offersAtOnce(event.target)) askSoon(event.target);
});
document.addEventListener("change", (event) => {
  if (isPerson(event.target) && isOfList(event.target)) settle(event.target);
});
window.addEventListener("pageshow", restoreLists);
document.addEventListener("focusout", (event) => {
  if (!isPerson(event.target)) return;
  clearTimeout(waiting);
  if (!isAsking() || event.relatedTarget) closeChoices();
});
startLists();
