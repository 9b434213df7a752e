/* The list stays beside the document. One that is taller than the window moves with the page in both
   directions, within its own height, instead of scrolling inside itself. */
const EDGE = 16;

/** How far below the window's top the panel sticks after the page moved by `moved` pixels. */
export function stickyTop(top, moved, height, windowHeight) {
  return Math.min(EDGE, Math.max(windowHeight - height - EDGE, top - moved));
}

export function keepBeside(panel) {
  let top = EDGE, last = window.scrollY;
  function place() {
    top = stickyTop(top, window.scrollY - last, panel.offsetHeight, window.innerHeight);
    last = window.scrollY;
    panel.style.top = `${top}px`;
  }
  window.addEventListener("scroll", place, { passive: true });
  window.addEventListener("resize", place);
  new ResizeObserver(place).observe(panel);
}
