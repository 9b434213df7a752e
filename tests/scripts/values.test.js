import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenAtFirst } from "../../static/js/editing/values.js";

function option(value, { marked = false, open = true } = {}) { return { value, marked, open }; }

test("a select without a marked option has its first one that is open", () => {
  assert.deepEqual(chosenAtFirst([option("a"), option("b")], false), ["a"]);
  assert.deepEqual(chosenAtFirst([option("a", { open: false }), option("b")], false), ["b"]);
  assert.deepEqual(chosenAtFirst([], false), []);
});

test("the last of several marked options is chosen", () => {
  assert.deepEqual(chosenAtFirst([option("a", { marked: true }), option("b", { marked: true })], false), ["b"]);
});

test("a marked option that is not open sends nothing", () => {
  assert.deepEqual(chosenAtFirst([option("a"), option("b", { marked: true, open: false })], false), []);
});

test("a select that takes many has all marked ones and none by itself", () => {
  const options = [option("a", { marked: true }), option("b"), option("c", { marked: true })];
  assert.deepEqual(chosenAtFirst(options, true), ["a", "c"]);
  assert.deepEqual(chosenAtFirst([option("a"), option("b")], true), []);
});
