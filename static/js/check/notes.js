/* The note of an item: its box is there where the item failed, where it holds text, and where the
   clerk asks for one. Without scripts all boxes are there. */

function isNeeded(item, box) {
  const control = box.querySelector("input"), failed = item.querySelector("input[value='fail']");
  return failed.checked || control.value.trim() !== "" || box.dataset.asked === "1" ||
    box.contains(document.activeElement) || box.querySelector(".field-error") !== null;
}

function showNote(item) {
  const box = item.querySelector("[data-note]"), button = item.querySelector("[data-ask-note]");
  box.hidden = !isNeeded(item, box);
  button.hidden = !box.hidden;
}

function askForNote(item) {
  const box = item.querySelector("[data-note]");
  box.dataset.asked = "1";
  showNote(item);
  box.querySelector("input").focus();
}

function onEntry(event) {
  const item = event.target.closest("[data-item]");
  if (item) showNote(item);
}

/** Show the notes that these items of `form` need, now and after each change. */
export function followNotes(form, items) {
  items.forEach((item) => {
    item.querySelector("[data-ask-note]").addEventListener("click", () => { askForNote(item); });
    item.addEventListener("focusout", (event) => {
      // An empty box that nobody needs any more goes when it is left.
      if (item.contains(event.relatedTarget)) return;
      delete item.querySelector("[data-note]").dataset.asked;
      setTimeout(() => { showNote(item); });
    });
    showNote(item);
  });
  form.addEventListener("input", onEntry);
  form.addEventListener("change", onEntry);
}
