/* A block that was copied elsewhere, laid into the rows of a form from one cell rightwards and down. */
import { controlsOf, isBlank } from "./row_table.js";

const NUMBERING = "序号";  // the table numbers its rows itself
const MEANT_ALIKE = 2;  // so many headings in the first line, and it is one of headings

function oneWidth(text) { return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase(); }

/** A text as it is compared: one width, no blanks, no bracketed unit at its end. */
export function plainName(text) { return oneWidth(text).replace(/\([^()]*\)$/, ""); }

/** The place of each column of the block among `headings`, or null when its first line is none of
    headings. -1 stands for a column that the table does not have. */
export function columnsByHeading(first, headings) {
  const names = headings.map(plainName);
  const places = first.map((cell) => (cell.trim() ? names.indexOf(plainName(cell)) : -1));
  const known = places.filter((place) => place >= 0);
  const enough = known.length >= Math.min(MEANT_ALIKE, headings.length);
  return enough && new Set(known).size === known.length ? places : null;
}

/** The option that a text names, null for none or several: by its words, with or without the unit
    or branch in brackets, or by its value. */
export function optionFor(options, text) {
  const sought = oneWidth(text), name = plainName(text);
  const tests = [
    (option) => oneWidth(option.text) === sought,
    (option) => plainName(option.text) === name,
    (option) => option.value.toLowerCase() === sought,
  ];
  for (const test of tests) {
    const fitting = options.filter((option) => option.value && test(option));
    if (fitting.length) return fitting.length === 1 ? fitting[0] : null;
  }
  return null;
}

function put(control, text) {
  if (control.options) {
    const option = text.trim() ? optionFor(Array.from(control.options), text) : control.options[0];
    if (!option) return false;
    control.value = option.value;
  } else if (control.type === "checkbox") {
    return false;
  } else {
    control.value = control.tagName === "TEXTAREA" ? text : text.replace(/\s*[\r\n\t]+\s*/g, " ").trim();
  }
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function headingsOf(table) {
  return Array.from(table.box.querySelectorAll("[data-column]"), (heading) => heading.dataset.column);
}

/** How the block lies on the table: its lines without headings, and the column for each cell. */
function layout(table, block, firstColumn) {
  const byHeading = columnsByHeading(block[0], headingsOf(table));
  if (byHeading) return { lines: block.slice(1), places: byHeading, names: block[0] };
  const width = Math.max(...block.map((line) => line.length));
  const count = headingsOf(table).length;
  const places = Array.from({ length: width }, (_, index) => (firstColumn + index < count ? firstColumn + index : -1));
  return { lines: block, places, names: [] };
}

class Filling {
  constructor(table, plan) {
    this.table = table;
    this.plan = plan;
    this.cells = 0;
    this.misfits = [];
    this.strangers = new Map();  // column of the block without a place → its texts
  }

  line(row, texts, place) {
    const controls = controlsOf(row);
    texts.forEach((text, index) => {
      const column = this.plan.places[index];
      if (column < 0 || !controls[column]) this.strange(index, text);
      else if (controls[column].readOnly || controls[column].disabled || !put(controls[column], text)) {
        this.misfits.push(`第${place}行“${headingsOf(this.table)[column]}”里没有“${text.trim()}”这一项。`);
      } else if (text.trim()) this.cells += 1;
    });
  }

  strange(index, text) {
    if (!text.trim() || plainName(this.plan.names[index] || "") === NUMBERING) return;
    this.strangers.set(index, [...(this.strangers.get(index) || []), text.trim()]);
  }

  sentences() {
    const columns = Array.from(this.strangers, ([index, texts]) => {
      const name = (this.plan.names[index] || "").trim();
      return `${name ? `“${name}”这一列` : `复制内容的第${index + 1}列`}没有对应的栏目：${texts.join("、")}。`;
    });
    return [...this.misfits, ...columns];
  }
}

/** The rows to fill: from the row on, and new ones below while there is room. */
function rowsFrom(table, row, count) {
  const start = table.rows.indexOf(row);
  while (table.rows.length < start + count && !table.isFull) table.add();
  return table.rows.slice(start, start + count);
}

/** Lay the block into the table from this row and column. Return what came of it: `rows` and `cells`
    filled, and a sentence for each piece that did not fit. */
export function fill(table, block, row, column) {
  const plan = layout(table, block, column);
  const lines = plan.lines.filter((line) => line.some((cell) => cell.trim()));
  const filling = new Filling(table, plan);
  const rows = rowsFrom(table, row, lines.length), first = table.rows.indexOf(row);
  rows.forEach((target, index) => { filling.line(target, lines[index], first + index + 1); });
  const left = lines.slice(rows.length);
  const over = left.map((line) => `超出最多${table.most}行，没有贴入：${line.map((cell) => cell.trim()).join("，")}。`);
  return { rows: rows.length, cells: filling.cells, left: [...filling.sentences(), ...over], last: rows.filter((target) => !isBlank(target)).pop() };
}
