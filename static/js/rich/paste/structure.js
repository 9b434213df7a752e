/* Pasted HTML with the structure that the editor knows: headings, lists, tables, paragraphs. */
import { gatherLists } from "./lists.js";
import { reduceMarkup } from "./markup.js";
import { mendTables } from "./tables.js";
import { rename, tidyWords, unwrap } from "./words.js";

const DEEPEST = 4;
const HEADINGS = "h1, h2, h3, h4, h5, h6, p[data-heading], div[data-heading]";

function levelOf(node) { return Number(node.dataset.heading ?? /^H(\d)$/.exec(node.tagName)[1]); }

/** The levels that occur, from 1 on without gaps. */
function levelHeadings(body) {
  const found = Array.from(body.querySelectorAll(HEADINGS)).filter((node) => !node.closest("table"));
  const levels = Array.from(new Set(found.map(levelOf))).sort((a, b) => a - b);
  found.forEach((node) => {
    const level = Math.min(levels.indexOf(levelOf(node)) + 1, DEEPEST);
    node.querySelectorAll("b, strong, p").forEach(unwrap);
    node.querySelectorAll("br").forEach((line) => { line.replaceWith(" "); });
    if (node.textContent.trim()) rename(node, `h${level}`).dataset.level = String(level);
    else node.remove();
  });
}

/** The HTML to be parsed by the editor's schema; what is lost is noted in `losses`. */
export function restructure(html, losses) {
  const reduced = reduceMarkup(html), { body } = new DOMParser().parseFromString(reduced, "text/html");
  if (body.querySelector("[data-pm-slice]")) return reduced;  // copied from an editor of the portal
  tidyWords(body, losses);
  mendTables(body, losses);
  gatherLists(body);
  levelHeadings(body);
  return body.innerHTML;
}
