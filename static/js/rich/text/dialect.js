/* The light Markdown of the portal, read by the same parser under the same rules as on the server
   (lab/web/rich.py): what counts as markup, and what is shown as plain paragraphs instead. */
import { MarkdownIt, anyTable } from "../../../vendor/markdown-it/markdown-it.min.js";

const LONGEST = 20000, DEEPEST = 10, MOST_CELLS = 2000, MOST_BRACKETS = 200;
export const MOST_COLUMNS = 12;
export const MOST_ROWS = Math.floor(MOST_CELLS / MOST_COLUMNS) - 1;  // the line below the head counts, too
const SAFE = /^(?:(?:https?:\/\/[^/\\]|mailto:[^?]|\/(?![/\\]))[^\\\s]*|\/)$/i;

/** Whether a link may lead there: the web, a mail address, or a path of the portal. */
export function isSafeAddress(address) { return SAFE.test(address); }

/** Parse `**words**`, closed by the next two asterisks of the paragraph. */
function bold(state, silent) {
  if (!state.src.startsWith("**", state.pos)) return false;
  const start = state.pos + 2, last = state.posMax;
  const end = state.src.slice(0, last).indexOf("**", start);
  const inner = end > 0 ? state.src.slice(start, end) : "";
  if (!inner.trim() || /^[ \n*]|[ \n]$/.test(inner)) return false;
  if (!silent) {
    state.push("strong_open", "strong", 1);
    state.pos = start;
    state.posMax = end;
    state.md.inline.tokenize(state);
    state.push("strong_close", "strong", -1);
  }
  state.pos = end + 2;
  state.posMax = last;
  return true;
}

/** Parse a standard table, unless it would be too wide to read. */
function smallTable(state, start, end, silent) {
  const line = state.src.slice(state.bMarks[start], state.eMarks[start]);
  return line.split("|").length <= MOST_COLUMNS + 2 && anyTable(state, start, end, silent);
}

function makeParser() {
  const parser = new MarkdownIt("zero", { html: false, breaks: true, maxNesting: DEEPEST + 8 });
  parser.enable(["heading", "list", "newline", "link"]);
  parser.block.ruler.before("paragraph", "small_table", smallTable, { alt: ["paragraph"] });
  parser.inline.ruler.before("link", "bold", bold);
  parser.validateLink = isSafeAddress;
  return parser;
}

const PARSER = makeParser();

function isTooCostly(text) {
  const rows = text.split("\n").filter((line) => line.includes("|")).length;
  const brackets = text.split("[").length - 1;
  return Array.from(text).length > LONGEST || rows * MOST_COLUMNS > MOST_CELLS || brackets > MOST_BRACKETS;
}

/** The tokens of a text; null for one that is shown as plain paragraphs because it would cost too much. */
export function parse(text) {
  const unified = text.replace(/\r\n?|[\u2028\u2029]/g, "\n");
  if (isTooCostly(unified)) return null;
  const tokens = PARSER.parse(unified, {});
  return tokens.some((token) => token.level > DEEPEST) ? null : tokens;
}
