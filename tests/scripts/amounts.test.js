import assert from "node:assert/strict";
import { test } from "node:test";
import { sumOfAmounts, unitOf } from "../../static/js/rows/amounts.js";

test("amounts are added to the last cent", () => {
  assert.equal(sumOfAmounts(["0.1", "0.2"]), "0.3");
  assert.equal(sumOfAmounts(["0.05", "0.95"]), "1");
  assert.equal(sumOfAmounts(["9007199254740993", "0.01"]), "9,007,199,254,740,993.01");
});

test("amounts may be typed with separators and full-width digits", () => {
  assert.equal(sumOfAmounts(["1,234.5", " 1000 ", "２０．５０"]), "2,255");
});

test("what is no amount counts as nothing", () => {
  assert.equal(sumOfAmounts([]), "0");
  assert.equal(sumOfAmounts(["", "约三万", "-5", "1.234", "1 000", "1,2", "12"]), "12");
});

test("the unit is what stands in the last brackets of an option", () => {
  assert.equal(unitOf("特约商户（户）"), "户");
  assert.equal(unitOf("开立（个人）钱包（个）"), "个");
  assert.equal(unitOf("其他"), "");
});
