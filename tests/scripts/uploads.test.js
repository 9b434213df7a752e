import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "../../static/js/attach/previews.js";
import { canRetry, isBusy, isUnsent, nextToSend, pauseBeforeRetry, refusal, sentShare } from "../../static/js/attach/rules.js";

const LIMIT = 20 * 1024 * 1024;
const TAKEN = {
  kinds: [".pdf", ".docx"], text: "PDF、DOCX", limit: LIMIT,
  others: { doc: "是旧版文字文档，请用Word或WPS打开，另存为.docx后再传" },
};

test("a file that the server would refuse is not sent, and why is said", () => {
  assert.equal(refusal({ name: "方案.PDF", size: LIMIT }, TAKEN), "");
  assert.equal(refusal({ name: "a.pdf.xyz", size: 1 }, TAKEN), "未通过：后缀“.xyz”不在允许之列，可上传：PDF、DOCX。");
  assert.equal(refusal({ name: "pdf", size: 1 }, TAKEN), "未通过：文件没有后缀，可上传：PDF、DOCX。");
  assert.equal(refusal({ name: "方案.DOC", size: 1 }, TAKEN), "未通过：此文件是旧版文字文档，请用Word或WPS打开，另存为.docx后再传。");
  assert.equal(refusal({ name: "a.pdf", size: 0 }, TAKEN), "未通过：文件是空的（0字节），请重新选择。");
  assert.equal(refusal({ name: "a.pdf", size: LIMIT + 1 }, TAKEN), "未通过：有20.1 MB，超过20 MB，请压缩或分开后再传。");
});

test("only what no longer waits is said anew", () => {
  const files = { a: { state: "warning" }, b: { state: "waiting" }, d: { state: "plain" } };
  assert.deepEqual(settled(["a", "b", "c"], files), ["a"]);
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
