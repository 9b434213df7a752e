/* What spreadsheets and word processors put on the clipboard, as rows of cells. */

const QUOTED = /^"((?:[^"]|"")*)"(?=\t|\n|$)/;
const TAG = /<(\/?)([a-z][a-z0-9:]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
const UNSEEN = /<!--[\s\S]*?-->|<!\[[\s\S]*?\]>|<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi;
const WORD = /urn:schemas-microsoft-com:office:word|ProgId content=["']?Word|class=["']?Mso/i;
const MERGED = /\browspan\s*=\s*["']?(?:[2-9]|\d\d)/i;
const ENTITIES = { nbsp: " ", amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", ensp: " ", emsp: " " };
const MOST_SPANNED = 60;

/** Rows of a text whose cells are parted by tabs; a cell with a tab or line end stands in quotes. */
export function rowsOfText(text) {
  const rows = [[]];
  let rest = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (rest !== "") {
    const quoted = QUOTED.exec(rest);
    const cell = quoted ? quoted[0] : /^[^\t\n]*/.exec(rest)[0];
    rows[rows.length - 1].push(quoted ? quoted[1].replace(/""/g, '"') : cell);
    const end = rest[cell.length];
    rest = rest.slice(cell.length + 1);
    if (end === "\n") rows.push([]);
    else if (end === "\t" && rest === "") rows[rows.length - 1].push("");
  }
  return rows.filter((row) => row.length);
}

function character(name) {
  if (name[0] !== "#") return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** The text of a piece of HTML without tags: line ends of the source are blanks there. */
function plainText(html) {
  return html.replace(/\s+/g, " ").replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name) => character(name) || whole);
}

function span(attributes, name) {
  const match = new RegExp(`\\b${name}\\s*=\\s*["']?(\\d{1,4})`, "i").exec(attributes);
  return match ? Math.min(Math.max(Number(match[1]), 1), MOST_SPANNED) : 1;
}

/** The rows of tables, gathered from the tags of a piece of HTML and the text between them. */
class TableReader {
  constructor() {
    this.rows = [];
    this.cell = null;
    this.below = new Map();  // column → {text, rows} of a cell that reaches into the rows below
  }

  text(html) { if (this.cell) this.cell.text += plainText(html); }

  breakLine() { if (this.cell) this.cell.text += "\n"; }

  endCell() {
    const { cell } = this, row = this.rows[this.rows.length - 1];
    this.cell = null;
    if (!cell) return;
    const text = cell.text.trim();
    if (cell.rows > 1) this.below.set(row.length, { text, rows: cell.rows - 1 });
    row.push(text, ...Array(cell.span - 1).fill(""));
    this.fillFromAbove(row);
  }

  /** Cells that were merged downwards hold in each of their rows. */
  fillFromAbove(row) {
    for (let above = this.below.get(row.length); above && above.isDue; above = this.below.get(row.length)) {
      above.rows -= 1;
      above.isDue = false;
      if (!above.rows) this.below.delete(row.length);
      row.push(above.text);
    }
  }

  beginRow() {
    this.below.forEach((above) => { above.isDue = true; });
    this.rows.push([]);
    this.fillFromAbove(this.rows[this.rows.length - 1]);
  }

  tag(name, isEnd, attributes) {
    if (/^(td|th|tr|table)$/.test(name)) this.endCell();
    if (isEnd ? /^(p|div|li)$/.test(name) : name === "br") this.breakLine();
    if (isEnd) return;
    if (name === "tr") this.beginRow();
    if (/^t[dh]$/.test(name) && this.rows.length) {
      this.cell = { text: "", span: span(attributes, "colspan"), rows: span(attributes, "rowspan") };
    }
  }
}

/** Rows of the tables in a piece of HTML. Read as text, so that nothing of it is loaded or run. */
export function rowsOfHtml(html) {
  const reader = new TableReader(), seen = html.replace(UNSEEN, "");
  let last = 0;
  for (const match of seen.matchAll(TAG)) {
    reader.text(seen.slice(last, match.index));
    reader.tag(match[2].toLowerCase(), match[1] === "/", match[3]);
    last = match.index + match[0].length;
  }
  reader.endCell();
  return reader.rows.filter((row) => row.length);
}

/** Rows of what was copied, [] where it is no table: plain words are pasted as ever. Spreadsheets
    are read by their text, which shows what the sheet shows; a cell of Word may hold several
    paragraphs, and merged cells reach into rows below, which only HTML keeps together. */
export function copiedRows(text, html) {
  if (html && /<table\b/i.test(html) && (WORD.test(html) || MERGED.test(html) || !text.includes("\t"))) {
    const rows = rowsOfHtml(html);
    if (rows.length > 1 || (rows[0] || []).length > 1) return rows;
  }
  return /[\t\n\r]/.test(text.trim()) ? rowsOfText(text) : [];
}
