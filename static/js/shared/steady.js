/* What a page shows late must not push away the field in which somebody is typing. */

const TYPED_IN = "input, select, textarea, [contenteditable='true']";

function topOf(field) { return field.getBoundingClientRect().top; }

/** Make a change to the page; the field that has the caret stays where it is on the screen. */
export function keepSteady(change) {
  const field = document.activeElement && document.activeElement.matches(TYPED_IN) ? document.activeElement : null;
  const top = field ? topOf(field) : 0;
  change();
  const moved = field && field.getClientRects().length ? topOf(field) - top : 0;
  if (Math.abs(moved) < 1) return;
  const before = window.scrollY;
  window.scrollBy(0, moved);
  // One that does not go with the page gains nothing by it.
  if (Math.abs(topOf(field) - top) >= Math.abs(moved)) window.scrollTo(window.scrollX, before);
}
