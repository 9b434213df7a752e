/* Pasted tables: merged cells taken apart, cells as one line of words, the first row as the head. */
import { MOST_COLUMNS, MOST_ROWS } from "../text/dialect.js";
import { unwrap } from "./words.js";

const BLOCKS = "p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, br, tr, td, th, caption, blockquote, table, tbody, thead";
const GAP = " ";

/** The inline content of a cell: what stood on several lines is parted by a blank. */
function toLine(cell, losses) {
  const { ownerDocument } = cell;
  const blocks = Array.from(cell.querySelectorAll(BLOCKS)), aligned = cell.querySelector("[data-align]");
  if (!cell.dataset.align && aligned) cell.dataset.align = aligned.dataset.align;
  let parted = 0;
  while (blocks.length) {  // from the last to the first: what stands before each is still as it was
    const block = blocks.pop();
    const hasWords = block.tagName === "BR" || block.textContent.trim();
    if (hasWords && wordsBefore(cell, block)) {
      block.before(ownerDocument.createTextNode(GAP));
      if (/^(BR|P|DIV|LI)$/.test(block.tagName)) parted += 1;
    }
    unwrap(block);
  }
  losses.add("lines", parted);
}

function wordsBefore(cell, block) {
  const range = cell.ownerDocument.createRange();
  range.setStart(cell, 0);
  range.setEndBefore(block);
  return Boolean(range.toString().trim());
}

/** The cells as rows of equal length; a merged cell stands in its first place, the others are blank. */
function gridOf(table, losses) {
  const grid = [];
  Array.from(table.rows).forEach((row, y) => {
    grid[y] ||= [];
    let x = 0;
    Array.from(row.cells).forEach((cell) => {
      while (grid[y][x] !== undefined) x += 1;
      const width = spanOf(cell, "colspan", 200), height = spanOf(cell, "rowspan", table.rows.length - y);
      losses.add("merged", width * height > 1 ? 1 : 0);
      place(grid, cell, { x, y, width, height });
    });
  });
  const width = Math.max(0, ...grid.map((row) => row.length));
  return grid.map((row) => Array.from({ length: width }, (_, x) => row[x] || null));
}

function place(grid, cell, { x, y, width, height }) {
  for (let row = y; row < y + height; row += 1) {
    grid[row] ||= [];
    for (let column = x; column < x + width; column += 1) grid[row][column] = row === y && column === x ? cell : null;
  }
}

function spanOf(cell, name, most) {
  const span = Number(cell.getAttribute(name) || 1);
  return Number.isInteger(span) && span > 0 ? Math.min(span, most) : 1;
}

function madeCell(document, cell, isHead) {
  const made = document.createElement(isHead ? "th" : "td");
  if (!cell) return made;
  if (cell.dataset.align) made.dataset.align = cell.dataset.align;
  made.append(...cell.childNodes);
  if (isHead) made.querySelectorAll("b, strong").forEach(unwrap);  // heads are bold by themselves
  return made;
}

function drawn(table, grid) {
  const { ownerDocument } = table, made = ownerDocument.createElement("table"), body = ownerDocument.createElement("tbody");
  grid.forEach((cells, y) => {
    const row = ownerDocument.createElement("tr");
    row.append(...cells.map((cell) => madeCell(ownerDocument, cell, y === 0)));
    body.append(row);
  });
  alignAsMost(body);
  made.append(body);
  return made;
}

/** A column is set as its body is: heads of figures are often in the middle. */
function alignAsMost(body) {
  const second = body.rows[1];
  if (!second) return;
  Array.from(body.rows[0].cells).forEach((head, x) => {
    const aligns = Array.from(body.rows).slice(1).map((row) => row.cells[x].dataset.align || "");
    if (aligns.every((align) => align === aligns[0])) head.dataset.align = aligns[0];
  });
}

function asLines(table, grid) {
  return grid.map((cells) => {
    const line = table.ownerDocument.createElement("p");
    cells.filter((cell) => cell && cell.textContent.trim()).forEach((cell, index) => {
      if (index) line.append("　");
      line.append(...cell.childNodes);
    });
    return line;
  });
}

function mend(table, losses) {
  const inner = table.querySelectorAll("table");
  losses.add("nested", inner.length);
  const caption = table.caption && table.caption.textContent.trim();
  if (caption) table.before(Object.assign(table.ownerDocument.createElement("p"), { textContent: caption }));
  const grid = gridOf(table, losses);
  grid.flat().filter(Boolean).forEach((cell) => { toLine(cell, losses); });
  const isLarge = grid.length > MOST_ROWS || (grid[0] || []).length > MOST_COLUMNS;
  losses.add("large", isLarge ? 1 : 0);
  table.replaceWith(...(isLarge ? asLines(table, grid) : [drawn(table, grid)]));
}

/** A table of one cell only frames what is in it. */
function isFrame(table) { return table.rows.length === 1 && table.rows[0].cells.length === 1; }

export function mendTables(body, losses) {
  Array.from(body.querySelectorAll("table")).filter(isFrame).forEach((table) => {
    table.replaceWith(...table.rows[0].cells[0].childNodes);
  });
  Array.from(body.querySelectorAll("table")).filter((table) => !table.parentElement.closest("table"))
    .forEach((table) => { if (table.rows.length) mend(table, losses); else table.remove(); });
}
