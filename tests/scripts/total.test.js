import assert from "node:assert/strict";
import { test } from "node:test";
import { runningTotal } from "../../static/js/score/total.js";

// tests/unit/web/test_script_figures.py compares it with the server on random sheets.

function answer(score, more = {}) {
  return { weight: "50", lo: "0", hi: "10", direction: "benefit", score, ...more };
}

test("the total is the weighted mean on a scale of 100", () => {
  assert.deepEqual(runningTotal([answer("7"), answer("8.5")]), { score: "77.50", missing: 0 });
  assert.deepEqual(runningTotal([answer("10", { weight: "75" }), answer("0", { weight: "25" })]).score, "75.00");
});

test("less is better where the criterion says so", () => {
  assert.equal(runningTotal([answer("2", { direction: "cost" })]).score, "80.00");
  assert.equal(runningTotal([answer("2", { direction: "cost", lo: "1", hi: "5" })]).score, "75.00");
});

test("half a hundredth is rounded up", () => {
  assert.equal(runningTotal([answer("0.0005")]).score, "0.01");
  assert.equal(runningTotal([answer("0.00049")]).score, "0.00");
  assert.equal(runningTotal([answer("1", { hi: "3" }), answer("2", { hi: "3" })]).score, "50.00");
});

test("no total is shown while an answer is blank or off its scale", () => {
  assert.deepEqual(runningTotal([answer("7"), answer("")]), { score: null, missing: 1 });
  assert.deepEqual(runningTotal([answer("11"), answer("-1"), answer("八")]), { score: null, missing: 3 });
});

test("a score between two steps is none that the scale has", () => {
  const scores = ["1", "1.5", "7.50", "1.25", "7.3"];
  const answers = scores.map((score) => answer(score, { lo: "1", step: "0.5" }));
  assert.deepEqual(answers.map((one) => runningTotal([one]).missing), [0, 0, 0, 1, 1]);
});

test("what is only shown takes no part", () => {
  const shown = answer("", { direction: "info" }), weightless = answer("", { weight: "0" });
  assert.deepEqual(runningTotal([answer("7"), shown, weightless]), { score: "70.00", missing: 0 });
  assert.deepEqual(runningTotal([shown, weightless]), { score: null, missing: 0 });
  assert.deepEqual(runningTotal([]), { score: null, missing: 0 });
});
