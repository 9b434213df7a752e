/* Forms: live counters, unsaved-changes guard, no double sending, chosen files, calendars. */
import { markSending, onSubmit } from "./forms/sending.js";
import { grouped } from "./shared/figures.js";
import { markUnsaved } from "./shared/saving.js";
import { calendarValue, countCharacters, formatSize } from "./shared/text.js";
import { inUnit, unitOfControl } from "./shared/units.js";

// Of its limit: from here on the counter of a single line is shown (lab/web/fields/text.py).
const NEARLY = 0.8;

function updateCounter(control) {
  const counter = document.getElementById(`${control.id}-count`);
  if (!counter) return;
  const used = countCharacters(control.value);
  counter.querySelector("[data-used]").textContent = String(used);
  counter.classList.toggle("over", used > Number(control.dataset.limit));
  counter.classList.toggle("near", used >= Number(control.dataset.limit) * NEARLY);
}

function fileRow(file, limit) {
  const row = document.createElement("li"), name = document.createElement("span"), size = document.createElement("span");
  const large = file.size > limit;
  name.textContent = file.name;
  size.textContent = formatSize(file.size) + (large ? "，超过上限" : "");
  size.className = large ? "num too-large" : "num";
  row.append(name, size);
  return row;
}

function listFiles(control) {
  const box = control.parentNode;
  let list = box.querySelector(".file-list");
  if (!list) {
    list = document.createElement("ul");
    list.className = "file-list";
    box.append(list);
  }
  box.querySelector(".file-none").hidden = control.files.length > 0;
  list.replaceChildren(...Array.from(control.files, (file) => fileRow(file, Number(control.dataset.files))));
}

/** The browser's calendar behind `button`: no name, in no form, out of the tab order. */
function calendarOf(button) {
  const existing = button.parentNode.querySelector(".date-native");
  if (existing) return existing;
  const native = document.createElement("input");
  native.type = button.dataset.pick;
  native.className = "date-native";
  native.tabIndex = -1;
  native.setAttribute("aria-hidden", "true");
  native.setAttribute("form", "");
  native.addEventListener("change", (event) => { event.stopPropagation(); });
  native.addEventListener("input", (event) => {
    event.stopPropagation();
    if (native.validity.badInput) return;  // half chosen
    const text = button.parentNode.querySelector("input");
    text.value = native.value.replace("T", " ");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.dispatchEvent(new Event("change", { bubbles: true }));
  });
  button.after(native);
  return native;
}

function openCalendar(button) {
  const native = calendarOf(button);
  native.value = calendarValue(button.parentNode.querySelector("input").value);
  native.getBoundingClientRect();  // lays out a new one, else the calendar opens in a corner
  native.showPicker();
}

document.documentElement.classList.add("scripted");
if ("showPicker" in HTMLInputElement.prototype) document.documentElement.classList.add("has-picker");

document.addEventListener("input", (event) => {
  const control = event.target;
  if (control.dataset && control.dataset.limit) updateCounter(control);
  if (control.form && control.form.hasAttribute("data-guard")) markUnsaved(control.form, true);
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.type === "file" && control.dataset.files) listFiles(control);
  if (control.hasAttribute("data-grouped")) control.value = grouped(inUnit(control.value, unitOfControl(control)));
  if (control.hasAttribute("data-submit-on-change")) control.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (button) openCalendar(button);
  const link = event.target.closest("[data-discard]");
  if (link && link.closest("form")) markUnsaved(link.closest("form"), false);
});

document.addEventListener("submit", onSubmit);

window.addEventListener("beforeunload", (event) => {
  if (!document.querySelector("form[data-guard][data-changed='1']")) return;
  event.preventDefault();
  event.returnValue = "";
});

// Back from the next page: the form may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending='1']").forEach((form) => { markSending(form, false); });
  document.querySelectorAll("[data-files]").forEach(listFiles);
});

document.querySelectorAll("[data-limit]").forEach(updateCounter);
document.querySelectorAll("form[data-dirty]").forEach((form) => { markUnsaved(form, true); });
