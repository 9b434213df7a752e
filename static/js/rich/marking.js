/* The signs of light Markdown as edits of a text: what to replace with what, what to select then.
   An edit is {start, end, text, select}; `select` is [start, end], or null to leave the cursor. */
const TABLE = "| 项目 | 要求 |\n| --- | --- |\n| 内容 | 内容 |\n";
const SIGN = /^(#{1,6} |- |\d+\. )/;
const SIGNS = {
  heading: () => "## ",
  bullets: () => "- ",
  numbers: (index) => `${index + 1}. `,
};

/** What is selected in bold, blanks at its ends left outside; or two words to write over. */
export function bold(text, start, end) {
  const selected = text.slice(start, end), words = selected.trim();
  const from = words ? start + selected.length - selected.trimStart().length : start;
  const to = words ? end - selected.length + selected.trimEnd().length : end;
  const marked = words || "文字";
  return { start: from, end: to, text: `**${marked}**`, select: [from + 2, from + 2 + marked.length] };
}

/** The sign `kind` before each line that is touched; lines that all carry it lose it. */
export function markLines(text, start, end, kind) {
  const sign = SIGNS[kind];
  const first = text.slice(0, start).lastIndexOf("\n") + 1;
  const next = text.indexOf("\n", end);
  const last = next < 0 ? text.length : next;
  const lines = text.slice(first, last).split("\n");
  const marked = lines.every((line, index) => line.startsWith(sign(index)));
  const changed = lines.map((line, index) => (marked ? "" : sign(index)) + line.replace(SIGN, "")).join("\n");
  return { start: first, end: last, text: changed, select: [first, first + changed.length] };
}

/** A small table after what is selected, in a paragraph of its own. */
export function table(text, end) {
  const before = text.slice(0, end);
  let gap = "\n\n";
  if (before === "" || before.endsWith("\n\n")) gap = "";
  else if (before.endsWith("\n")) gap = "\n";
  return { start: end, end, text: gap + TABLE, select: null };
}
