/* What a text of light Markdown can hold, and nothing else: what is pasted or typed has to fit in. */
import { Schema, tableNodes } from "../../../vendor/prosemirror/prosemirror.min.js";
import { isSafeAddress } from "./dialect.js";

export const DEEPEST_HEADING = 4;

/** How cells of a column are set: as the renderer does, by a class. */
const ALIGN = {
  default: null,
  getFromDOM: (cell) => (/^(right|center)$/.test(cell.dataset.align || "") ? cell.dataset.align : null),
  setDOMAttr: (align, attributes) => {
    if (!align) return;
    attributes["data-align"] = align;
    attributes.class = align === "right" ? "num" : "text-center";
  },
};

function headingRules() {
  return [1, 2, 3, 4, 5, 6].map((level) => (
    { tag: `h${level}`, getAttrs: (node) => ({ level: Math.min(Number(node.dataset.level) || level, DEEPEST_HEADING) }) }
  ));
}

const list = { content: "list_item+", group: "block" };
const TIGHT = { default: true, validate: "boolean" };
const isTight = (node) => node.dataset.tight !== "false";

const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    content: "text*", group: "block", defining: true, attrs: { level: { default: 1, validate: "number" } },
    parseDOM: headingRules(),
    toDOM: ({ attrs }) => [`h${attrs.level + 2}`, { "data-level": attrs.level }, 0],
  },
  bullet_list: {
    ...list, attrs: { tight: TIGHT },
    parseDOM: [{ tag: "ul", getAttrs: (node) => ({ tight: isTight(node) }) }],
    toDOM: ({ attrs }) => ["ul", { "data-tight": attrs.tight }, 0],
  },
  ordered_list: {
    ...list, attrs: { tight: TIGHT, start: { default: 1, validate: "number" } },
    parseDOM: [{ tag: "ol", getAttrs: (node) => ({ tight: isTight(node), start: startOf(node) }) }],
    toDOM: ({ attrs }) => ["ol", { "data-tight": attrs.tight, start: attrs.start === 1 ? null : attrs.start }, 0],
  },
  list_item: { content: "block+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  ...tableNodes({ tableGroup: "block", cellContent: "text*", cellAttributes: { align: ALIGN } }),
  hard_break: {
    inline: true, group: "inline", selectable: false, linebreakReplacement: true,
    parseDOM: [{ tag: "br" }], toDOM: () => ["br"],
  },
  text: { group: "inline" },
};

function startOf(node) {
  const start = Number(node.getAttribute("start"));
  return Number.isInteger(start) && start >= 0 && start < 1e9 && node.hasAttribute("start") ? start : 1;
}

const marks = {
  link: {
    attrs: { href: { validate: "string" } }, inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (node) => {
      const href = node.getAttribute("href");
      return isSafeAddress(href) ? { href } : false;
    } }],
    toDOM: ({ attrs }) => ["a", { href: attrs.href, rel: "noopener" }, 0],
  },
  strong: {
    parseDOM: [{ tag: "strong" }, { tag: "b" }],
    toDOM: () => ["strong", 0],
  },
};

export const schema = new Schema({ nodes, marks });
