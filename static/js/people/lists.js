/* Long lists of people (`select[data-people-list]`): typed in like any other field of a person. The list stays
   what is sent, and is itself the field where no script runs. */
import { fitting, theOne } from "./fitting.js";

const LONG = 8;  // people whom nobody finds at a glance
const PASSED_ON = ["aria-label", "aria-describedby", "aria-invalid", "aria-required"];
const lists = new WeakMap();  // control -> {select, people}

function personOf(option) {
  const { name = option.text, unit = "", keys = "" } = option.dataset;
  return { name, unit, label: option.text, keys: keys.split(" ").filter(Boolean), value: option.value };
}

function chosenLabel(select) { return select.value ? select.selectedOptions[0].text : ""; }

function typedInPlaceOf(select) {
  const control = document.createElement("input"), box = document.createElement("span");
  control.type = "text";
  control.autocomplete = "off";
  control.className = select.className.replace("form-select", "form-control");
  control.id = select.id;
  select.removeAttribute("id");
  PASSED_ON.filter((name) => select.hasAttribute(name)).forEach((name) => { control.setAttribute(name, select.getAttribute(name)); });
  control.dataset.person = "";
  control.placeholder = select.options[0].value ? "" : select.options[0].text;
  control.value = chosenLabel(select);
  box.className = "person-box";
  const isEntered = document.activeElement === select;
  select.hidden = true;
  select.before(box);
  box.append(control);
  if (isEntered) control.focus();  // whoever came before the scripts stays in the field
  select.addEventListener("input", () => {  // what the page itself puts back
    if (document.activeElement !== control) control.value = chosenLabel(select);
  });
  lists.set(control, { select, people: Array.from(select.options).filter((option) => option.value).map(personOf) });
}

/** Let names be typed in place of each long list. */
export function startLists() {
  document.querySelectorAll("select[data-people-list]").forEach((select) => {
    if (select.options.length > LONG) typedInPlaceOf(select);
  });
}

/** Whether the control stands for a list of the page. */
export function isOfList(control) { return lists.has(control); }

/** Who of its list fits what is typed, everybody while nothing is. */
export function fromList(control, typed) { return fitting(lists.get(control).people, typed); }

/** Choose in the list whom the text means; a text that means nobody holds the form back. */
export function settle(control) {
  const { select, people } = lists.get(control), typed = control.value.trim();
  const person = theOne(people, typed);
  if (person) control.value = person.label;
  control.setCustomValidity(typed && !person ? "请从列表中选择一位，或清空。" : "");
  const value = person ? person.value : "";
  if (select.value === value) return;
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Show what the browser has put back into the lists of a page that was left. */
export function restoreLists() {
  document.querySelectorAll(".person-box > input").forEach((control) => {
    if (lists.has(control)) control.value = chosenLabel(lists.get(control).select);
  });
}
