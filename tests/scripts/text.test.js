import assert from "node:assert/strict";
import { test } from "node:test";
import { calendarValue, countCharacters, formatSize } from "../../static/js/shared/text.js";

test("the counter counts what would be stored", () => {
  assert.equal(countCharacters(""), 0);
  assert.equal(countCharacters("  实施方案\u3000\u200b\n"), 4);
  assert.equal(countCharacters("一\r\n二\r三\u2028四"), 7);
  assert.equal(countCharacters("e\u0301"), 1);  // one letter in the stored form
  assert.equal(countCharacters("𠮷😀"), 2);  // code points, not halves of them
});

test("sizes of files have at most one decimal", () => {
  assert.equal(formatSize(0), "0 B");
  assert.equal(formatSize(1023), "1023 B");
  assert.equal(formatSize(1024), "1 KB");
  assert.equal(formatSize(1536), "1.5 KB");
  assert.equal(formatSize(20 * 1024 * 1024), "20 MB");
});

test("the calendar opens at the day that is typed", () => {
  assert.equal(calendarValue("2022-07-01"), "2022-07-01");
  assert.equal(calendarValue("2022年7月1日"), "2022-07-01");
  assert.equal(calendarValue("２０２２/7/1"), "2022-07-01");
  assert.equal(calendarValue("20220701"), "2022-07-01");
  assert.equal(calendarValue("2022-07-01 9:05"), "2022-07-01T09:05");
  assert.equal(calendarValue("20220701 0905"), "2022-07-01");
});

test("the calendar opens at today when no day is typed", () => {
  assert.equal(calendarValue(""), "");
  assert.equal(calendarValue("下周"), "");
});
