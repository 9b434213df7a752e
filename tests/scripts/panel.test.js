import assert from "node:assert/strict";
import { test } from "node:test";
import { stickyTop } from "../../static/js/check/panel.js";

test("a list that fits stays at the top of the window", () => {
  assert.equal(stickyTop(16, 300, 700, 900), 16);
  assert.equal(stickyTop(16, -300, 700, 900), 16);
});

test("a taller one goes down with the page until its end is seen, and comes back", () => {
  assert.equal(stickyTop(16, 50, 1000, 900), -34);
  assert.equal(stickyTop(-34, 500, 1000, 900), -116);
  assert.equal(stickyTop(-116, -40, 1000, 900), -76);
  assert.equal(stickyTop(-76, -500, 1000, 900), 16);
});
