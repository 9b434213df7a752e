/* HTML of the clipboard as text: taken down to the tags and the few facts that the next steps read.
   Parsed as it comes, it would apply styles, which the page's security policy refuses and reports. */
const LISTS = /<!(?:--)?\[if !supportLists\](?:--)?>([\s\S]*?)<!(?:--)?\[endif\](?:--)?>/gi;
const COMMENTS = /<!--[\s\S]*?-->|<![^>]*>|<\?[^>]*>/g;
const UNSEEN = /<(head|style|script|title|template|noscript|xml)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;
const OFFICE = /<o:p>(?:\s|&nbsp;|&#160;)*<\/o:p>|<\/?[a-z][\w-]*:[^>]*>/gi;
const TAG = /<(\/?)([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const ATTRIBUTE = /([^\s=/"']+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/g;
const PREFORMATTED = /<pre\b[^>]*>([\s\S]*?)<\/pre\s*>/gi;
const WIDE = "[\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\u201c\\u201d]";
// A line end between two Chinese characters is no blank: word processors wrap their source anywhere.
const WRAPPED = new RegExp(`(${WIDE}(?:<[^>]*>)*)\\s*\\n\\s*(?=(?:<[^>]*>)*${WIDE})`, "g");
const SYMBOL_FONT = /font(?:-family)?\s*:[^;]*(?:symbol|wingdings|webdings)/i;
const COPIED = /^(?:href|colspan|rowspan|start|data-(?:pm-slice|tight|level|align|marker|symbol))$/;

function attributesOf(text) {
  const found = {};
  for (const [, name, value] of text.matchAll(ATTRIBUTE)) {
    found[name.toLowerCase()] = /^["']/.test(value) ? value.slice(1, -1) : value;
  }
  return found;
}

function pick(style, pattern) {
  const match = pattern.exec(style);
  return match ? match[1] : null;
}

function yes(isSo) { return isSo ? "yes" : null; }

function weightOf(style) {
  const weight = pick(style, /(?:^|[;\s])font-weight\s*:\s*(\w+)/i);
  return weight && (/^(bold|bolder|[6-9]00)$/i.test(weight) ? "yes" : "no");
}

/** What is read off the style, the class and the alignment of an element. */
const FACTS = {
  "data-bold": weightOf,
  "data-align": (style, _, align) => pick(style, /text-align\s*:\s*(right|center)/i) || pick(align, /^(right|center)$/i),
  "data-list": (style) => pick(style, /mso-list\s*:\s*(l\d+)/i),
  "data-depth": (style) => pick(style, /mso-list\s*:[^;]*level(\d)/i),
  "data-heading": (style, names) => pick(style, /mso-outline-level\s*:\s*(\d)/i) || pick(names, /MsoHeading(\d)/i) ||
    (/\bMsoTitle\b/i.test(names) ? "0" : null),
  "data-ignore": (style) => yes(/mso-list\s*:\s*ignore/i.test(style)),
  "data-hidden": (style) => yes(/display\s*:\s*none|mso-hide\s*:\s*all/i.test(style)),
  "data-symbol": (style) => yes(SYMBOL_FONT.test(style)),
  "data-comment": (style, names) => yes(/mso-element\s*:\s*comment\b/i.test(style) || /msocom(?:anchor|txt)/i.test(names)),
  "data-struck": (style) => yes(/text-decoration[^;]*:[^;]*line-through/i.test(style)),
};

function factsOf({ style = "", class: names = "", align = "" }) {
  return Object.entries(FACTS).map(([key, read]) => [key, read(style, names, align)]);
}

function quoted(value) { return value.replace(/"/g, "&quot;").replace(/</g, "&lt;"); }

function rewrite(_, close, name, rest) {
  if (close) return `</${name.toLowerCase()}>`;
  const attributes = attributesOf(rest);
  const kept = Object.entries(attributes).filter(([key]) => COPIED.test(key));
  const facts = factsOf(attributes).filter(([key, value]) => value !== null && !(key in attributes));
  const text = [...kept, ...facts].map(([key, value]) => ` ${key}="${quoted(value)}"`);
  return `<${name.toLowerCase()}${text.join("")}>`;
}

/** The sign or number that a word processor draws before an item. */
function marker(_, inner) {
  const words = inner.replace(/<[^>]*>/g, "").replace(/&nbsp;|&#160;|\s/g, "");
  return `<i data-marker="${quoted(words)}"${SYMBOL_FONT.test(inner) ? ' data-symbol="yes"' : ""}></i>`;
}

/** The HTML with known tags' facts only: no styles, classes, comments, addresses of pictures. */
export function reduceMarkup(html) {
  return html.replace(/\r\n?/g, "\n").replace(LISTS, marker).replace(COMMENTS, "").replace(UNSEEN, "")
    .replace(OFFICE, "").replace(PREFORMATTED, (_, inner) => `<p>${inner.trim().replace(/\n/g, "<br>")}</p>`)
    .replace(TAG, rewrite).replace(WRAPPED, "$1");
}
