"""The office's calendar: reading a pasted year, and when a year is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from lab.clock import OfficeCalendar, WorkingDay
from lab.workdays.rules import (
    DayEntry,
    cn_working_day,
    entries_of,
    grid_text,
    parse_year,
    pasted_grid,
    year_to_ask_for,
)


def test_a_pasted_notice_is_read_line_by_line() -> None:
    text = (
        "日期\t安排\t名称\n2027-01-01\t放假\t元旦\n\n"
        "2027年2月5日（周五）至2027年2月7日,放假,春节\n2027/2/14，调休上班，\n"
    )
    rows = parse_year(pasted_grid(text), 2027)
    assert [(row.number, row.problem) for row in rows] == [(2, ""), (4, ""), (5, "")]
    assert entries_of(rows) == (
        DayEntry(date(2027, 1, 1), False, "元旦"),
        *(DayEntry(date(2027, 2, day), False, "春节") for day in (5, 6, 7)),
        DayEntry(date(2027, 2, 14), True, "调休上班"),
    )
    again = parse_year(pasted_grid(grid_text(pasted_grid(text))), 2027)
    assert entries_of(again) == entries_of(rows)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("，放假，元旦", "没有写日期。"),
        ("2027-02-30，放假，春节", "没有“2027-02-30”这一天"),
        ("元月一日，放假，元旦", "样子填写日期"),
        ("2026-12-31，放假，元旦", "2026年12月31日不在2027年"),
        ("2027-02-11至2027-02-05，放假，春节", "止日早于起日。"),
        ("2027-02-01至2027-04-05，放假，春节", "一段不能超过31天"),
        ("2027-02-01至02-02至02-03，放假，春节", "日期写法有误"),
        ("10.1，放假，国庆节", "样子填写日期"),
        ("7，放假，国庆节", "样子填写日期"),
        ("2月27日至2026年3月1日，放假，假", "2026年3月1日不在2027年"),
        ("2月5日（周六），放假，春节", "2027年2月5日是周五，不是周六，请核对年份和日期。"),
        ("2月5日（周五）（周六），放假，春节", "不是周六"),
        ("2月5日（周五）至2月7日（周六），放假，春节", "2027年2月7日是周日，不是周六"),
        ("2027-02-05，也许，春节", "“放假”或“上班”"),
        ("2027-02-05", "“放假”或“上班”"),
        ("2027-10-01，放假，国庆节，中秋节", "名称之后还有内容"),
        (f"2027-02-05，放假，{'春' * 41}", "41"),
        ("2027-01-01至2027-01-03，放假，元旦", "2027年1月2日与第1行重复。"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: str, fault: str) -> None:
    row = parse_year(pasted_grid(f"2027-01-02，放假，元旦\n{line}"), 2027)[-1]
    assert fault in row.problem and not row.days


@pytest.mark.parametrize(
    "text",
    [
        "2027年10月1日至2027年10月7日",
        "2027年10月1日至10月7日",
        "2027年10月1日至7日",
        "10月1日（周五）至7日（周四）",
        "10月1日 （周五）至7日",
        "10月1日-7日",
        "10月1日（周五）－7日（周四）",
        "10月1日–10月7日",
        "2027-10-01 - 2027-10-07",
        "2027-10-1-2027-10-7",
        "10月1号～10月7号",
        "2027-10-01至10-07",
        "10-1至10-7",
        "10/1至10/7",
    ],
)
def test_a_range_is_read_as_notices_write_it(text: str) -> None:
    entries = entries_of(parse_year(pasted_grid(f"{text}，放假，国庆节"), 2027))
    assert [entry.day for entry in entries] == [date(2027, 10, day) for day in range(1, 8)]


@pytest.mark.parametrize(
    "line", ["2027-01-01，放假，元旦\t", "2027-01-01;放假；元旦", "2027-01-01,放假,元旦,,"]
)
def test_cells_are_parted_at_tabs_or_at_marks(line: str) -> None:
    assert entries_of(parse_year(pasted_grid(f"{line}\n"), 2027)) == (
        DayEntry(date(2027, 1, 1), False, "元旦"),
    )


def test_a_sunday_may_be_called_either_way() -> None:
    rows = parse_year(pasted_grid("2月7日（周日），放假，春节\n2月14日（星期天），上班，"), 2027)
    assert [row.problem for row in rows] == ["", ""]


def test_a_cell_of_a_table_keeps_its_commas_and_is_one_line() -> None:
    text = grid_text([["2027-10-01", "放假", "国庆节；中秋节，\n连休"]])
    (entry,) = entries_of(parse_year(pasted_grid(text), 2027))
    assert entry.name == "国庆节；中秋节， 连休"


@pytest.mark.parametrize(
    ("today", "complete", "asked"),
    [
        (date(2026, 10, 31), (), None),
        (date(2026, 11, 1), (), 2027),
        (date(2026, 12, 31), (2027,), None),
        (date(2027, 1, 4), (), 2027),  # it goes on until somebody enters the year
        (date(2027, 11, 1), (2027,), 2028),
        (date(2025, 12, 1), (), None),
    ],
)
def test_next_year_is_asked_for_from_november(
    today: date, complete: tuple[int, ...], asked: int | None
) -> None:
    assert year_to_ask_for(today, OfficeCalendar({}, frozenset(complete))) == asked


def test_a_date_that_may_change_says_so() -> None:
    day = date(2027, 1, 8)
    assert cn_working_day(WorkingDay(day, False)) == "2027年1月8日"
    assert cn_working_day(WorkingDay(day, True)) == "2027年1月8日（含未公布节假日，日期可能调整）"
