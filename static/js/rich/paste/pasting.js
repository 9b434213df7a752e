/* What the editor does with the clipboard. */
import { Fragment, isInTable, Plugin, Slice } from "../../../vendor/prosemirror/prosemirror.min.js";
import { schema } from "../text/schema.js";
import { readMarkdown } from "../text/reading.js";
import { Losses } from "./losses.js";
import { plainToMarkdown } from "./plain.js";
import { restructure } from "./structure.js";

const { nodes } = schema;

function paragraphs(text) {
  return nodes.doc.create(null, text.split(/\n+/).map((line) => nodes.paragraph.create(null, line ? schema.text(line) : [])));
}

function openness(node) { return node.type === nodes.paragraph ? 1 : 0; }

/** Words at the ends flow into the text around them. */
function sliceOf(doc) { return new Slice(doc.content, openness(doc.firstChild), openness(doc.lastChild)); }

/** All words of a slice in one line, with their marks. */
function lineOf(slice) {
  const pieces = [];
  slice.content.descendants((node) => {
    if (node.isTextblock && pieces.length && node.content.size) pieces.push(schema.text(" "));
    if (node.isText) pieces.push(node);
    else if (node.type === nodes.hard_break) pieces.push(schema.text(" "));
    return true;
  });
  return Fragment.from(pieces);
}

function holdsTable(slice) {
  let found = false;
  slice.content.descendants((node) => { found ||= node.type.name.startsWith("table"); });
  return found;
}

/** What the losses are when files come in place of words; null where words come. */
function filesOf(data) {
  if (!data || !data.files.length || data.getData("text/html") || data.getData("text/plain")) return null;
  const losses = new Losses();
  Array.from(data.files).forEach((file) => { losses.add(file.type.startsWith("image/") ? "picture" : "file"); });
  return losses;
}

/** The plugin; `say` gets a sentence of what was not kept, "" where all was. */
export function pasting(say) {
  return new Plugin({ props: {
    transformPastedHTML(html) {
      const losses = new Losses(), kept = restructure(html, losses);
      say(losses.sentence());
      return kept;
    },
    clipboardTextParser(text) {
      const losses = new Losses();
      const markdown = plainToMarkdown(text, () => { losses.add("symbol"); });
      say(losses.sentence());
      return sliceOf(readMarkdown(markdown) || paragraphs(text));
    },
    handleDrop(view, event) {
      const losses = filesOf(event.dataTransfer);
      if (losses) say(losses.sentence());
      return losses !== null;
    },
    handlePaste(view, event, slice) {
      const losses = filesOf(event.clipboardData);
      if (losses) {
        say(losses.sentence());
        return true;
      }
      if (!isInTable(view.state) || holdsTable(slice)) return false;
      view.dispatch(view.state.tr.replaceSelection(new Slice(lineOf(slice), 0, 0)).scrollIntoView());
      return true;
    },
  } });
}
