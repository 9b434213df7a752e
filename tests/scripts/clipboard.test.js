import assert from "node:assert/strict";
import { test } from "node:test";
import { copiedRows, rowsOfHtml, rowsOfText } from "../../static/js/rows/clipboard.js";
import { bareFigure, headingLine, optionFor, plainName } from "../../static/js/rows/matching.js";
import { factorOf, scaled } from "../../static/js/shared/units.js";

test("cells are parted by tabs and rows by line ends", () => {
  assert.deepEqual(rowsOfText("甲\t1,000\r\n乙\t2,000\r\n"), [["甲", "1,000"], ["乙", "2,000"]]);
  assert.deepEqual(rowsOfText("甲\t\t\n\t乙\t"), [["甲", "", ""], ["", "乙", ""]]);
  assert.deepEqual(rowsOfText("一\r二"), [["一"], ["二"]]);
  assert.deepEqual(rowsOfText(""), []);
});

test("a cell in quotes keeps its tabs, line ends and quotes", () => {
  assert.deepEqual(rowsOfText('"两\n行"\t"a""b"\n"c\td"\te'), [["两\n行", 'a"b'], ["c\td", "e"]]);
  assert.deepEqual(rowsOfText('"没有结束\t乙'), [['"没有结束', "乙"]]);
  assert.deepEqual(rowsOfText('24" 屏\t2'), [['24" 屏', "2"]]);
});

const WORD = `<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><style>td { x: y }</style></head>
<body><!--StartFragment--><table class=MsoNormalTable border=1><tr><td width=100><p class=MsoNormal>指标
名称<o:p></o:p></p></td><td title="a>b"><p>目标&nbsp;值</p></td></tr><tr><td colspan=2><p>一</p><p>二&amp;三&#x2265;</p></td></tr>
</table><!--EndFragment--></body></html>`;

test("a table of Word keeps the paragraphs of a cell together", () => {
  assert.deepEqual(rowsOfHtml(WORD), [["指标 名称", "目标 值"], ["一\n二&三≥", ""]]);
  assert.deepEqual(copiedRows("指标名称\t目标值\n一\n二", WORD).length, 2);
});

test("a sheet is read by its text, plain words are no table", () => {
  const sheet = "<table><tr><td>1000</td><td>x</td></tr></table>";
  assert.deepEqual(copiedRows("1,000\tx\r\n", sheet), [["1,000", "x"]]);
  assert.deepEqual(copiedRows("完成对接", ""), []);
  assert.deepEqual(copiedRows("  完成对接\r\n", ""), []);
  assert.deepEqual(copiedRows("一\n二", ""), [["一"], ["二"]]);
  assert.deepEqual(copiedRows("一 二", "<p>一 <b>二</b></p>"), []);
  assert.deepEqual(copiedRows("一二", "<table><tr><td>一</td><td>二</td></tr></table>"), [["一", "二"]]);
});

const HEADINGS = ["指标", "起始值", "目标值", "完成期限"];

function placesOf(...block) { return headingLine(block, HEADINGS); }

test("a line of headings says which column is which, by any of the usual words", () => {
  assert.deepEqual(placesOf(["序号", "完成 期限", "指标", "目标值（户）"]), { at: 0, places: [-1, 3, 0, 2] });
  assert.deepEqual(placesOf(["指标名称", "现状值", "目标", "完成时间"]), { at: 0, places: [0, 1, 2, 3] });
  assert.equal(placesOf(["开立个人钱包数", "0", "1000", "2026-06-30"]), null);
  assert.equal(placesOf(["指标", "1000"]), null);
  assert.equal(placesOf(["指标", "指标", "目标值"]), null);
  assert.deepEqual(headingLine([["评委", "理由"]], ["评委", "理由"]), { at: 0, places: [0, 1] });
});

test("lines above the headings are passed over, lines of figures are not", () => {
  assert.deepEqual(placesOf(["附表一", ""], ["指标", "目标值"], ["受理商户数", "5"]), { at: 1, places: [0, 2] });
  assert.equal(placesOf(["a", "1"], ["b", "2"], ["c", "3"], ["指标", "目标值"]), null);
  assert.equal(placesOf(), null);
});

test("figures of another unit are converted to the last digit, or not at all", () => {
  assert.equal(scaled("1.5", factorOf("万元", "元")), "15,000");
  assert.equal(scaled("0.00015", factorOf("万元", "元")), "1.5");
  assert.equal(scaled("-12.30", factorOf("亿元", "元")), "-1,230,000,000");
  assert.equal(scaled("3", factorOf("百万", "户")), "3,000,000");
  assert.equal(scaled("约三万", factorOf("万元", "元")), "约三万");
  assert.equal(scaled("1000", factorOf("", "元")), "1000");
  assert.equal(factorOf("笔", "户"), null);
  assert.equal(factorOf("万笔", "户"), null);
});

test("figures are read as sheets show them", () => {
  assert.equal(bareFigure("￥ 1,234.50"), "1,234.50");
  assert.equal(bareFigure("1 234 567元"), "1234567");
  assert.equal(bareFigure("１２"), "12");
  assert.equal(bareFigure("12 34"), "12 34");
});

test("a cell merged downwards holds in each of its rows", () => {
  const merged = "<table><tr><td rowspan=2>设备</td><td>甲</td></tr><tr><td>乙</td></tr><tr><td>人工</td><td>丙</td></tr></table>";
  assert.deepEqual(copiedRows("设备\t甲\n\t乙\n人工\t丙", merged), [["设备", "甲"], ["设备", "乙"], ["人工", "丙"]]);
});

const OPTIONS = [
  { value: "", text: "请选择" },
  { value: "K01", text: "开立个人钱包数（个）" },
  { value: "K06", text: "受理商户数（户）" },
  { value: "7", text: "张三（朝阳支行）" },
  { value: "8", text: "张三（海淀支行）" },
];

function chosen(text) { return (optionFor(OPTIONS, text) || { value: null }).value; }

test("an option is found by its words, with or without brackets, or by its code", () => {
  assert.equal(chosen("开立个人钱包数"), "K01");
  assert.equal(chosen("受理商户数 (户)"), "K06");
  assert.equal(chosen("ｋ０６"), "K06");
  assert.equal(chosen("张三（海淀支行）"), "8");
  assert.equal(chosen("张三"), null);
  assert.equal(chosen("张三（昌平支行）"), null);
  assert.equal(chosen("受理商户数（个）"), null);
  assert.equal(chosen("没有的指标"), null);
  assert.equal(plainName(" 目标值 （户）"), "目标值");
});
