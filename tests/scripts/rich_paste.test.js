import assert from "node:assert/strict";
import { test } from "node:test";
import { Losses } from "../../static/js/rich/paste/losses.js";
import { reduceMarkup } from "../../static/js/rich/paste/markup.js";
import { plainToMarkdown } from "../../static/js/rich/paste/plain.js";
import { afterBullet, fromSymbolFont, withoutPrivate } from "../../static/js/rich/paste/symbols.js";

test("nothing of pasted markup is left that a page would load, run or style", () => {
  const html = `<html><head><style>p{color:red}</style></head><body onload="x()"><!--[if gte mso 9]><xml/><![endif]-->
<p class=MsoNormal style='color:red' onclick="y()"><img src="file:///C:/a.png" onerror=z()><script>alert(1)</script>甲<o:p>&nbsp;</o:p></p></body></html>`;
  assert.equal(reduceMarkup(html).trim(), "<html><body>\n<p><img>甲</p></body></html>");
});

function facts(html) { return reduceMarkup(html).replace(/^<\w+ ?|>.*$/g, ""); }

test("what an element is in a word processor is kept as a fact", () => {
  assert.equal(facts("<p class=MsoTitle>x</p>"), 'data-heading="0"');
  assert.equal(facts("<p style='mso-outline-level:2'>x</p>"), 'data-heading="2"');
  assert.equal(facts("<p style='mso-list:l3 level2 lfo1'>x</p>"), 'data-list="l3" data-depth="2"');
  assert.equal(facts("<b style='mso-bidi-font-weight:normal'>x</b>"), "");
  assert.equal(facts("<b style='font-weight:normal'>x</b>"), 'data-bold="no"');
  assert.equal(facts('<td align="right" colspan=2 width=80>x</td>'), 'colspan="2" data-align="right"');
  assert.equal(facts("<span style=\"display:none\">x</span>"), 'data-hidden="yes"');
});

test("the sign before an item is taken from either kind of comment", () => {
  const sign = '<i data-marker="l" data-symbol="yes"></i>';
  const drawn = "<span style='font-family:Wingdings'>l<span>&nbsp; </span></span>";
  assert.equal(reduceMarkup(`<![if !supportLists]>${drawn}<![endif]>甲`), `${sign}甲`);
  assert.equal(reduceMarkup(`<!--[if !supportLists]-->${drawn}<!--[endif]-->甲`), `${sign}甲`);
});

test("a line end inside Chinese words is no blank", () => {
  assert.equal(reduceMarkup("<p>数字\n  人民币<b>\n受理</b> the\nend</p>"), "<p>数字人民币<b>受理</b> the\nend</p>");
});

test("symbol fonts are read as what they looked like", () => {
  let lost = 0;
  const count = () => { lost += 1; };
  assert.equal(fromSymbolFont("lnü"), "●■✓");
  assert.equal(withoutPrivate("\uf06c甲\ue123", count), "●甲□");
  assert.equal(lost, 1);
  assert.equal(afterBullet("●甲"), "甲");
  assert.equal(afterBullet("· 甲"), "甲");
  assert.equal(afterBullet("·甲"), null);
  assert.equal(afterBullet("3·15"), null);
});

test("plain text keeps its signs, lines of a worksheet become a table", () => {
  assert.equal(plainToMarkdown("## 甲\r\n• 乙\r\n", assert.fail), "## 甲\n- 乙");
  assert.equal(plainToMarkdown("甲\t乙\n1\t2|3", assert.fail), "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2\\|3 |");
  assert.equal(plainToMarkdown("甲\t乙\n丙", assert.fail), "甲\t乙\n丙", "not all lines have as many cells");
});

test("what was lost is said in one sentence, links by their words", () => {
  const losses = new Losses();
  assert.equal(losses.sentence(), "");
  losses.add("link", 1, "附件");
  losses.add("picture", 2);
  losses.add("link", 1, "一个很长很长的链接文字写在这里");
  assert.equal(
    losses.sentence(),
    "粘贴时以下内容不能原样保留：图片2张（请改为上传附件）；不能使用的链接地址2个（“附件”“一个很长很长的链接文字写…”，文字已保留）。",
  );
});
