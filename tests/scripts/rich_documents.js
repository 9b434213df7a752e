/* Documents of the editor made at random, full of signs that could be taken for markup. */
import { schema } from "../../static/js/rich/text/schema.js";

const { nodes, marks } = schema;
const PIECES = [
  "#", "# ", "- ", "-", "1. ", "2) ", "**", "*", "[", "](", "(", ")", "|", "---", " ", "  ", "甲", "乙方", "abc", "：", "\\",
  "&lt;", "_", "`", "+ ", ":-", "12.", "　", "<b>", "!",
];
const ADDRESSES = ["/calls", "https://a.cn/x?a=1&b=2", "/a(b)", "/a)", "mailto:a@b.cn", "/x**y", "/a?b=&lt;"];

/** Whole numbers below `n`, the same for the same seed. */
export function numbers(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

function times(count, make) { return Array.from({ length: count }, make); }

export class Maker {
  constructor(seed) { this.below = numbers(seed); }

  pick(choices) { return choices[this.below(choices.length)]; }

  text() { return times(1 + this.below(5), () => this.pick(PIECES)).join(""); }

  marks() {
    const strong = this.below(3) === 0 ? [marks.strong.create()] : [];
    return this.below(4) === 0 ? marks.link.create({ href: this.pick(ADDRESSES) }).addToSet(strong) : strong;
  }

  words(breaks) {
    return times(this.below(9) ? 1 + this.below(4) : 0, () => (breaks && this.below(5) === 0
      ? nodes.hard_break.create(null, null, this.marks()) : schema.text(this.text(), this.marks())));
  }

  table() {
    const aligns = times(1 + this.below(3), () => this.pick([null, null, "right", "center"]));
    const row = (type) => nodes.table_row.create(null, aligns.map((align) => type.create({ align }, this.words(false))));
    return nodes.table.create(null, times(1 + this.below(3), (_, y) => row(y ? nodes.table_cell : nodes.table_header)));
  }

  list(depth) {
    const items = times(1 + this.below(3), () => (
      nodes.list_item.create(null, times(this.below(3) ? 1 : 1 + this.below(3), () => this.block(depth + 1)))
    ));
    const tight = this.below(2) === 0;
    if (this.below(2)) return nodes.bullet_list.create({ tight }, items);
    return nodes.ordered_list.create({ tight, start: this.pick([1, 1, 3, 99]) }, items);
  }

  block(depth = 0) {
    const kind = this.below(depth > 2 ? 2 : 8);
    if (kind < 3) return nodes.paragraph.create(null, this.words(true));
    if (kind === 3) return nodes.heading.create({ level: 1 + this.below(3) }, this.words(false));
    return kind === 4 ? this.table() : this.list(depth);
  }

  document() { return nodes.doc.create(null, times(1 + this.below(4), () => this.block())); }
}

// -- what people see of a document ------------------------------------------------------------------

const BLANK = /\s/;

/** The lines of a block, each sign with its look; blanks look alike however they are marked. */
function lines(node) {
  const found = [[]];
  node.forEach((child) => {
    if (child.type === nodes.hard_break) found.push([]);
    else for (const sign of child.text) found[found.length - 1].push(look(sign, child.marks));
  });
  return found.map(trimmed);
}

function look(sign, set) {
  const link = marks.link.isInSet(set), isBold = Boolean(marks.strong.isInSet(set));
  // Brackets of a link and bars of a wide head may be written in their full width.
  const drawn = { "［": "[", "］": "]", "｜": "|" }[sign] || sign;
  return BLANK.test(sign) ? [drawn] : [drawn, isBold, link ? decodeURIComponent(link.attrs.href) : ""];
}

function isInk([sign]) { return !BLANK.test(sign); }

function trimmed(line) {
  return line.slice(line.findIndex(isInk) < 0 ? line.length : line.findIndex(isInk), line.findLastIndex(isInk) + 1);
}

function paragraphs(node) {
  const made = [];
  let open = false;
  lines(node).forEach((line) => {
    if (line.length && open) made[made.length - 1].push(line);
    else if (line.length) made.push(["text", line]);
    open = line.length > 0;
  });
  return made;
}

/** A tree of what is seen: blank lines and empty headings are not, levels of headings have no gaps. */
export function seen(node, above = []) {
  const inside = () => {
    const found = [];
    node.forEach((child) => { found.push(...seen(child, above)); });
    return found;
  };
  switch (node.type) {
    case nodes.paragraph: return paragraphs(node);
    case nodes.heading: return heading(node, above);
    case nodes.table: case nodes.table_row: return [[node.type.name, inside()]];
    case nodes.table_cell: case nodes.table_header: return [[node.type.name, node.attrs.align, lines(node)]];
    default: return [[node.type.name, node.attrs.start ?? 0, inside()]];
  }
}

function heading(node, above) {
  const [line] = lines(node);
  if (!line.length) return [];
  while (above.length && above[above.length - 1] >= node.attrs.level) above.pop();
  above.push(node.attrs.level);
  return [["heading", Math.min(above.length, 4), line]];
}
