import assert from "node:assert/strict";
import { test } from "node:test";
import { canRetry, isBusy, isUnsent, nextToSend, pauseBeforeRetry, refusal, sentShare } from "../../static/js/attach/rules.js";

const KINDS = [".pdf", ".docx"], LIMIT = 20 * 1024 * 1024;

test("a file that the server would refuse is not sent", () => {
  assert.equal(refusal({ name: "方案.PDF", size: LIMIT }, KINDS, LIMIT), "");
  assert.match(refusal({ name: "run.exe", size: 1 }, KINDS, LIMIT), /类型不能上传/);
  assert.match(refusal({ name: "pdf", size: 1 }, KINDS, LIMIT), /类型不能上传/);
  assert.match(refusal({ name: "a.pdf.exe", size: 1 }, KINDS, LIMIT), /类型不能上传/);
  assert.match(refusal({ name: "a.pdf", size: 0 }, KINDS, LIMIT), /文件是空的/);
  assert.match(refusal({ name: "a.pdf", size: LIMIT + 1 }, KINDS, LIMIT), /超过20 MB/);
});

test("a lost upload is tried five times more, then waits for somebody", () => {
  assert.deepEqual([1, 2, 3, 4, 5].map(pauseBeforeRetry), [2000, 4000, 8000, 16000, 30000]);
  assert.equal(pauseBeforeRetry(6), null);
});

function uploads(...states) { return states.map((state, index) => ({ state, index })); }

function started(...states) { return nextToSend(uploads(...states)).map((upload) => upload.index); }

test("two are sent at a time, in the order in which they were chosen", () => {
  assert.deepEqual(started("waiting", "waiting", "waiting"), [0, 1]);
  assert.deepEqual(started("sending", "lost", "waiting", "waiting"), [2]);
  assert.deepEqual(started("sending", "sending", "waiting"), []);
  assert.deepEqual(started("saved", "refused", "lost"), []);
});

test("the page waits for what is under way, not for what is lost", () => {
  assert.equal(isBusy(uploads("saved", "waiting")), true);
  assert.equal(isBusy(uploads("sending")), true);
  assert.equal(isBusy(uploads("saved", "refused", "lost")), false);
  assert.equal(isBusy(uploads("saved", "retrying")), true);
  assert.equal(isBusy([]), false);
});

test("what was lost is tried again when the connection is back", () => {
  assert.deepEqual(uploads("lost", "retrying", "saved", "refused", "sending", "waiting").map(canRetry),
    [true, true, false, false, false, false]);
});

test("leaving asks while a file could still be stored", () => {
  for (const state of ["waiting", "sending", "retrying", "lost"]) assert.equal(isUnsent(uploads("saved", state)), true);
  assert.equal(isUnsent(uploads("saved", "refused")), false);
});

test("progress says 100% only when the server has the whole file", () => {
  assert.deepEqual(sentShare(999, 1000), { percent: 99, text: "上传中 99%" });
  assert.deepEqual(sentShare(1000, 1000), { percent: 100, text: "正在检查" });
});
