/* Tables of the editor: each has a head, all rows are as long, columns are set alike. */
import {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, goToNextCell, isInTable, Plugin, selectedRect,
  TableMap, TextSelection,
} from "../../vendor/prosemirror/prosemirror.min.js";
import { MOST_COLUMNS, MOST_ROWS } from "./text/dialect.js";
import { schema } from "./text/schema.js";

const { nodes } = schema;
const COLUMNS = 3, BODY_ROWS = 2;

function cell(type) { return type.createAndFill(); }

function row(type) { return nodes.table_row.create(null, Array.from({ length: COLUMNS }, () => cell(type))); }

/** A small table below the block of the cursor; the cursor goes into its first cell. */
export function insertTable(state, dispatch) {
  const { $from } = state.selection;
  if (isInTable(state)) return false;
  if (!dispatch) return true;
  const table = nodes.table.create(null, [
    row(nodes.table_header), ...Array.from({ length: BODY_ROWS }, () => row(nodes.table_cell)),
  ]);
  const isBlank = $from.parent.type === nodes.paragraph && !$from.parent.content.size;
  const at = $from.depth ? $from.after() : state.selection.to;
  const tr = isBlank ? state.tr.replaceWith($from.before(), $from.after(), table) : state.tr.insert(at, table);
  const start = isBlank ? $from.before() : at;
  dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(start + 3))).scrollIntoView());
  return true;
}

/** The command, where the table would stay within what the server shows as a table. */
function within(command, isFull) {
  return (state, dispatch, view) => {
    if (!isInTable(state)) return false;
    const { map } = selectedRect(state);
    return !isFull(map) && command(state, dispatch, view);
  };
}

const isWide = (map) => map.width >= MOST_COLUMNS, isLong = (map) => map.height >= MOST_ROWS;
export const rowAbove = within(addRowBefore, isLong), rowBelow = within(addRowAfter, isLong);
export const columnLeft = within(addColumnBefore, isWide), columnRight = within(addColumnAfter, isWide);

/** The next cell; behind the last one a new row. */
export function nextCell(state, dispatch, view) {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch, view)) return true;
  if (!rowBelow(state)) return true;
  if (dispatch) {
    rowBelow(state, dispatch);
    goToNextCell(1)(view.state, dispatch, view);
  }
  return true;
}

export const previousCell = (state, dispatch) => isInTable(state) && (goToNextCell(-1)(state, dispatch) || true);

/** The cell below; from the last row out of the table, into a paragraph made there if need be. */
export function cellBelow(state, dispatch) {
  if (!isInTable(state)) return false;
  const { map, tableStart, bottom, left, table } = selectedRect(state);
  if (!dispatch) return true;
  const { tr } = state, after = tableStart + table.nodeSize - 1;
  if (bottom < map.height) {
    const position = tableStart + map.map[bottom * map.width + left] + 1;
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(position))).scrollIntoView());
    return true;
  }
  if (!tr.doc.resolve(after).nodeAfter) tr.insert(after, nodes.paragraph.create());
  dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(after), 1)).scrollIntoView());
  return true;
}

/** The columns of the selection set to the left (null), "center" or "right". */
export function alignColumns(align) {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { map, tableStart, left, right, table } = selectedRect(state);
    if (!dispatch) return true;
    const { tr } = state;
    map.cellsInRect({ left, right, top: 0, bottom: map.height }).forEach((offset) => {
      tr.setNodeMarkup(tableStart + offset, null, { ...table.nodeAt(offset).attrs, align });
    });
    dispatch(tr);
    return true;
  };
}

/** How the column of the cursor is set: "left", "center" or "right"; "" outside tables. */
export function alignment(state) {
  if (!isInTable(state)) return "";
  const { map, table, left } = selectedRect(state);
  return table.nodeAt(map.map[left]).attrs.align || "left";
}

/** What a table needs to be stored as it is seen, noted as changes of cells. */
function mend(tr, table, pos) {
  const map = TableMap.get(table), start = pos + 1;
  new Set(map.map).forEach((offset) => {
    const found = table.nodeAt(offset), { top, left } = map.findCell(offset);
    const type = top === 0 ? nodes.table_header : nodes.table_cell;
    const { align } = table.nodeAt(map.map[left]).attrs;
    const { colspan, rowspan } = found.attrs;
    if (found.type === type && found.attrs.align === align && colspan === 1 && rowspan === 1) return;
    tr.setNodeMarkup(start + offset, type, { align, colspan: 1, rowspan: 1, colwidth: null });
  });
}

/** Blank lines where a table stands first or last, for the cursor; nothing is stored of them. */
function makeRoom(tr) {
  const { firstChild, lastChild } = tr.doc;
  if (lastChild.type === nodes.table) tr.insert(tr.doc.content.size, nodes.paragraph.create());
  if (firstChild.type === nodes.table) tr.insert(0, nodes.paragraph.create());
}

function roomBeside(node) { return node.type === nodes.table ? [nodes.paragraph.create()] : []; }

/** The document with room around its tables, as it is shown. */
export function withRoom(doc) {
  const inner = Array.from({ length: doc.childCount }, (_, index) => doc.child(index));
  return nodes.doc.create(null, [...roomBeside(doc.firstChild), ...inner, ...roomBeside(doc.lastChild)]);
}

/** Keeps the first row of each table its head, each column set as its head is, and room around it. */
export function evenTables() {
  return new Plugin({
    appendTransaction(transactions, before, state) {
      if (!transactions.some((transaction) => transaction.docChanged)) return null;
      const { tr } = state;
      state.doc.descendants((node, pos) => {
        if (node.type === nodes.table) mend(tr, node, pos);
        return node.type !== nodes.table;
      });
      makeRoom(tr);
      return tr.docChanged ? tr : null;
    },
  });
}

/** Whether a table has more columns than the server shows as a table, as after a paste into it. */
export function hasWideTable(doc) {
  let isWideOne = false;
  doc.descendants((node) => {
    if (node.type === nodes.table) isWideOne ||= node.firstChild.childCount > MOST_COLUMNS;
    return node.type !== nodes.table;
  });
  return isWideOne;
}
