/* Keys of the editor, and the signs that become what they stand for while they are typed. */
import {
  baseKeymap, chainCommands, InputRule, inputRules, keymap, redo, splitListItem, textblockTypeInputRule, undo,
  undoInputRule, wrappingInputRule,
} from "../../vendor/prosemirror/prosemirror.min.js";
import {
  indentItem, insertBreak, outdentItem, setHeading, setParagraph, toggleBold,
} from "./commands.js";
import { cellBelow, nextCell, previousCell } from "./tables.js";
import { isSafeAddress } from "./text/dialect.js";
import { DEEPEST_HEADING, schema } from "./text/schema.js";

const { nodes, marks } = schema;

export function editorKeys(openLink) {
  return [
    keymap({
      "Mod-b": toggleBold, "Mod-B": toggleBold,
      "Mod-k": openLink,
      "Mod-z": undo, "Mod-y": redo, "Shift-Mod-z": redo,
      "Mod-Alt-0": setParagraph, "Mod-Alt-1": setHeading(1), "Mod-Alt-2": setHeading(2),
      "Mod-]": indentItem, "Mod-[": outdentItem,
      // Outside tables Tab leaves the editor, as it leaves any other field.
      Tab: nextCell, "Shift-Tab": previousCell,
      "Shift-Enter": chainCommands(cellBelow, insertBreak), "Mod-Enter": () => true,
      Enter: chainCommands(cellBelow, splitListItem(nodes.list_item)),
      Backspace: undoInputRule,
    }),
    keymap(baseKeymap),
  ];
}

/** A mark over the words of a match, its signs taken away. */
function markRule(pattern, markOf) {
  return new InputRule(pattern, (state, match, start, end) => {
    const mark = markOf(match);
    if (!mark) return null;
    const from = start + match[0].indexOf(match[1]), { tr } = state;
    tr.delete(from + match[1].length, end).delete(start, from);
    return tr.addMark(start, start + match[1].length, mark).removeStoredMark(mark.type);
  });
}

export function typingRules() {
  return inputRules({ rules: [
    textblockTypeInputRule(/^(#{1,4})[ \u3000]$/, nodes.heading, ([, signs]) => (
      { level: Math.min(signs.length, DEEPEST_HEADING) }
    )),
    wrappingInputRule(/^[-+*][ \u3000]$/, nodes.bullet_list),
    wrappingInputRule(/^(\d{1,9})[.)] $/, nodes.ordered_list, ([, number]) => ({ start: Number(number) }),
      ([, number], list) => list.childCount + list.attrs.start === Number(number)),
    markRule(/\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, () => marks.strong.create()),
    markRule(/\[([^[\]]+)\]\([^\s()]+\)$/, ([whole, words]) => {
      const href = whole.slice(words.length + 3, -1);
      return isSafeAddress(href) ? marks.link.create({ href }) : null;
    }),
  ] });
}
