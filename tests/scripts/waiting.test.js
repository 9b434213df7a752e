import assert from "node:assert/strict";
import { test } from "node:test";
import { isAnswered } from "../../static/js/forms/answered.js";
import { askPortal, pauseBefore, verdict, Waiting } from "../../static/js/shared/waiting.js";

const heard = {};
globalThis.window = { addEventListener: (name, hear) => { heard[name] = hear; } };
globalThis.document = { hidden: false, addEventListener: (name, hear) => { heard[name] = hear; }, cookie: "" };

/** Timers that run when they are told to, and how long each would have waited. */
function timers(context) {
  const pauses = [];
  let due = null;
  context.mock.method(globalThis, "setTimeout", (run, pause) => {
    pauses.push(pause);
    due = run;
    return pauses.length;
  });
  context.mock.method(globalThis, "clearTimeout", () => { due = null; });
  return { pauses, isWaiting: () => due !== null, run: async () => { const step = due; due = null; await step(); await Promise.resolve(); await Promise.resolve(); } };
}

test("it is asked soon at first, then rarely", () => {
  assert.deepEqual([0, 4, 20, 200].map(pauseBefore), [1000, 2000, 6000, 10000]);
});

test("a page that may not ask any more stops, a failing portal is asked again", () => {
  assert.deepEqual([200, 401, 403, 404, 409, 500, 502, 503].map(verdict),
    ["read", "stop", "stop", "stop", "stop", "again", "again", "again"]);
});

test("asking ends when the job is done", async (context) => {
  const clock = timers(context), answers = [true, true, false];
  new Waiting(async () => answers.shift()).start();
  for (let at = 0; at < 3; at += 1) await clock.run();
  assert.deepEqual(clock.pauses, [1000, 1250, 1500]);
  assert.equal(clock.isWaiting(), false);
});

test("asking ends after an hour, and says so", async (context) => {
  const clock = timers(context);
  let givenUp = 0;
  new Waiting(async () => true, () => { givenUp += 1; }).start();
  for (let at = 0; clock.isWaiting() && at < 1000; at += 1) await clock.run();
  const hours = clock.pauses.reduce((sum, pause) => sum + pause, 0) / 3600000;
  assert.ok(hours > 0.9 && hours < 1.1, String(hours));
  assert.equal(givenUp, 1);
});

test("it is asked at once when the line is back, and not after the end", async (context) => {
  const clock = timers(context);
  let asked = 0;
  const watch = new Waiting(async () => { asked += 1; return true; });
  watch.start();
  heard.online();
  await Promise.resolve();
  assert.equal(asked, 1);
  await Promise.resolve();
  watch.stop();
  heard.online();
  heard.visibilitychange();
  assert.equal(asked, 1);
  assert.equal(clock.isWaiting(), false);
});

test("a network that is down is asked again, a sign-in page stops it", async (context) => {
  const fetches = [
    async () => { throw new TypeError("offline"); },
    async () => ({ status: 200, redirected: true }),
    async () => ({ status: 200, redirected: false }),
  ];
  context.mock.method(globalThis, "fetch", () => fetches.shift()());
  const said = [];
  for (let at = 0; at < 3; at += 1) said.push((await askPortal("/reports/x/state", "application/json")).verdict);
  assert.deepEqual(said, ["again", "stop", "read"]);
});

test("a form is answered when its own mark is gone", () => {
  assert.equal(isAnswered("a.%2Freports%2Fx", "lab=1; sending=a.%2Freports%2Fx"), false);
  assert.equal(isAnswered("a.%2Freports%2Fx", "lab=1"), true);
  assert.equal(isAnswered("a.%2Freports%2Fx", "sending=b.%2Fcalls"), true);
});

test("nothing is asked while a form is on its way, and later again", async (context) => {
  const clock = timers(context);
  let asked = 0;
  new Waiting(async () => { asked += 1; return true; }).start();
  heard.submit();
  assert.deepEqual([asked, clock.pauses.at(-1)], [0, 10000]);
  await clock.run();
  assert.equal(asked, 1);
});
