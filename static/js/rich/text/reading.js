/* Light Markdown as a document of the editor. */
import { Fragment } from "../../../vendor/prosemirror/prosemirror.min.js";
import { parse } from "./dialect.js";
import { DEEPEST_HEADING, schema } from "./schema.js";

const { nodes, marks } = schema;
export const JOINER = "\u2060";  // stands where the writer kept a sign from being markup

/** The pieces of an inline token: texts and line breaks with their marks. */
function inline(token, breaks = true) {
  const active = [], pieces = [];
  for (const child of token.children || []) {
    if (child.type === "strong_open") active.push(marks.strong.create());
    else if (child.type === "link_open") active.push(linkOf(child));
    else if (child.type.endsWith("_close")) active.pop();
    else if (/^(soft|hard)break$/.test(child.type)) pieces.push(breakOf(breaks, active));
    else pieces.push(...textOf(child.content, active));
  }
  return Fragment.from(pieces);
}

function marksOf(active) { return active.filter(Boolean).reduce((set, mark) => mark.addToSet(set), []); }

function breakOf(isAllowed, active) {
  return isAllowed ? nodes.hard_break.create(null, null, marksOf(active)) : schema.text(" ", marksOf(active));
}

function textOf(content, active) {
  const text = content.replaceAll(JOINER, "");
  return text ? [schema.text(text, marksOf(active))] : [];
}

function linkOf(token) {
  const href = token.attrGet("href");
  return href ? marks.link.create({ href }) : null;  // without an address it is its words
}

/** Levels follow each other without a gap, as they are shown. */
function levelHeadings(tokens) {
  const above = [], levels = new Map();
  tokens.forEach((token, index) => {
    if (token.type !== "heading_open" || !tokens[index + 1].content) return;
    const typed = Number(token.tag.slice(1));
    while (above.length && above[above.length - 1] >= typed) above.pop();
    above.push(typed);
    levels.set(token, Math.min(above.length, DEEPEST_HEADING));
  });
  return levels;
}

function alignOf(token) {
  const match = /(right|center)$/.exec(token.attrGet("style") || "");
  return match ? match[1] : null;
}

const OPENED = {
  bullet_list_open: () => [nodes.bullet_list, { tight: true }],
  ordered_list_open: (token) => [nodes.ordered_list, { tight: true, start: Number(token.attrGet("start") ?? 1) }],
  list_item_open: () => [nodes.list_item],
  table_open: () => [nodes.table],
  tr_open: () => [nodes.table_row],
  th_open: (token) => [nodes.table_header, { align: alignOf(token) }],
  td_open: (token) => [nodes.table_cell, { align: alignOf(token) }],
};

class Builder {
  constructor(tokens) {
    this.levels = levelHeadings(tokens);
    this.stack = [{ type: nodes.doc, attrs: null, content: [] }];
    tokens.forEach((token) => { this.take(token); });
  }

  get top() { return this.stack[this.stack.length - 1]; }

  open(type, attrs = null) { this.stack.push({ type, attrs, content: [] }); }

  close() {
    const { type, attrs, content } = this.stack.pop();
    const node = type.createAndFill(attrs, content);
    if (node) this.top.content.push(node);
  }

  take(token) {
    const { type } = token;
    if (type === "inline") this.top.content.push(...inline(token, this.top.type === nodes.paragraph).content);
    else if (type === "heading_open") this.open(nodes.heading, { level: this.levels.get(token) || 0 });
    else if (type === "heading_close") this.closeHeading();
    else if (type === "paragraph_open") this.openParagraph(token);
    else if (type in OPENED) this.open(...OPENED[type](token));
    else if (type.endsWith("_close") && !/^t(head|body)/.test(type)) this.close();
  }

  openParagraph(token) {
    const list = this.stack[this.stack.length - 2];
    // A paragraph that is drawn as such parts the items of its list.
    if (this.top.type === nodes.list_item && !token.hidden) list.attrs.tight = false;
    this.open(nodes.paragraph);
  }

  /** An empty heading is none. */
  closeHeading() {
    if (this.top.attrs.level) this.close();
    else this.stack.pop();
  }
}

/** The document of a text; null for one that the editor cannot show (see `parse`). */
export function readMarkdown(text) {
  const tokens = parse(text);
  return tokens && nodes.doc.createAndFill(null, new Builder(tokens).stack[0].content);
}
