/* What the editor of light Markdown uses of ProseMirror; bundled into static/vendor/prosemirror. */
export { baseKeymap, chainCommands, setBlockType, toggleMark } from "prosemirror-commands";
export { history, redo, undo } from "prosemirror-history";
export {
  InputRule, inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule,
} from "prosemirror-inputrules";
export { keymap } from "prosemirror-keymap";
export { Fragment, Schema, Slice } from "prosemirror-model";
export { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
export { EditorState, Plugin, TextSelection } from "prosemirror-state";
export {
  addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, goToNextCell,
  isInTable, selectedRect, tableEditing, TableMap, tableNodes,
} from "prosemirror-tables";
export { EditorView } from "prosemirror-view";
