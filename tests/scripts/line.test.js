import assert from "node:assert/strict";
import { test } from "node:test";
import { isReached, notReached, reachedAgain } from "../../static/js/forms/line.js";

const silent = (address, { signal }) => new Promise((resolve, reject) => {
  signal.addEventListener("abort", () => { reject(new Error("aborted")); });
});
const answering = (status) => async () => ({ status });

test("any answer of the portal counts, also a refusal", async () => {
  for (const status of [0, 200, 303, 403, 404, 405, 503]) {
    assert.equal(await isReached("/calls", answering(status)), true);
  }
});

test("a proxy without a portal behind it is no answer", async () => {
  for (const status of [502, 504]) assert.equal(await isReached("/calls", answering(status)), false);
});

test("nothing or too late is no answer", async () => {
  assert.equal(await isReached("/calls", async () => { throw new TypeError("offline"); }), false);
  assert.equal(await isReached("/calls", silent, 5), false);
});

test("the page names the button to press again", () => {
  assert.match(notReached("保存"), /还在本页.*再点一次“保存”/);
  assert.match(reachedAgain("提交"), /网络已恢复.*再点一次“提交”/);
});
