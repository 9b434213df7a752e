import assert from "node:assert/strict";
import { test } from "node:test";
import { Copies, clockTime, notSaved, withDraft } from "../../static/js/editing/copies.js";

class FakeStorage {
  constructor() { this.items = new Map(); }

  getItem(key) { return this.items.has(key) ? this.items.get(key) : null; }

  setItem(key, value) { this.items.set(key, value); }

  removeItem(key) { this.items.delete(key); }
}

function copy(tab, number, more = {}) {
  return { tab, number, version: "1", at: number, values: [["title", `${tab}${number}`]], ...more };
}

const holdsNothing = () => false;

test("what was typed before a reload is there after it", () => {
  const storage = new FakeStorage(), before = new Copies("/p:1", () => storage);
  before.save(copy("a", 1));
  before.save(copy("a", 2));
  const after = new Copies("/p:1", () => storage);
  assert.deepEqual(after.takeEarlier(holdsNothing), [copy("a", 2)]);
  after.save(copy("b", 1));
  const later = new Copies("/p:1", () => storage);
  assert.deepEqual(later.takeEarlier(holdsNothing), [copy("a", 2), copy("b", 1)]);
});

test("copies that hold nothing new are dropped, and so is what was saved", () => {
  const storage = new FakeStorage(), copies = new Copies("/p:1", () => storage);
  copies.save(copy("a", 1));
  assert.deepEqual(copies.takeEarlier((one) => one.tab === "a"), []);
  copies.save(copy("b", 1));
  copies.clear();
  assert.deepEqual(copies.takeEarlier(holdsNothing), []);
  assert.equal(storage.items.size, 0);
});

test("a copy that was put back or thrown away is gone for later pages", () => {
  const storage = new FakeStorage(), copies = new Copies("/p:1", () => storage);
  copies.replaceEarlier([copy("a", 1), copy("b", 1)]);
  copies.replaceEarlier([copy("a", 1)]);
  assert.deepEqual(new Copies("/p:1", () => storage).takeEarlier(holdsNothing), [copy("a", 1)]);
});

test("another form and another person have copies of their own", () => {
  const storage = new FakeStorage();
  new Copies("/p:1", () => storage).save(copy("a", 1));
  for (const key of ["/p:2", "/q:1"]) {
    assert.deepEqual(new Copies(key, () => storage).takeEarlier(holdsNothing), []);
  }
});

test("a browser that stores nothing, or something else, does not stop anybody from typing", () => {
  const forbidden = new Copies("/p:1", () => { throw new Error("SecurityError"); });
  forbidden.save(copy("a", 1));
  assert.deepEqual(forbidden.takeEarlier(holdsNothing), []);
  const storage = new FakeStorage();
  storage.setItem("draft:/p:1", "{broken");
  assert.deepEqual(new Copies("/p:1", () => storage).takeEarlier(holdsNothing), []);
});

test("a copy is not offered once the server has it and the page shows it", () => {
  const copies = [copy("a", 3), copy("b", 3)];
  assert.deepEqual(notSaved(copies, "a:3:7", 7), [copy("b", 3)]);
  assert.deepEqual(notSaved(copies, "a:2:7", 7), copies);  // typed on since
  assert.deepEqual(notSaved(copies, "a:3:8", 7), copies);  // saved after this page was drawn
  assert.deepEqual(notSaved(copies, "b:9:1 a:5:2", 7), []);
  assert.deepEqual(notSaved(copies, "", 7), copies);
});

test("the draft on the server is offered where it is newer than the copy in this tab", () => {
  const draft = copy("a", 5, { at: 2 });
  assert.deepEqual(withDraft([copy("a", 4), copy("b", 1)], draft), [copy("b", 1), draft]);
  assert.deepEqual(withDraft([copy("a", 5)], draft), [copy("a", 5)]);
  assert.deepEqual(withDraft([copy("b", 9)], draft), [draft, copy("b", 9)]);
  assert.deepEqual(withDraft([], draft), [draft]);
});

test("times are those of Beijing, with two digits", () => {
  assert.equal(clockTime(Date.UTC(2022, 6, 1, 1, 5)), "09:05");
  assert.equal(clockTime(Date.UTC(2022, 6, 1, 16, 0)), "00:00");
  assert.equal(clockTime(Date.UTC(2022, 6, 1, 15, 59)), "23:59");
});
