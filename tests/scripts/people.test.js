import assert from "node:assert/strict";
import { test } from "node:test";

import { fitting, theOne } from "../../static/js/people/fitting.js";

const people = [
  { label: "【演示】组长甲（邮储乙区支行）", keys: ["zzj", "zuzhangjia"] },
  { label: "组员甲（邮储乙区支行）", keys: ["zyj", "zuyuanjia"] },
  { label: "张伟（邮政东城分公司）", keys: ["zw", "zhangwei"] },
];
const labels = (typed) => fitting(people, typed).people.map((person) => people.indexOf(person));

test("names, pinyin, initials and units find people of a list", () => {
  assert.deepEqual(labels(""), [0, 1, 2]);
  assert.deepEqual(labels("组长甲"), [0]);
  assert.deepEqual(labels("【演示】组"), [0, 1]);
  assert.deepEqual(labels("ZHANG"), [2]);
  assert.deepEqual(labels("乙区 zyj"), [1]);
  assert.deepEqual(labels("李"), []);
});

test("of a long list the first are offered", () => {
  const many = Array.from({ length: 30 }, (_, at) => ({ label: `张${at}（支行）`, keys: [] }));
  const { people: offered, more } = fitting(many, "张");
  assert.equal(offered.length, 20);
  assert.ok(more);
});

test("a text means the only one who fits, or nobody", () => {
  assert.equal(theOne(people, "zhang"), people[2]);
  assert.equal(theOne(people, "组员甲（邮储乙区支行）"), people[1]);
  assert.equal(theOne(people, "组"), null);
  assert.equal(theOne(people, ""), null);
});
