/* The note of an item. The styles show its box where one is needed; whoever asks for one keeps it
   until they leave the item, and no row moves while they press on another. */

const boxOf = (item) => item.querySelector("[data-note]");
const isIn = (item) => item.contains(document.activeElement);

function askForNote(item) {
  boxOf(item).dataset.asked = "1";
  boxOf(item).querySelector("input").focus();
}

/** Keep what was asked for until the item is left, and whatever is pressed then is released. */
function keepWhileIn(item, isPressed) {
  function forget() {
    if (!isIn(item)) delete boxOf(item).dataset.asked;
  }
  item.addEventListener("focusin", (event) => {
    if (boxOf(item).contains(event.target)) boxOf(item).dataset.asked = "1";
  });
  item.addEventListener("focusout", () => {
    if (!isPressed()) setTimeout(forget);
    else document.addEventListener("pointerup", () => { setTimeout(forget); }, { once: true });
  });
}

/** Let notes be asked for in these items of `form`. */
export function followNotes(form, items) {
  let pressed = false;
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  ["pointerup", "pointercancel"].forEach((name) => {
    document.addEventListener(name, () => { pressed = false; }, true);
  });
  items.forEach((item) => {
    item.querySelector("[data-ask-note]").addEventListener("click", () => { askForNote(item); });
    keepWhileIn(item, () => pressed);
    if (boxOf(item).contains(document.activeElement)) boxOf(item).dataset.asked = "1";
  });
  form.dataset.asks = "1";
}
