import assert from "node:assert/strict";
import test from "node:test";
import { keepSteady } from "../../static/js/shared/steady.js";

/** A page whose field stands at `top` and goes with it, unless it is `fixed`. */
function page({ top, fixed = false, typedIn = true, shown = true }) {
  const state = { top, scrolled: 0 };
  const field = {
    matches: () => typedIn,
    getClientRects: () => (shown ? [1] : []),
    getBoundingClientRect: () => ({ top: fixed ? state.top : state.top - state.scrolled }),
  };
  globalThis.document = { activeElement: field };
  globalThis.window = {
    get scrollY() { return state.scrolled; },
    scrollX: 0,
    scrollBy: (_, by) => { state.scrolled += by; },
    scrollTo: (_, to) => { state.scrolled = to; },
  };
  return state;
}

const CASES = [
  ["a field that is pushed down", {}, 97, 97],
  ["one that comes up", {}, -40, -40],
  ["one that stays", {}, 0, 0],
  ["one beside the page's flow", { fixed: true }, 97, 0],
  ["a button", { typedIn: false }, 97, 0],
  ["a field that has gone", { shown: false }, 97, 0],
];

for (const [name, how, pushed, scrolled] of CASES) {
  test(`the page is moved by ${scrolled} for ${name}`, () => {
    const state = page({ top: 300, ...how });
    keepSteady(() => { state.top += pushed; });
    assert.equal(state.scrolled, scrolled);
  });
}
