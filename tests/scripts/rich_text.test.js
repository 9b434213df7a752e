import assert from "node:assert/strict";
import { test } from "node:test";
import { completeAddress } from "../../static/js/rich/addresses.js";
import { isSafeAddress, parse } from "../../static/js/rich/text/dialect.js";
import { readMarkdown } from "../../static/js/rich/text/reading.js";
import { schema } from "../../static/js/rich/text/schema.js";
import { writeMarkdown } from "../../static/js/rich/text/writing.js";
import { Maker, seen } from "./rich_documents.js";

const { nodes } = schema;
const DOCUMENTS = 1500;

test("what is seen is what is kept, whatever signs were typed", () => {
  const maker = new Maker(20220701);
  for (let made = 0; made < DOCUMENTS; made += 1) {
    const document = maker.document(), text = writeMarkdown(document);
    document.check();
    assert.deepEqual(seen(readMarkdown(text)), seen(document), text);
  }
});

test("a text that is written as the editor does comes back to the letter", () => {
  const texts = [
    "一行\n又一行\n\n二段", "**申报要求：**请各单位", "- 甲\n- 乙", "3. 丙\n4. 丁", "[办法](/calls)",
    "## 甲\n\n### 乙\n\n## 丙", "| 项目 | 金额 | 中 |\n| --- | ---: | :---: |\n| 甲\\|乙 | 5 |  |",
    "- 甲\n  - 乙\n    1. 丙\n- 丁\n\n正文", "[**甲**](/a) **甲[乙](/b)丙**", "- 甲\n\n- 乙\n\n  丙", "**甲\n乙**",
    "1. 甲\n\n1) 乙", "- ## 标题\n  正文", "5*6*7=210", "__init__", "C:\\计划\\[终稿]", "----", "&copy; 2022",
  ];
  texts.forEach((text) => { assert.equal(writeMarkdown(readMarkdown(text)), text); });
});

const typed = (text) => writeMarkdown(nodes.doc.create(null, nodes.paragraph.create(null, schema.text(text))));

test("signs that somebody wanted as signs stay signs", () => {
  ["# 甲", "- 甲", "12. 甲", "**甲**", "[甲](/a)", "+"].forEach((text) => {
    const back = readMarkdown(typed(text)).firstChild;
    assert.equal(back.type, nodes.paragraph);
    assert.equal(back.textContent, text);
    assert.equal(back.firstChild.marks.length, 0);
  });
  assert.equal(typed("甲#乙 - 丙 1.5"), "甲#乙 - 丙 1.5", "harmless signs are left alone");
});

test("what would be shown as plain lines is not opened in the editor", () => {
  assert.equal(parse("| 甲 |\n| --- |\n".repeat(100)), null);
  assert.equal(readMarkdown("[".repeat(201)), null);
  assert.equal(readMarkdown(Array.from({ length: 6 }, (_, depth) => `${"  ".repeat(depth)}- 甲`).join("\n")), null);
});

test("addresses are completed, those that lead elsewhere refused", () => {
  assert.equal(completeAddress(" www.example.cn/a "), "https://www.example.cn/a");
  assert.equal(completeAddress("office@example.cn"), "mailto:office@example.cn");
  assert.equal(completeAddress("https：//example.cn"), "https://example.cn");
  assert.equal(completeAddress("/calls"), "/calls");
  ["javascript:alert(1)", "data:text/html,x", "//evil.cn", "", "甲乙", "file:///C:/a.png", "/\\evil.cn", "vbscript:x"]
    .forEach((address) => {
      assert.equal(completeAddress(address), "", address);
      assert.equal(isSafeAddress(address), false, address);
    });
});
