/* The values of a form, as pairs of name and text with line ends as they are stored. */

import { matchRows } from "../rows/row_table.js";

/** Names that the form carries for the portal's sake; the fields of forms have others. */
export const OWN_FIELDS = ["csrf_token", "version", "tab", "adopted", "form_path", "typed_by", "post_key"];

/** Fields that say what the page showed, and are of no other page. */
const SHOWN = /^shown_/;
const NOT_TYPED = /^(file|password|submit|reset|button|image|fieldset|output)$/;
const NOT_RESTORED = /^(file|submit|button|password)$/;

function isTyped(name) { return !OWN_FIELDS.includes(name) && !SHOWN.test(name); }

function pair(name, text) { return [name, text.replace(/\r\n?/g, "\n")]; }

/** What stands in the form now. */
export function typedValues(form) {
  return Array.from(new FormData(form)).filter(([name, value]) => (
    typeof value === "string" && isTyped(name) && form.elements.namedItem(name).type !== "password"
  )).map(([name, value]) => pair(name, value));
}

/** The values of a select as it was drawn: without a marked option one that takes one has its first.
    An option has its `value` and is `marked` and `open` (not disabled) or not. */
export function chosenAtFirst(options, takesMany) {
  let chosen = options.filter((option) => option.marked);
  if (!takesMany) {
    chosen = chosen.length ? chosen.slice(-1) : options.filter((option) => option.open).slice(0, 1);
  }
  return chosen.filter((option) => option.open).map((option) => option.value);
}

function drawnTexts(control) {
  if (/^(checkbox|radio)$/.test(control.type)) return control.defaultChecked ? [control.value] : [];
  if (!control.options) return [control.defaultValue];
  const options = Array.from(control.options, (option) => ({
    value: option.value,
    marked: option.defaultSelected,
    open: !option.disabled && !option.closest("optgroup:disabled"),
  }));
  return chosenAtFirst(options, control.multiple);
}

/** What the server drew: people type, and browsers put back, before this runs. */
export function drawnValues(form) {
  return Array.from(form.elements).filter((control) => (
    control.name && isTyped(control.name) && !control.matches(":disabled") && !NOT_TYPED.test(control.type)
  )).flatMap((control) => drawnTexts(control).map((text) => pair(control.name, text)));
}

/** A control that nobody sees, for what the page has no row for. */
function addHidden(form, name, text) {
  const made = document.createElement("textarea");
  made.name = name;
  made.value = text;
  made.hidden = true;
  form.append(made);
}

/** Put values back; return whether some had no control and got a hidden one. */
export function restoreValues(form, values) {
  matchRows(form, values);
  const byName = new Map(values);
  Array.from(form.elements).forEach((control) => {
    if (!control.name || !isTyped(control.name) || NOT_RESTORED.test(control.type)) return;
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = values.some(([name, text]) => name === control.name && text === control.value);
    } else if (byName.has(control.name)) {
      control.value = byName.get(control.name);
    }
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
  let addedHidden = false;
  values.forEach(([name, text]) => {
    if (form.elements.namedItem(name)) return;
    addHidden(form, name, text);
    addedHidden = true;
  });
  return addedHidden;
}
