/* Pasted words: bold, links, signs of symbol fonts; what has no place in the portal's texts. */
import { isSafeAddress } from "../text/dialect.js";
import { fromSymbolFont, withoutPrivate } from "./symbols.js";

const MEDIA = "video, audio, iframe, object, embed, canvas, svg, math";
const UNSEEN = "[data-hidden], input, select, textarea, button, meta, link, col, colgroup";
const RAISED = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹", "+": "⁺", "-": "⁻" };
const LOWERED = { 0: "₀", 1: "₁", 2: "₂", 3: "₃", 4: "₄", 5: "₅", 6: "₆", 7: "₇", 8: "₈", 9: "₉" };

export function unwrap(node) { node.replaceWith(...node.childNodes); }

/** Put `node` into a new element of that name, with all that is in it. */
export function rename(node, name) {
  const made = node.ownerDocument.createElement(name);
  made.append(...node.childNodes);
  node.replaceWith(made);
  return made;
}

function removeAll(body, selector) {
  const found = body.querySelectorAll(selector);
  found.forEach((node) => { node.remove(); });
  return found.length;
}

function setBold(body) {
  body.querySelectorAll("b[data-bold='no'], strong[data-bold='no']").forEach(unwrap);
  body.querySelectorAll("span[data-bold='yes'], font[data-bold='yes']").forEach((node) => { rename(node, "strong"); });
  body.querySelectorAll("p[data-bold='yes'], li[data-bold='yes'], td[data-bold='yes']").forEach((node) => {
    const made = node.ownerDocument.createElement("strong");
    made.append(...node.childNodes);
    node.append(made);
  });
}

function takeSigns(body, losses) {
  body.querySelectorAll("[data-symbol]").forEach((node) => {
    if (node.dataset.marker === undefined && !node.children.length) node.textContent = fromSymbolFont(node.textContent);
  });
  textsOf(body).forEach((text) => { text.data = withoutPrivate(text.data, () => { losses.add("symbol"); }); });
}

export function textsOf(node) {
  const walker = node.ownerDocument.createTreeWalker(node, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts;
}

function raise(body, tag, signs, losses) {
  body.querySelectorAll(tag).forEach((node) => {
    const text = node.textContent.trim();
    if (text && Array.from(text).every((sign) => sign in signs)) {
      node.textContent = Array.from(text).map((sign) => signs[sign]).join("");
    } else if (text) losses.add("raised");
    unwrap(node);
  });
}

function checkLinks(body, losses) {
  body.querySelectorAll("a").forEach((link) => {
    const address = (link.getAttribute("href") || "").trim();
    if (isSafeAddress(address)) {
      link.setAttribute("href", address);
      return;
    }
    if (address && link.textContent.trim()) losses.add("link", 1, link.textContent);
    unwrap(link);
  });
}

/** Take out of the body what its texts cannot have, and note it. */
export function tidyWords(body, losses) {
  losses.add("comment", body.querySelectorAll("div[data-comment]").length || body.querySelectorAll("a[data-comment]").length);
  removeAll(body, "[data-comment]");
  losses.add("picture", removeAll(body, "img, picture"));
  losses.add("media", removeAll(body, MEDIA));
  removeAll(body, UNSEEN);
  const struck = body.querySelectorAll("s, strike, del, [data-struck]");
  losses.add("struck", Array.from(struck).filter((node) => node.textContent.trim()).length);
  const styled = Array.from(body.querySelectorAll("u, em, i:not([data-marker])"));
  if (styled.some((node) => node.textContent.trim())) losses.add("style");
  raise(body, "sup", RAISED, losses);
  raise(body, "sub", LOWERED, losses);
  setBold(body);
  takeSigns(body, losses);
  checkLinks(body, losses);
}
