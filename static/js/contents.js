/* Contents of a long page: marks the part that is being read. */
import { reading } from "./contents/reading.js";

const LINE = 160;  // pixels below the top edge at which somebody reads, at most
const MOVES = ["wheel", "touchmove", "keydown"];

function mark(nav, id) {
  nav.querySelectorAll("a").forEach((link) => {
    if (link.hash === `#${id}`) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  });
  const here = nav.querySelector("[data-contents-here]"), link = nav.querySelector("a[aria-current]");
  if (here) here.textContent = link ? link.textContent : "";
}

function follow(nav) {
  const ids = new Set(Array.from(nav.querySelectorAll("a"), (link) => link.hash.slice(1)));
  const parts = Array.from(ids, (id) => document.getElementById(id)).filter(Boolean);
  let chosen = "", drawn = "", asked = false;

  function update() {
    asked = false;
    const line = Math.min(LINE, window.innerHeight * 0.3), root = document.documentElement;
    const atEnd = window.scrollY > 0 && window.innerHeight + window.scrollY >= root.scrollHeight - 2;
    const at = reading(parts.map((part) => part.getBoundingClientRect().top), line, atEnd);
    const id = chosen || (at < 0 ? "" : parts[at].id);
    if (id !== drawn) mark(nav, id);
    drawn = id;
  }
  function later() {
    if (!asked) requestAnimationFrame(update);
    asked = true;
  }

  nav.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    chosen = link.hash.slice(1);  // a short last part never comes up to the line
    const fold = link.closest("details");
    if (fold) fold.removeAttribute("open");
    later();
  });
  MOVES.forEach((move) => { window.addEventListener(move, () => { chosen = ""; }, { passive: true }); });
  window.addEventListener("scroll", later, { passive: true });
  window.addEventListener("resize", later);
  update();
}

document.querySelectorAll("[data-contents]").forEach(follow);
