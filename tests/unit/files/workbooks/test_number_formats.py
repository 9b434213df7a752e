"""A stored number is read as the sheet shows it, or it is said how the two differ."""

from __future__ import annotations

import pytest

from lab.files.rules.number_formats import shown

SHOWN = [
    ("0.3", "General", "0.3"),
    ("0.30000000000000004", "General", "0.3"),
    ("1012345678", "00000000000", "01012345678"),
    ("12345678", "000-0000-0000", "000-1234-5678"),
    ("1087654321", "000-0000-0000", "010-8765-4321"),
    ("1087654321", '"("000")"0000-0000', "(010)8765-4321"),
    ("7", "000", "007"),
    ("1234567", "000", "1234567"),
    ("110101", "@", "110101"),
    ("0.35", "0%", "35%"),
    ("0.3525", "0.00%", "35.25%"),
    ("0.355", "0.0#%", "35.5%"),
    ("-0.05", "0%", "-5%"),
    ("12", '0"户"', "12户"),
    ("12", "0\\个", "12个"),
    ("12", 'General"户"', "12户"),
    ("1234567.5", "#,##0.00", "1,234,567.50"),
    ("0", "#,##0", "0"),
    ("1200", '"¥"#,##0', "¥1,200"),
    ("1200", "[$¥-804]#,##0", "¥1,200"),
    ("1200", '_ "¥"* #,##0_ ', "¥1,200"),
    ("-1200", "#,##0_);(#,##0)", "(1,200)"),
    ("-1200", "#,##0;[Red]-#,##0", "-1,200"),
    ("0", '0;-0;"无"', "无"),
    ("44743", '[DBNum1][$-804]yyyy"年"m"月"d"日"', "2022-07-01"),
    ("44743", "yyyy-mm-dd", "2022-07-01"),
    ("44743", 'yyyy"年"m"月"d"日"', "2022-07-01"),
    ("44743", '[$-804]yyyy"年"m"月"d"日";@', "2022-07-01"),
    ("44743.375", "yyyy/m/d h:mm", "2022-07-01 09:00"),
    ("44743", "yyyy/m/d h:mm", "2022-07-01"),
    ("44743", 'yyyy"年"m"月"', "2022年7月"),
    ("0.375", "h:mm", "09:00"),
    ("1.5", "[h]:mm", "36:00"),
    ("10123456789", "G/通用格式", "10123456789"),
]


@pytest.mark.parametrize(("stored", "code", "text"), SHOWN)
def test_a_number_is_read_as_the_sheet_shows_it(stored: str, code: str, text: str) -> None:
    result = shown(stored, code)
    assert (result.text, result.problem) == (text, "")


REMARKS = [
    ("0.354", "0%", "35%", "显示为35%，实际存的是0.354"),
    ("12345.678", "#,##0.00", "12,345.68", "实际存的是12345.678"),
    ("2.5", "0", "3", "实际存的是2.5"),
    ("44743.6458333", "yyyy-mm-dd", "2022-07-01", "没显示的时间15:30"),
    ("44743.0000116", "yyyy/m/d", "2022-07-01", "没显示的时间00:00"),
    ("44743.9999", "m/d/yyyy", "2022-07-01", "没显示的时间23:59"),
    ("44743.25", 'yyyy"年"m"月"d"日"', "2022-07-01", "没显示的时间06:00"),
    ("44743.5", "[$-804]yyyy/mm/dd;@", "2022-07-01", "没显示的时间12:00"),
    ("44743.75", "d-mmm-yy", "2022-07-01", "没显示的时间18:00"),
    ("44743", 'm"月"d"日"', "2022-07-01", "请核对年份"),
    ("0", '0;-0;"无"', "无", "实际存的是0"),
    ("10123456789", "0.00E+00", "10123456789", "按实际存的10123456789读取"),
    ("0.5", "# ?/?", "0.5", "按实际存的0.5读取"),
    ("5", "[>3]0;General", "5", "请核对"),
    ("123000", '0!.0,"万"', "12.3万", "实际存的是123000"),
    ("12300000", '0.0,,"百万"', "12.3百万", "实际存的是12300000"),
    ("100", '[DBNum1][$-804]General"元"', "100元", "显示为中文数字"),
    ("123", "[DBNum2][$-804]0", "123", "显示为中文数字"),
]


@pytest.mark.parametrize(("stored", "code", "text", "remark"), REMARKS)
def test_a_remark_says_what_the_sheet_does_not_show(
    stored: str, code: str, text: str, remark: str
) -> None:
    result = shown(stored, code)
    assert result.text == text and remark in result.remark and not result.problem


PROBLEMS = [
    ("1.10101199001011E+17", "General", "超过15位"),
    ("1.10101199001011E+17", "0", "超过15位"),
    ("6222020000000000000", "@", "超过15位"),
    ("5", ";;;", "格式把内容隐藏了（存有5）"),
    ("-1", "yyyy-mm-dd", "不是日期"),
    ("60", "yyyy-mm-dd", "不是日期"),
    ("3000000", "yyyy-mm-dd", "不是日期"),
]


@pytest.mark.parametrize(("stored", "code", "problem"), PROBLEMS)
def test_what_the_sheet_cannot_show_is_a_problem(stored: str, code: str, problem: str) -> None:
    result = shown(stored, code)
    assert result.text == "" and problem in result.problem


@pytest.mark.parametrize(
    ("stored", "code", "number"),
    [
        ("1200", '"¥"#,##0', "1200"),
        ("1234.5", "#,##0.00", "1234.50"),
        ("-1200", "#,##0_);(#,##0)", "-1200"),
        ("123000", '0!.0,"万"', ""),
        ("12300000", '0.0,,"百万"', ""),
        ("12", 'General"户"', "12"),
        ("0.35", "0%", ""),
        ("1012345678", "00000000000", ""),
    ],
)
def test_the_number_alone_is_known_beside_its_text(stored: str, code: str, number: str) -> None:
    assert shown(stored, code).number == number


def test_days_of_a_workbook_that_counts_from_1904_are_right() -> None:
    assert shown("43281", "yyyy-mm-dd", from_1904=True).text == "2022-07-01"
