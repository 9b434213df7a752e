/* The words of one block as light Markdown. The dialect has no escape: where signs would be taken
   for markup, an invisible joiner between them keeps what is seen. */
import { JOINER } from "./reading.js";

const BEFORE = /^[ \t\n]*/, AFTER = /[ \t\n]*$/;

function mergeRuns(runs) {
  const merged = [];
  runs.filter((run) => run.text).forEach((run) => {
    const last = merged[merged.length - 1];
    if (last && last.strong === run.strong && last.href === run.href) last.text += run.text;
    else merged.push({ ...run });
  });
  return merged;
}

/** Neighbours that `isSame` finds alike, together. */
function groupRuns(runs, isSame) {
  const groups = [];
  runs.forEach((run) => {
    const last = groups[groups.length - 1];
    if (last && isSame(last[0], run)) last.push(run);
    else groups.push([run]);
  });
  return groups;
}

/** The content of a block as runs of {text, strong, href}; a line break is "\n". */
function runsOf(node) {
  const runs = [];
  node.forEach((child) => {
    const link = child.marks.find((mark) => mark.type.name === "link");
    runs.push({
      text: child.isText ? child.text.replaceAll(JOINER, "").replace(/[\r\n]/g, " ") : "\n",
      strong: child.marks.some((mark) => mark.type.name === "strong"),
      href: link ? link.attrs.href : "",
    });
  });
  return mergeRuns(runs);
}

/** What is written with one pair of signs begins and ends with something to be seen: blanks at its
    ends stand outside. `isSame` tells which neighbours are written together. */
function expelBlanks(runs, key, none, isSame) {
  return mergeRuns(groupRuns(runs, isSame).flatMap((group) => {
    const text = group.map((run) => run.text).join("");
    if (group[0][key] === none) return group;
    if (!text.trim()) return group.map((run) => ({ ...run, [key]: none }));
    return cut(group, BEFORE.exec(text)[0].length, text.length - AFTER.exec(text)[0].length, key, none);
  }));
}

/** Whether two bold neighbours share one pair of signs: not where a link is bold in part. */
function sharesBold(runs) {
  const mixed = new Set(groupRuns(runs, (a, b) => a.href === b.href)
    .filter((unit) => unit[0].href && !isWhollyStrong(unit)).flat());
  return (a, b) => a.strong === b.strong && mixed.has(a) === mixed.has(b) && (!mixed.has(a) || a.href === b.href);
}

/** The runs of a group, without `key` before `from` and from `to` on. */
function cut(group, from, to, key, none) {
  let at = 0;
  return group.flatMap((run) => {
    const start = Math.max(0, Math.min(run.text.length, from - at));
    const end = Math.max(0, Math.min(run.text.length, to - at));
    at += run.text.length;
    return [
      { ...run, text: run.text.slice(0, start), [key]: none },
      { ...run, text: run.text.slice(start, end) },
      { ...run, text: run.text.slice(Math.max(start, end)), [key]: none },
    ];
  });
}

/** Words in which no sign acts: `**` is not bold, `](` is no link. */
function plainWords(runs) {
  const text = runs.map((run) => run.text).join("");
  return text.replace(/\*(?=\*)/g, `*${JOINER}`).replace(/\](?=\()/g, `]${JOINER}`);
}

function bold(inner) {
  return `**${inner.replace(/^\*/, `${JOINER}*`).replace(/\*$/, `*${JOINER}`)}**`;
}

function balanced(signs, open, close) {
  let level = 0;
  for (const sign of signs) {
    if (sign === open) level += 1;
    if (sign === close) level -= 1;
    if (level < 0) return false;
  }
  return level === 0;
}

function percent(sign) { return `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`; }

function address(href) {
  const parens = balanced(href, "(", ")") ? "" : "()";
  return Array.from(href).map((sign) => (`<>\\ ${parens}`.includes(sign) ? percent(sign) : sign)).join("")
    .replace(/\*(?=\*)/g, "%2A").replace(/&(?=#?\w+;)/g, "&amp;");
}

function fullWidth(run) { return { ...run, text: run.text.replaceAll("[", "［").replaceAll("]", "］") }; }

/** The words of a link. Brackets without a partner would end it: they are written in full width. */
function labelGroups(runs) {
  const groups = groupRuns(runs, (a, b) => a.strong === b.strong);
  const isEven = groups.every((group) => balanced(group.map((run) => run.text).join(""), "[", "]"));
  return isEven ? groups : groups.map((group) => group.map(fullWidth));
}

/** A link, or words that are all bold or all not; `inBold` where the signs stand around it. */
function writeUnit(runs, inBold) {
  if (!runs[0].href) return plainWords(runs);
  const label = labelGroups(runs)
    .map((group) => (group[0].strong && !inBold ? bold(plainWords(group)) : plainWords(group))).join("");
  return `[${label}](${address(runs[0].href)})`;
}

/** Bold stands around what it holds as a whole, but inside a link that is alone in it. */
function writeUnits(units) {
  const isStrong = isWhollyStrong(units[0]) && (units.length > 1 || !units[0][0].href);
  const text = units.map((unit) => writeUnit(unit, isStrong)).join("");
  return isStrong ? bold(text) : text;
}

function isWhollyStrong(unit) { return unit.every((run) => run.strong); }

function unitsOf(runs) {
  return groupRuns(runs, (a, b) => a.href === b.href && (a.href !== "" || a.strong === b.strong));
}

/** The words of a block, lines parted by "\n". */
export function writeInline(node) {
  const links = expelBlanks(runsOf(node), "href", "", (a, b) => a.href === b.href);
  const runs = expelBlanks(links, "strong", false, sharesBold(links));
  return groupRuns(unitsOf(runs), (a, b) => isWhollyStrong(a) === isWhollyStrong(b)).map(writeUnits).join("");
}
