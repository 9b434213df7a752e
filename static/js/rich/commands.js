/* What the buttons and keys of the editor do: commands of ProseMirror on the portal's own schema. */
import {
  liftListItem, setBlockType, sinkListItem, TextSelection, toggleMark, wrapInList,
} from "../../vendor/prosemirror/prosemirror.min.js";
import { schema } from "./text/schema.js";

const { nodes, marks } = schema;
const LISTS = [nodes.bullet_list, nodes.ordered_list];
const DEEPEST_LIST = 4;  // the server shows deeper ones as plain lines

export const toggleBold = toggleMark(marks.strong);
export const indentItem = (state, dispatch, view) => (
  listDepth(state) < DEEPEST_LIST && sinkListItem(nodes.list_item)(state, dispatch, view)
);
export const outdentItem = liftListItem(nodes.list_item);

/** The nearest list around the selection as {node, pos, depth}, or null. */
export function listAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (LISTS.includes($from.node(depth).type)) return { node: $from.node(depth), pos: $from.before(depth), depth };
  }
  return null;
}

function listDepth(state) {
  const { $from } = state.selection;
  return Array.from({ length: $from.depth + 1 }, (_, depth) => $from.node(depth))
    .filter((node) => LISTS.includes(node.type)).length;
}

/** Into a list of this kind, out of one, or from one kind to the other. */
export function toggleList(type) {
  return (state, dispatch, view) => {
    const list = listAround(state);
    if (!list) return wrapText(type, state, dispatch);
    if (list.node.type === type) return outdentItem(state, dispatch, view);
    if (dispatch) dispatch(state.tr.setNodeMarkup(list.pos, type, { tight: list.node.attrs.tight }));
    return true;
  };
}

/** Blocks as items of a list; headings among them become text first. */
function wrapText(type, state, dispatch) {
  let { tr } = state;
  setParagraph(state, (made) => { tr = made; });
  return wrapInList(type)(state.apply(tr), dispatch && ((wrapped) => {
    wrapped.steps.forEach((step) => { tr.step(step); });
    dispatch(tr.scrollIntoView());
  }));
}

/** A heading of this level, a paragraph again where it is one already. */
export function setHeading(level) {
  return (state, dispatch, view) => (headingLevel(state) === level
    ? setParagraph(state, dispatch, view)
    : setBlockType(nodes.heading, { level })(state, dispatch, view));
}

export const setParagraph = setBlockType(nodes.paragraph);

/** The level of the heading in which the selection begins, 0 outside one. */
export function headingLevel(state) {
  const { parent } = state.selection.$from;
  return parent.type === nodes.heading ? parent.attrs.level : 0;
}

export function isBold(state) {
  const { from, to, empty, $from } = state.selection;
  if (empty) return Boolean(marks.strong.isInSet(state.storedMarks || $from.marks()));
  return state.doc.rangeHasMark(from, to, marks.strong);
}

/** A line break; two of them are a new paragraph, as they are stored. */
export function insertBreak(state, dispatch) {
  const { $from } = state.selection;
  if ($from.parent.type !== nodes.paragraph) return false;
  if (dispatch) {
    const made = nodes.hard_break.create(null, null, state.storedMarks || $from.marks());
    dispatch(state.tr.replaceSelectionWith(made, false).scrollIntoView());
  }
  return true;
}

// -- links ------------------------------------------------------------------------------------------

/** The stretch of the link at the selection: {from, to, href}; null outside one. */
export function linkAround(state) {
  const { $from, from } = state.selection, stretches = [];
  $from.parent.forEach((child, offset) => {
    const mark = marks.link.isInSet(child.marks), start = $from.start() + offset, end = start + child.nodeSize;
    const last = stretches[stretches.length - 1];
    if (mark && last && last.to === start && last.href === mark.attrs.href) last.to = end;
    else if (mark) stretches.push({ from: start, to: end, href: mark.attrs.href });
  });
  return stretches.find((stretch) => stretch.from <= from && from <= stretch.to) || null;
}

/** Where a link would be set: an existing one, what is selected in one block, or the cursor. */
export function linkTarget(state) {
  const existing = linkAround(state), { from, to, $from, $to } = state.selection;
  if (existing) return { ...existing, text: state.doc.textBetween(existing.from, existing.to, "", " ") };
  const end = $from.sameParent($to) ? to : $from.end();
  return { from, to: end, href: "", text: state.doc.textBetween(from, end, "", " ") };
}

/** A link over the target; its words are replaced only where they were changed. */
export function setLink({ from, to, text }, words, href) {
  return (state, dispatch) => {
    const mark = marks.link.create({ href }), { tr } = state;
    if (words === text) tr.removeMark(from, to, marks.link).addMark(from, to, mark);
    else {
      const kept = state.doc.resolve(from).marksAcross(state.doc.resolve(to)) || [];
      tr.replaceWith(from, to, schema.text(words, mark.addToSet(marks.link.removeFromSet(kept))));
    }
    const end = from + (words === text ? to - from : words.length);
    dispatch(tr.setSelection(TextSelection.create(tr.doc, end)).removeStoredMark(marks.link).scrollIntoView());
    return true;
  };
}

export function removeLink({ from, to }) {
  return (state, dispatch) => {
    dispatch(state.tr.removeMark(from, to, marks.link));
    return true;
  };
}
