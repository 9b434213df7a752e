/* Rows of a form that come, go and move in the page. Each keeps the number in its controls' names
   that it was made with; the hidden order tells the server what stands where. */
import { hiddenControl } from "../shared/controls.js";

const PLACE = /第\d+(行|项)/g;
const CONTROLS = "input:not([type='hidden']):not(.date-native), select, textarea";
const tables = new WeakMap();  // box → its RowTable

/** Say the place of a row anew in its labels and headings. */
function nameAfresh(row, place) {
  const renamed = (text) => text.replace(PLACE, `第${place}$1`);
  row.querySelectorAll("[aria-label]").forEach((element) => {
    element.setAttribute("aria-label", renamed(element.getAttribute("aria-label")));
  });
  row.querySelectorAll("label, legend, h2, label span").forEach((element) => {
    Array.from(element.childNodes).forEach((node) => {
      if (node.nodeType === Node.TEXT_NODE) node.data = renamed(node.data);
    });
  });
  const position = row.querySelector("[name^='place_']");
  if (position) position.value = String(place);
}

export class RowTable {
  constructor(box) {
    this.box = box;
    this.name = box.dataset.rows;
    this.word = box.hasAttribute("data-cards") ? "项" : "行";
    this.most = Number(box.dataset.most);
    this.list = box.querySelector("[data-row-list]");
    this.template = box.querySelector("[data-row-template]");
    this.addButton = box.querySelector("[data-row-add]");
    this.form = box.closest("form");
    this.rows.forEach((row, number) => { row.dataset.row = String(number); });
    this.next = this.rows.length;
  }

  get rows() { return Array.from(this.list.children).filter((row) => row.hasAttribute("data-row")); }

  get isFull() { return this.rows.length >= this.most; }

  /** A row that is in no list yet, with this number in the names of its controls. */
  make(number) {
    const copy = this.template.content.firstElementChild.cloneNode(true);
    copy.dataset.row = String(number);
    copy.querySelectorAll("[id], [name], [for], [aria-describedby]").forEach((element) => {
      ["id", "name", "for", "aria-describedby"].forEach((attribute) => {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replaceAll("__row__", String(number)));
      });
    });
    this.next = Math.max(this.next, number + 1);
    return copy;
  }

  add() {
    const row = this.make(this.next);
    this.list.append(row);
    this.changed();
    return row;
  }

  remove(row) {
    row.remove();
    this.changed();
  }

  /** Move a row up (-1) or down (1); return whether there was room. */
  move(row, step) {
    const { rows } = this, other = rows[rows.indexOf(row) + step];
    if (!other) return false;
    if (step < 0) other.before(row);
    else other.after(row);
    this.changed();
    return true;
  }

  /** Put exactly these rows into the list. */
  set(rows) {
    this.list.replaceChildren(...rows);
    this.changed();
  }

  /** Have a row for each of these numbers, in this order; the rows that are there stay themselves. */
  match(numbers) {
    const byNumber = new Map(this.rows.map((row) => [Number(row.dataset.row), row]));
    this.set(numbers.map((number) => byNumber.get(number) || this.make(number)));
  }

  /** Write places and order anew and say that something changed. */
  changed() {
    const { rows } = this;
    rows.forEach((row, index) => {
      const place = row.querySelector(".rows-number");
      if (place) place.textContent = String(index + 1);
      nameAfresh(row, index + 1);
    });
    hiddenControl(this.form, `${this.name}-order`).value = rows.map((row) => row.dataset.row).join(",");
    if (this.addButton) this.addButton.hidden = this.isFull;
    this.report();
  }

  report() {
    const count = this.form.elements.namedItem(`${this.name}-rows`);
    count.dispatchEvent(new Event("input", { bubbles: true }));
    this.box.dispatchEvent(new CustomEvent("rowschange", { bubbles: true }));
  }

  /** The row in which a control or button stands, null for none. */
  rowOf(element) { return element.closest("[data-row]"); }
}

/** The controls of a row, left to right. */
export function controlsOf(row) { return Array.from(row.querySelectorAll(CONTROLS)); }

/** Whether nothing is typed or chosen in a row. */
export function isBlank(row) {
  return controlsOf(row).every((control) => (
    /^(checkbox|radio)$/.test(control.type) ? !control.checked : control.value.trim() === ""
  ));
}

/** The rows inside an element that holds rows. */
export function rowTable(box) {
  if (!tables.has(box)) tables.set(box, new RowTable(box));
  return tables.get(box);
}

function numbersOf(name, values) {
  const byName = new Map(values);
  const order = byName.get(`${name}-order`);
  if (order) return order.split(",").map(Number);
  const count = Number(byName.get(`${name}-rows`));
  return Array.from({ length: count || 0 }, (_, number) => number);
}

/** Make the rows of a form those that values (pairs of name and text) were typed in. */
export function matchRows(form, values) {
  form.querySelectorAll("[data-rows]").forEach((box) => {
    if (!values.some(([name]) => name === `${box.dataset.rows}-rows`)) return;
    rowTable(box).match(numbersOf(box.dataset.rows, values));
  });
}
