/* A block that was copied elsewhere, laid into the rows of a form from one cell rightwards and down. */
import { factorOf, scaled, unitOfControl } from "../shared/units.js";
import { bareFigure, bracketed, headingLine, optionFor, plainName } from "./matching.js";
import { controlsOf, isBlank } from "./row_table.js";

const NUMBERING = "序号";  // the table numbers its rows itself

function announce(control) {
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Choose what a text names; nothing where it names nothing, so that no other choice stays. */
function chooseOption(control, text) {
  const option = text.trim() ? optionFor(Array.from(control.options), text) : control.options[0];
  control.value = option ? option.value : "";
  announce(control);
  return Boolean(option);
}

function put(control, text) {
  if (control.options) return chooseOption(control, text);
  if (control.type === "checkbox") return false;
  const plain = control.tagName === "TEXTAREA" ? text : text.replace(/\s*[\r\n\t]+\s*/g, " ").trim();
  control.value = control.hasAttribute("data-grouped") ? bareFigure(plain) : plain;
  announce(control);
  return true;
}

function headingsOf(table) {
  return Array.from(table.box.querySelectorAll("[data-column]"), (heading) => heading.dataset.column);
}

/** How the block lies on the table: its lines without headings, the column for each cell, the
    lines above the headings. */
function layout(table, block, firstColumn) {
  const headings = headingsOf(table), heading = headingLine(block, headings);
  if (heading) {
    const names = block[heading.at];
    return { lines: block.slice(heading.at + 1), places: heading.places, names, above: block.slice(0, heading.at) };
  }
  const width = Math.max(...block.map((line) => line.length));
  const places = Array.from({ length: width }, (_, index) => (
    firstColumn + index < headings.length ? firstColumn + index : -1
  ));
  return { lines: block, places, names: [], above: [] };
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
    const controls = controlsOf(row), order = texts.map((_, index) => index);
    // The choices first: units of figures may follow from them.
    order.sort((one, other) => this.rank(controls, one) - this.rank(controls, other));
    order.forEach((index) => {
      const column = this.plan.places[index];
      if (column < 0 || !controls[column]) this.strange(index, texts[index]);
      else this.cell(controls[column], texts[index], index, place);
    });
  }

  rank(controls, index) {
    const control = controls[this.plan.places[index]];
    return control && control.options ? 0 : 1;
  }

  cell(control, text, index, place) {
    const heading = headingsOf(this.table)[this.plan.places[index]], figure = this.inOwnUnit(control, text, index);
    if (figure === null) {
      const unit = unitOfControl(control);
      const reason = unit ? `的单位是“${unit}”，“${text.trim()}”的单位不同，没有贴入。` : `的单位随指标而定，“${text.trim()}”没有贴入，请先选择指标。`;
      this.misfits.push(`第${place}行“${heading}”${reason}`);
    } else if (control.readOnly || control.disabled || !put(control, figure)) {
      this.misfits.push(`第${place}行“${heading}”里没有“${text.trim()}”这一项，请重新选择。`);
    } else if (text.trim()) this.cells += 1;
  }

  /** The text in the unit of its cell; null where the block's heading names another unit. */
  inOwnUnit(control, text, index) {
    const unit = bracketed(this.plan.names[index] || "");
    if (!control.hasAttribute("data-grouped") || !text.trim() || !unit) return text;
    const factor = factorOf(unit, unitOfControl(control));
    return factor === null ? null : scaled(bareFigure(text), factor);
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
    const above = this.plan.above.map((line) => `标题行上面没有贴入：${line.filter((cell) => cell.trim()).join("，")}。`);
    return [...this.misfits, ...columns, ...above];
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
