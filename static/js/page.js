/* Every page: focus on errors, menus that close, keys that lead to a field, printing. */

// What is wrong is read first, unless a field is to be entered, or whoever came before the scripts has done so.
const summary = document.querySelector("[data-focus]");
const isEntered = document.querySelector("[autofocus]") || (document.activeElement && document.activeElement !== document.body);
if (summary && !isEntered) summary.focus({ preventScroll: window.scrollY > 0 });

// A menu closes on Escape and on a click elsewhere.
function closeMenus(except) {
  document.querySelectorAll("details[data-popover][open]").forEach((menu) => {
    if (menu !== except) menu.removeAttribute("open");
  });
}
document.addEventListener("click", (event) => { closeMenus(event.target.closest("details[data-popover]")); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-popover][open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});

// A key leads to its field, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const fields = Array.from(document.querySelectorAll("[data-hotkey]"));
  const field = fields.find((candidate) => candidate.dataset.hotkey === event.key);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => { window.print(); });
});
