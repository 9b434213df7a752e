"""Periods are read as people type them, or the reason is named."""

from __future__ import annotations

from datetime import date

import pytest

from lab.web.typed.periods import EXAMPLE, parse_period, period_text
from lab.web.typed.text import TextError

YEAR = (date(2026, 3, 1), date(2027, 2, 28))
SPRING = (date(2026, 3, 1), date(2026, 12, 31))
MARCH = (date(2026, 3, 1), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026年3月1日至2027年2月28日", YEAR),
        ("2026.3.1-2027.2.28", YEAR),
        ("2026-03-01-2027-02-28", YEAR),
        ("2026-3-1 至 2027-2-28", YEAR),
        ("2026/3/1～2027/2/28", YEAR),
        ("20260301-20270228", YEAR),
        ("2026.3.1 2027.2.28", YEAR),
        ("2026年3月1号到2027年2月28号", YEAR),
        ("2026 年 3 月 1 日 —— 2027 年 2 月 28 日", YEAR),
        ("自 2026-3-1 起 至 2027-2-28 止", YEAR),
        ("二〇二六年三月一日至二〇二七年二月二十八日", YEAR),
        ("2026.3.1-12.31", SPRING),
        ("2026年3月1日—12月31日", SPRING),
        ("2026年3月1日-15日", MARCH),
        ("2026年3月1-15日", MARCH),
    ],
)
def test_two_days_are_read(text: str, days: tuple[date, date]) -> None:
    period = parse_period(text)
    assert (period.start, period.end, period.completed) == (*days, False)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026年3月—2027年2月", YEAR),
        ("２０２６年３月－２０２７年２月", YEAR),
        ("2026-03 至 2027-02", YEAR),
        ("2026-03-2027-02", YEAR),
        ("2026.03—2027.02", YEAR),
        ("2026.3月-2027.2月", YEAR),
        ("202603-202702", YEAR),
        ("2026年3月\n2027年2月", YEAR),
        ("2026年3月份至2027年2月份。", YEAR),
        ("2026年3月初至2027年2月底", YEAR),
        ("2026年3月-2027年2月（12个月）", YEAR),
        ("2026年3月起，2027年2月止", YEAR),
        ("2026.03—2027.02.28", YEAR),
        ("二〇二六年三月至二〇二七年二月", YEAR),
        ("2026年3月至12月", SPRING),
        ("2026年3-12月", SPRING),
        ("2026.3-12", SPRING),
        ("2023年12月～2024年2月", (date(2023, 12, 1), date(2024, 2, 29))),
        ("2026年3月末—2026年4月", (date(2026, 3, 31), date(2026, 4, 30))),
        ("2026年3月-2026年3月", (date(2026, 3, 1), date(2026, 3, 31))),
    ],
)
def test_months_are_read_from_their_first_to_their_last_day(
    text: str, days: tuple[date, date]
) -> None:
    period = parse_period(text)
    assert (period.start, period.end, period.completed) == (*days, True)


ONE, NONE = "只写了一个日期", "看不出开始和结束两个日期"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", NONE),
        ("待定", NONE),
        ("12个月", NONE),
        ("约一年", NONE),
        ("2个季度", NONE),
        ("2026年上半年", NONE),
        ("2026-03-04-12", NONE),
        ("2026年3月、2027年2月", NONE),
        ("2026年3月", ONE),
        ("2026-03-01", ONE),
        ("2026年3月起12个月", ONE),
        ("2026年3月至长期", ONE),
        ("2026年-2027年3月", ONE),
        ("2026年", "只写了年份，没有写月份"),
        ("2026~2027年", "只写了年份，没有写月份"),
        ("3月-12月", "没有写四位数的年份"),
        ("26.3-27.2", "没有写四位数的年份"),
        ("2026.3-2026.6，2026.9-2026.12", "写了两个以上的日期"),
        ("2026年11月—2月", "结束早于开始，请写明结束的年份"),
        ("2026年3月-2027年2月（暂定）", "还有看不懂的“(暂定)”"),
    ],
)
def test_what_is_no_period_is_named_with_the_cure(text: str, message: str) -> None:
    with pytest.raises(TextError) as error:
        parse_period(text)
    assert message in str(error.value) and str(error.value).endswith(EXAMPLE)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("2026年13月-2027年2月", "2026年13月"),
        ("2026年2月30日-2027年2月", "2026年2月30日"),
        ("2026.3-2026.4.31", "2026.4.31"),
        ("0000年3月-2026年4月", "0000年3月"),
    ],
)
def test_a_day_that_does_not_exist_is_named(text: str, typed: str) -> None:
    with pytest.raises(TextError, match=f"没有“{typed}”这个日期"):
        parse_period(text)


def test_what_was_read_is_said_in_words() -> None:
    full, months = parse_period("2026.3.1-2027.2.28"), parse_period("2026.3-2027.2")
    assert period_text(full) == "读作2026年3月1日至2027年2月28日。"
    assert period_text(months) == "没有写哪一日，按月初、月末读作2026年3月1日至2027年2月28日。"
