import assert from "node:assert/strict";
import { test } from "node:test";
import { completeOption } from "../../static/js/charts/option.js";

test("a chart has the common look where it says nothing else", () => {
  const option = completeOption({ series: [], grid: { left: 40 }, tooltip: { trigger: "axis" } }, "Noto", false);
  assert.equal(option.animation, false);
  assert.equal(option.textStyle.fontFamily, "Noto");
  assert.deepEqual(option.grid, { left: 40, right: 16, top: 40, bottom: 8, containLabel: true });
  assert.deepEqual(option.series, []);
});

test("tips are drawn on the canvas whatever a chart asks for", () => {
  const option = completeOption({ tooltip: { renderMode: "html" } }, "Noto", true);
  assert.equal(option.tooltip.renderMode, "richText");
});

test("a list of grids replaces the common one", () => {
  const grids = [{ left: 1 }, { left: 2 }];
  assert.deepEqual(completeOption({ grid: grids }, "Noto", true).grid, grids);
});
