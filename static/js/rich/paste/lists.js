/* Lists of word processors, which come as paragraphs with a sign or a number drawn before them. */
import { afterBullet, isBullet, withoutPrivate } from "./symbols.js";
import { textsOf } from "./words.js";

const NUMBER = /^(\d{1,6})[.．、)）]?$/;
const NOTHING = () => {};

/** The drawn sign of a paragraph, taken out of it: {text, isSymbol}. */
function takeMarker(paragraph) {
  const drawn = paragraph.querySelector("[data-marker], [data-ignore]");
  if (!drawn) return { text: "", isSymbol: false };
  const text = (drawn.dataset.marker ?? drawn.textContent).replace(/[\s\u00a0]/g, "");
  const isSymbol = drawn.dataset.symbol !== undefined || drawn.querySelector("[data-symbol]") !== null ||
    (drawn.dataset.marker === undefined && drawn.closest("[data-symbol]") !== null);
  drawn.remove();
  return { text: withoutPrivate(text, NOTHING), isSymbol };
}

/** What kind of item a paragraph is: {name, start, depth, list}; null for words. */
function itemOf(paragraph) {
  const { depth, list } = paragraph.dataset;
  if (list === undefined) return typedItem(paragraph);
  const drawn = takeMarker(paragraph), kind = kindOf(drawn) || (drawn.text ? null : typedItem(paragraph));
  // 一、 （1） ① and the like mean more than their order: they stay as they were written.
  if (!kind && drawn.text) paragraph.prepend(drawn.text);
  return kind && { ...kind, depth: Number(depth || 1), list };
}

function kindOf({ text, isSymbol }) {
  if (isSymbol || isBullet(text)) return { name: "ul" };
  const number = NUMBER.exec(text);
  return number && { name: "ol", start: Number(number[1]) };
}

/** A paragraph that begins with a bullet somebody typed. */
function typedItem(paragraph) {
  const first = textsOf(paragraph).find((text) => text.data.trim());
  const rest = first ? afterBullet(first.data) : null;
  if (rest === null) return null;
  first.data = rest;
  return { name: "ul", depth: 1, list: "typed" };
}

function append(stack, item, paragraph) {
  const { ownerDocument } = paragraph;
  while (stack.length && stack[stack.length - 1].depth > item.depth) stack.pop();
  let top = stack[stack.length - 1];
  if (!top || top.depth < item.depth) {
    const made = ownerDocument.createElement(item.name);
    if (item.name === "ol" && item.start !== 1) made.setAttribute("start", item.start);
    if (top) top.node.lastElementChild.append(made);
    else paragraph.before(made);
    top = { node: made, depth: item.depth };
    stack.push(top);
  }
  const li = ownerDocument.createElement("li"), words = ownerDocument.createElement("p");
  words.append(...paragraph.childNodes);
  li.append(words);
  top.node.append(li);
  paragraph.remove();
}

function belongs(item, run) { return run.length > 0 && (item.depth > 1 || (item.name === run[0].name && item.list === run[0].list)); }

function nextElement(node) {
  let next = node.nextSibling;
  while (next && next.nodeType === 3 && !next.data.trim()) next = next.nextSibling;
  return next;
}

/** Gather paragraphs that were drawn as items into lists. */
export function gatherLists(body) {
  let run = [], stack = [], last = null;
  Array.from(body.querySelectorAll("p, div[data-list], h1[data-list], h2[data-list], h3[data-list]")).forEach((paragraph) => {
    if (paragraph.closest("li") || paragraph.querySelector("p, table")) return;
    const isHeading = /^H\d$/.test(paragraph.tagName) || paragraph.dataset.heading !== undefined;
    const item = isHeading ? headingMarker(paragraph) : itemOf(paragraph);
    if (!item) {
      run = [];
      return;
    }
    if (!belongs(item, run) || last !== paragraph) [run, stack] = [[], []];
    last = nextElement(paragraph);
    run.push(item);
    append(stack, item, paragraph);
  });
}

/** The number of a heading is part of its words. */
function headingMarker(paragraph) {
  const { text } = takeMarker(paragraph);
  if (text) paragraph.prepend(text);
  return null;
}
