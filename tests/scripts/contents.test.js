import assert from "node:assert/strict";
import { test } from "node:test";
import { reading } from "../../static/js/contents/reading.js";

test("the part that is read is the last one above the line", () => {
  assert.equal(reading([200, 900, 1500], 160), -1);
  assert.equal(reading([160, 860, 1460], 160), 0);
  assert.equal(reading([-900, -200, 400], 160), 1);
  assert.equal(reading([-2000, -1500, -900], 160), 2);
});

test("at the end of the page it is the last one, however short", () => {
  assert.equal(reading([-900, 300, 700], 160, true), 2);
});
