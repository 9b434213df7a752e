import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, readFigure } from "../../static/js/shared/figures.js";

test("a figure is read exactly", () => {
  assert.deepEqual(readFigure("12.50"), { top: 1250n, bottom: 100n });
  assert.deepEqual(readFigure("-3"), { top: -3n, bottom: 1n });
  assert.deepEqual(readFigure(" ＋１，０００．５\u200b"), { top: 10005n, bottom: 10n });
  assert.deepEqual(readFigure("\u22123"), { top: -3n, bottom: 1n });
});

test("a figure may begin or end with its point", () => {
  assert.deepEqual(readFigure("7."), { top: 7n, bottom: 1n });
  assert.deepEqual(readFigure(".5"), { top: 5n, bottom: 10n });
});

test("what is no plain number is none", () => {
  for (const text of ["", ".", "-", "1 000", "1,2", "1,0000", "1e3", "½", "9分", "1".repeat(19)]) {
    assert.equal(readFigure(text), null, text);
  }
});

test("a number that is typed gets its separators, nothing else is touched", () => {
  const cases = {
    "1000": "1,000", "１２３４５６": "123,456", " 123456789012.50 ": "123,456,789,012.50", "-12000": "-12,000",
    "999": "999", "1,000": "1,000", "12%": "12%", "2,00": "2,00", "": "", "约1000": "约1000", "0012000": "12,000",
  };
  for (const [typed, shown] of Object.entries(cases)) assert.equal(grouped(typed), shown, typed);
});
