/* Whoever was typing in the textarea before the scripts had come goes on in the editor, in the same place. */
import { baseKeymap, TextSelection } from "../../vendor/prosemirror/prosemirror.min.js";

/** Where `before`, the document of the text in front of the caret, ends in `doc`; `beginsLine`: where the next line
    begins. Without `before` (that text alone is no document) the end. */
function placeOf(doc, before, beginsLine) {
  if (before === null) return TextSelection.atEnd(doc);
  const end = TextSelection.atEnd(before).head, last = doc.content.size;
  return beginsLine
    ? TextSelection.near(doc.resolve(Math.min(end + 1, last)), 1)
    : TextSelection.near(doc.resolve(Math.min(end, last)), -1);
}

/** Put caret and focus into the view where they are in the textarea; `read` makes a document of a text. */
export function goOnTyping(view, area, at, read) {
  const text = area.value, before = text.slice(0, at);
  const beginsLine = before.endsWith("\n"), isLast = !text.slice(at).trim();
  const place = placeOf(view.state.doc, isLast ? null : read(before), beginsLine);
  view.dispatch(view.state.tr.setSelection(place));
  view.focus();
  // A document ends with its last word; whoever had begun a new line has it again.
  if (isLast && beginsLine && text !== area.defaultValue) baseKeymap.Enter(view.state, view.dispatch);
}
