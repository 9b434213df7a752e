/* A document of the editor as light Markdown. */
import { Fragment } from "../../../vendor/prosemirror/prosemirror.min.js";
import { MOST_COLUMNS } from "./dialect.js";
import { JOINER } from "./reading.js";
import { writeInline } from "./writing_inline.js";

const MARKERS = { bullet_list: ["-", "+"], ordered_list: [".", ")"] };
const LONE_SIGN = new RegExp(`(#{1,6}|[-+*]|\\d{1,9}[.)])${JOINER}$`);
const HIGHEST_NUMBER = 999999999;
const DASHES = { right: "---:", center: ":---:" };

/** A line of a paragraph that does not begin a heading, a list or a table. */
function plainLine(line, index, lines) {
  const bare = line.replace(/^[ \t]+/, "");
  if (index && lines[index - 1].includes("|") && /^[-:|][-:| \t]*$/.test(bare)) return JOINER + bare;
  return bare.replace(/^(#{1,6}|[-+*]|\d{1,9}[.)])(?=[ \t]|$)/, `$1${JOINER}`);
}

function writeParagraph(node) { return writeInline(node).trim().split("\n").map(plainLine).join("\n"); }

function writeHeading(node) {
  const words = writeInline(node).trim().replace(/(^|[ \t])(#+)$/, `$1${JOINER}$2`);
  return `${"#".repeat(node.attrs.level + 1)} ${words}`;
}

function rowsOf(table) {
  const rows = [];
  table.forEach((row) => { rows.push(Array.from({ length: row.childCount }, (_, at) => row.child(at))); });
  return rows;
}

function writeRow(cells, head) {
  const texts = cells.map((cell) => writeInline(cell).trim());
  // The dialect counts the bars of the head, so that a widest one has none to spare.
  const spare = head && cells.length === MOST_COLUMNS;
  return `| ${texts.map((text) => (spare ? text.replaceAll("|", "｜") : text.replaceAll("|", "\\|"))).join(" | ")} |`;
}

function writeTable(node) {
  const [head, ...body] = rowsOf(node);
  const line = `| ${head.map((cell) => DASHES[cell.attrs.align] || "---").join(" | ")} |`;
  return [writeRow(head, true), line, ...body.map((cells) => writeRow(cells, false))].join("\n");
}

/** A paragraph as the paragraphs that its blank lines make of it; an empty one as none. */
function paragraphsOf(node) {
  const lines = [[]];
  node.forEach((child) => {
    if (child.type.name === "hard_break") lines.push([]);
    else lines[lines.length - 1].push(child);
  });
  const made = [];
  let open = null;
  lines.forEach((line) => {
    const isBlank = line.every((child) => !child.text.replaceAll(JOINER, "").replace(/[ \t]/g, ""));
    if (isBlank) open = null;
    else if (open) open.push(node.type.schema.nodes.hard_break.create(null, null, sharedMarks(open, line)), ...line);
    else made.push(open = [...line]);
  });
  return made.map((content) => node.copy(Fragment.from(content))).filter(({ textContent }) => textContent.trim());
}

function sharedMarks(before, after) {
  return before[before.length - 1].marks.filter((mark) => mark.isInSet(after[0].marks));
}

/** What is written of the blocks inside another: nothing is written of empty ones. */
function shownBlocks(node) {
  const blocks = [];
  node.forEach((child) => {
    if (child.type.name === "paragraph") blocks.push(...paragraphsOf(child));
    else if (child.type.name !== "heading" || child.textContent.trim()) blocks.push(child);
  });
  return blocks;
}

function isList(node) { return node.type.name in MARKERS; }

/** Whether `next` would run into `block` on the line below it. */
function needsBlankLine(block, next) {
  if (isList(block)) return true;
  if (block.type.name === "heading" || next.type.name === "heading") return false;
  if (isList(next) && block.type.name === "paragraph") return !canFollowText(next);
  return !isList(next) && !(block.type.name === "paragraph" && next.type.name === "table");
}

/** Below a line of text only a list that begins with 1 and with words is seen as one. */
function canFollowText(list) {
  const [first] = shownBlocks(list.firstChild);
  return Boolean(first) && (list.attrs.start ?? 1) === 1;
}

function isTight(list) {
  if (!list.attrs.tight) return false;
  let tight = true;
  list.forEach((item) => {
    const blocks = shownBlocks(item);
    tight = tight && blocks.slice(1).every((block, index) => !needsBlankLine(blocks[index], block));
  });
  return tight;
}

function indent(text, width) { return text.replace(/\n(?=[^\n])/g, `\n${" ".repeat(width)}`); }

/** `variant`: a list beside one of its kind has another marker, or they would be one. */
function writeList(list, variant) {
  const sign = MARKERS[list.type.name][variant], gap = isTight(list) ? "\n" : "\n\n";
  const items = [];
  list.forEach((item, _, index) => {
    const number = Math.min(list.attrs.start + index, HIGHEST_NUMBER);
    const marker = list.type.name === "ordered_list" ? `${number}${sign}` : sign;
    items.push(`${marker} ${indent(writeBlocks(shownBlocks(item), gap), marker.length + 1)}`.trimEnd());
  });
  return items.join(gap);
}

function writeBlock(node, variant) {
  switch (node.type.name) {
    case "paragraph": return writeParagraph(node);
    case "heading": return writeHeading(node);
    case "table": return writeTable(node);
    default: return writeList(node, variant);
  }
}

function writeBlocks(blocks, gap) {
  let variant = 0;
  return blocks.map((block, index) => {
    variant = index && blocks[index - 1].type === block.type ? 1 - variant : 0;
    return writeBlock(block, variant);
  }).join(gap);
}

/** A text that does not end with the joiner, which is cut off where it is stored: it goes before
    the sign that it keeps from being markup, where something stands before that. */
function safeAtEnd(text) {
  const match = LONE_SIGN.exec(text);
  return match && match.index ? `${text.slice(0, match.index)}${JOINER}${match[1]}` : text;
}

/** The text of a document, as it is stored. */
export function writeMarkdown(doc) { return safeAtEnd(writeBlocks(shownBlocks(doc), "\n\n")); }
