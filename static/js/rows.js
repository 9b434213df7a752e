/* Rows of a form: added, removed, moved and pasted in the page; the unit of what is chosen beside
   its figures, the running sum of a column of money. Units and sums are also drawn by the server. */
import { sumOfAmounts, unitOf } from "./rows/amounts.js";
import { copiedRows } from "./rows/clipboard.js";
import { fill } from "./rows/filling.js";
import { controlsOf, isBlank, rowTable } from "./rows/row_table.js";
import { tell } from "./rows/status.js";

const TYPED = "input:not([type='checkbox']):not([type='radio'])";

function tableOf(element) {
  const box = element.closest && element.closest("[data-rows]");
  return box ? rowTable(box) : null;
}

// -- units and sums --------------------------------------------------------------------------

function showUnit(choice) {
  const option = choice.selectedOptions[0];
  const unit = option && option.value ? unitOf(option.text) : "";
  choice.closest("tr").querySelectorAll("[data-row-unit]").forEach((cell) => { cell.textContent = unit; });
}

function showSum(box) {
  const total = box.querySelector("[data-rows-total]");
  if (!total) return;
  const texts = Array.from(box.querySelectorAll("[data-summed]"), (amount) => amount.value);
  total.textContent = sumOfAmounts(texts);
}

function refresh(box) {
  box.querySelectorAll("select[data-unit-from]").forEach(showUnit);
  showSum(box);
}

// -- adding, removing, moving ----------------------------------------------------------------

function focusFirst(row) {
  const control = controlsOf(row)[0];
  control.focus();
  if (control.scrollIntoView) control.scrollIntoView({ block: "nearest" });
}

function add(table) {
  const row = table.add();
  tell(table, `已加第${table.rows.length}${table.word}。`);
  focusFirst(row);
}

/** Focus what stands where the removed row stood: the next row's button, else the last, else 加一行. */
function focusNear(table, index) {
  const row = table.rows[index] || table.rows[table.rows.length - 1];
  const button = row ? row.querySelector("[data-row-remove]") : table.addButton;
  if (button) button.focus();
}

function remove(table, row) {
  const index = table.rows.indexOf(row);
  const undo = isBlank(row) ? null : () => {
    table.set([...table.rows.slice(0, index), row, ...table.rows.slice(index)]);
    focusFirst(row);
  };
  table.remove(row);
  tell(table, `已删除第${index + 1}${table.word}。`, [], undo);
  focusNear(table, index);
}

function move(table, button) {
  const row = table.rowOf(button);
  const moved = table.move(row, Number(button.dataset.rowMove));
  button.focus();
  tell(table, moved ? `已移到第${table.rows.indexOf(row) + 1}${table.word}。` : "已经在最边上。");
}

// -- pasting ---------------------------------------------------------------------------------

/** What stands in the table, to be put back. */
function remember(table) {
  const { rows } = table, values = rows.map((row) => controlsOf(row).map((control) => control.value));
  return () => {
    rows.forEach((row, index) => {
      controlsOf(row).forEach((control, place) => { control.value = values[index][place]; });
    });
    table.set(rows);
  };
}

function paste(event, table, block) {
  const row = table.rowOf(event.target), column = controlsOf(row).indexOf(event.target);
  if (column < 0) return;
  event.preventDefault();
  const undo = remember(table);
  const { rows, cells, left, last } = fill(table, block, row, column);
  table.changed();
  const lost = left.length ? "以下内容没有贴入：" : "";
  tell(table, `贴入${rows}行，共${cells}格。${lost}`, left, undo);
  if (last) controlsOf(last)[0].focus();
  if (left.length) table.box.querySelector("[data-rows-status]").scrollIntoView({ block: "nearest" });
}

// -- the keyboard ----------------------------------------------------------------------------

/** The control above or below in the same column; Enter in the last row makes one more. */
function neighbour(table, control, step, mayAdd) {
  const row = table.rowOf(control), column = controlsOf(row).indexOf(control);
  const { rows } = table, index = rows.indexOf(row) + step;
  if (rows[index]) return controlsOf(rows[index])[column];
  return mayAdd && step > 0 && !table.isFull && !isBlank(row) ? controlsOf(table.add())[column] : null;
}

function stepOf(event) {
  if (event.key === "Enter") return event.shiftKey ? -1 : 1;
  if (!event.target.matches(TYPED)) return 0;
  return { ArrowUp: -1, ArrowDown: 1 }[event.key] || 0;
}

/** The table with rows and columns around a control of one of its cells; cards have none. */
function gridOf(control) {
  const table = control.closest ? tableOf(control) : null;
  return table && !table.box.hasAttribute("data-cards") && table.rowOf(control) ? table : null;
}

function onKey(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const table = gridOf(event.target), isCell = table && event.target.matches(`${TYPED}, select`);
  const step = isCell ? stepOf(event) : 0;
  if (!step) return;
  event.preventDefault();  // Enter would send the form
  const next = neighbour(table, event.target, step, event.key === "Enter");
  if (!next) return;
  next.focus();
  if (next.select) next.select();
}

// -- events ----------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-row-add], [data-row-remove], [data-row-move]");
  const table = button && tableOf(button);
  if (!table) return;
  event.preventDefault();
  if (button.hasAttribute("data-row-add")) add(table);
  else if (button.hasAttribute("data-row-remove")) remove(table, table.rowOf(button));
  else move(table, button);
});
document.addEventListener("keydown", onKey);
document.addEventListener("paste", (event) => {
  const table = gridOf(event.target);
  if (!table || !event.clipboardData) return;
  const block = copiedRows(event.clipboardData.getData("text/plain"), event.clipboardData.getData("text/html"));
  if (block.length) paste(event, table, block);
});
document.addEventListener("input", (event) => {
  if (event.target.hasAttribute && event.target.hasAttribute("data-summed")) showSum(event.target.closest("[data-rows]"));
});
document.addEventListener("change", (event) => {
  if (event.target.hasAttribute && event.target.hasAttribute("data-unit-from")) showUnit(event.target);
});
document.addEventListener("rowschange", (event) => { refresh(event.target); });
// A browser may have put back what was typed before.
window.addEventListener("pageshow", () => { document.querySelectorAll("[data-rows]").forEach(refresh); });
document.querySelectorAll("[data-rows]").forEach(rowTable);
document.documentElement.classList.add("rows-ready");  // what only this script can do is shown from now on
