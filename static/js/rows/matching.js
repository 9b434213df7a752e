/* How what was copied elsewhere is matched with a table of a form: headings, units, figures, choices. */

const MEANT_ALIKE = 2;  // so many headings in a line, and it is one of headings
const TITLES = 3;  // lines above the headings in which a sheet says what it is
// Words that sheets use for one thing.
const ALIKE = [
  ["起始值", "现状值", "基准值", "现状", "期初值"],
  ["目标值", "目标"],
  ["完成期限", "完成日期", "完成时间", "截止日期", "时间"],
  ["指标", "指标名称"],
  ["里程碑", "里程碑名称", "阶段", "节点"],
  ["成员", "组员", "姓名"],
  ["分工", "职责"],
  ["科目", "费用项目", "预算科目"],
  ["资金来源或说明", "资金来源", "说明", "备注"],
];

export function oneWidth(text) { return text.normalize("NFKC").replace(/\s+/g, "").toLowerCase(); }

/** A text as it is compared: one width, no blanks, no bracketed unit at its end. */
export function plainName(text) { return oneWidth(text).replace(/\([^()]*\)$/, ""); }

/** What stands in brackets at the end of a text: a unit, or the branch of a person. */
export function bracketed(text) {
  const match = /\(([^()]*)\)$/.exec(oneWidth(text));
  return match ? match[1] : "";
}

function areAlike(one, other) {
  return one === other || ALIKE.some((words) => words.includes(one) && words.includes(other));
}

/** The place of each cell of a line among `headings`: -1 for one that the table does not have. */
function placesOf(line, headings) {
  const names = headings.map(plainName);
  return line.map((cell) => (cell.trim() ? names.findIndex((name) => areAlike(plainName(cell), name)) : -1));
}

/** Whether a line is one of headings: it names columns, each once, and holds no figures. */
function isHeading(places, line, headings) {
  const known = places.filter((place) => place >= 0);
  if (new Set(known).size !== known.length) return false;
  if (known.length >= Math.min(MEANT_ALIKE, headings.length)) return true;
  return known.length > 0 && !line.some((cell) => /\d/.test(cell));
}

/** Where the headings of a block stand and which column each is: {at, places}; null without any. */
export function headingLine(block, headings) {
  for (let at = 0; at < Math.min(TITLES, block.length); at += 1) {
    const places = placesOf(block[at], headings);
    if (isHeading(places, block[at], headings)) return { at, places };
  }
  return null;
}

/** A figure as sheets show it, without the sign or name of the currency and without blanks. */
export function bareFigure(text) {
  const bare = text.normalize("NFKC").trim().replace(/^[¥￥]\s*/, "").replace(/\s*元$/, "");
  return /^[+-]?\d{1,3}(\s\d{3})+(\.\d+)?$/.test(bare) ? bare.replace(/\s/g, "") : bare;
}

/** The option that a text names, null for none or several: by its words, by its value, or, where
    the text has no brackets, without the unit or branch in those of the option. */
export function optionFor(options, text) {
  const sought = oneWidth(text);
  const tests = [
    (option) => oneWidth(option.text) === sought,
    (option) => option.value.toLowerCase() === sought,
    (option) => !bracketed(text) && plainName(option.text) === sought,
  ];
  for (const test of tests) {
    const fitting = options.filter((option) => option.value && test(option));
    if (fitting.length) return fitting.length === 1 ? fitting[0] : null;
  }
  return null;
}
