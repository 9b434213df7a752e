import assert from "node:assert/strict";
import { test } from "node:test";
import { randomName, retryPause } from "../../static/js/shared/saving.js";

test("a name is 24 hexadecimal digits and no other page's", () => {
  const names = Array.from({ length: 100 }, randomName);
  names.forEach((name) => { assert.match(name, /^[0-9a-f]{24}$/); });
  assert.equal(new Set(names).size, names.length);
});

test("pauses between tries double up to half a minute", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 60].map(retryPause), [2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});
