/* Fields in which a person is typed: whoever fits is offered below, and chosen by keys or mouse.
   What is typed stays a text; the server says whom it means. */
import { closeChoices, isOpen, offer, outdate, pick, pickTheOnly, step } from "./people/choices.js";
import { fromList, isOfList, restoreLists, settle, startLists } from "./people/lists.js";
import { isAsking, search } from "./people/search.js";

const PAUSE = 150;  // ms after the last key
let question = null;  // {control, timer, picks}: about what is typed; picks: Enter was pressed meanwhile

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

/** Ask what was waited for, and choose the only one found where Enter has been pressed meanwhile. */
async function settleQuestion(own) {
  clearTimeout(own.timer);
  own.timer = null;
  await ask(own.control);
  if (question !== own) return;
  question = null;
  if (own.picks) pickTheOnly(own.control);
}

function askSoon(control) {
  forget();
  outdate(control);
  const own = { control, picks: false };
  own.timer = setTimeout(() => { settleQuestion(own); }, PAUSE);
  question = own;
}

function forget() {
  if (question) clearTimeout(question.timer);
  question = null;
}

/** Whether people are offered before anything is typed. */
function offersAtOnce(control) { return isOfList(control) || unitOf(control) !== ""; }

/** Choose who is marked in a list that fits what is typed, or else the only one once the answer is there.
    Return whether the key has had its use: outside a table Enter never sends a form with half a name. */
function onEnter(control) {
  if (isOpen(control) && pick(control)) return true;
  if (question && question.control === control) {
    question.picks = true;
    if (question.timer) settleQuestion(question);
    return true;
  }
  return !control.closest("[data-rows]:not([data-cards])");
}

/** Keys of the field and its list; return whether the key was one of them. */
function handled(event, control) {
  if (event.key === "Enter") return !event.shiftKey && onEnter(control);
  if (!isOpen(control)) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return step(event.key === "ArrowDown" ? 1 : -1);
  if (event.key !== "Escape") return false;
  forget();
  return closeChoices();
}

function isPlainKey(event) {
  return !(event.isComposing || event.ctrlKey || event.altKey || event.metaKey);
}

function onKey(event) {
  if (!isPerson(event.target) || !isPlainKey(event)) return;
  if (handled(event, event.target)) {
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
  if (question && question.timer) forget();
  if (!isAsking() || event.relatedTarget) closeChoices();
});
startLists();
const entered = document.activeElement;
if (isPerson(entered) && entered.value !== entered.defaultValue) askSoon(entered);
