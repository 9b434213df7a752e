/* Plain text of the clipboard: signs of light Markdown count, as they do where text is typed. */
import { MOST_COLUMNS, MOST_ROWS } from "../text/dialect.js";
import { afterBullet, withoutPrivate } from "./symbols.js";

function cellText(text) { return text.trim().replace(/\|/g, "\\|"); }

/** Lines of a worksheet as a table; null where they are none. */
function asTable(lines) {
  const rows = lines.map((line) => line.split("\t"));
  const width = rows[0].length;
  if (width < 2 || width > MOST_COLUMNS || rows.length > MOST_ROWS) return null;
  if (!rows.every((row) => row.length === width)) return null;
  const drawn = rows.map((row) => `| ${row.map(cellText).join(" | ")} |`);
  return [drawn[0], `|${" --- |".repeat(width)}`, ...drawn.slice(1)].join("\n");
}

/** The text as light Markdown; `lost` is called for each sign that nobody can read. */
export function plainToMarkdown(text, lost) {
  const unified = text.replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(/\n+$/, "");
  const lines = unified.split("\n");
  const table = asTable(lines);
  if (table) return withoutPrivate(table, lost);
  return lines.map((line) => {
    const words = afterBullet(withoutPrivate(line, lost));
    return words === null ? withoutPrivate(line, () => {}) : `- ${words}`;
  }).join("\n");
}
