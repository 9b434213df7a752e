import assert from "node:assert/strict";
import { test } from "node:test";
import { bold, markLines, table } from "../../static/js/rich/marking.js";

function apply(text, edit) {
  const changed = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  return { changed, selected: edit.select && changed.slice(...edit.select) };
}

test("bold leaves blanks outside its signs", () => {
  const text = "建设 重点 内容";
  assert.deepEqual(apply(text, bold(text, 2, 6)), { changed: "建设 **重点** 内容", selected: "重点" });
});

test("bold without a selection gives words to write over", () => {
  assert.deepEqual(apply("甲", bold("甲", 1, 1)), { changed: "甲**文字**", selected: "文字" });
  assert.deepEqual(apply("甲  乙", bold("甲  乙", 1, 3)), { changed: "甲**文字**乙", selected: "文字" });
});

test("each line that is touched gets the sign", () => {
  const text = "前\n一\n二\n后";
  assert.equal(apply(text, markLines(text, 2, 5, "bullets")).changed, "前\n- 一\n- 二\n后");
  assert.equal(apply(text, markLines(text, 3, 4, "heading")).changed, "前\n## 一\n## 二\n后");
});

test("numbers count the lines from 1", () => {
  const text = "一\n二\n三";
  assert.deepEqual(apply(text, markLines(text, 0, text.length, "numbers")), {
    changed: "1. 一\n2. 二\n3. 三", selected: "1. 一\n2. 二\n3. 三",
  });
});

test("lines that all carry the sign lose it, another sign replaces it", () => {
  const text = "- 一\n- 二";
  assert.equal(apply(text, markLines(text, 0, text.length, "bullets")).changed, "一\n二");
  assert.equal(apply(text, markLines(text, 0, text.length, "numbers")).changed, "1. 一\n2. 二");
  assert.equal(apply("- 一\n二", markLines("- 一\n二", 0, 5, "bullets")).changed, "- 一\n- 二");
});

test("a sign goes to the first line even when it is blank", () => {
  assert.equal(apply("\n二", markLines("\n二", 0, 0, "bullets")).changed, "- \n二");
});

test("a table stands in a paragraph of its own", () => {
  assert.match(apply("", table("", 0)).changed, /^\| 项目/);
  assert.match(apply("文", table("文", 1)).changed, /^文\n\n\| 项目/);
  assert.match(apply("文\n", table("文\n", 2)).changed, /^文\n\n\| 项目/);
  assert.match(apply("文\n\n", table("文\n\n", 3)).changed, /^文\n\n\| 项目/);
});
