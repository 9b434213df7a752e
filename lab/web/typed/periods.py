"""Read periods as people type them. Pure: text in, two days or Chinese message out."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from lab import clock
from lab.web.typed.dates import with_digits
from lab.web.typed.text import TextError, displayable, trim

EXAMPLE = "请写成“2026年3月1日至2027年2月28日”或“2026年3月至2027年2月”。"
_ONE = "只写了一个日期，看不出开始和结束。"
_MANY = "写了两个以上的日期，只能有开始和结束两个。"
_YEARS_ONLY = "只写了年份，没有写月份。"
_NO_YEAR = "没有写四位数的年份。"
_NO_DATES = "看不出开始和结束两个日期。"
_END_BEFORE_START = "结束早于开始，请写明结束的年份。"

_BLANKS = re.compile(
    r"\s+(?=[年月日号])|(?<=年)\s+|(?<=月)\s+(?=[0-9]{1,2}\s*[日号])"
    r"|(?<=[-–—~./至到])\s+|\s+(?=[-–—~./至到])"
)
# How long it takes says nothing beside two days.
_DURATION = re.compile(r"[\s(,;、]*(?:共计?|合计|为期)?[0-9]+(?:个月|天)\)?$")
_YEARS = re.compile(r"[0-9]{4}(?![0-9年./-]*月)年?度?(?:[-–—~至到]+[0-9]{4}年?度?)?")
_POINT = re.compile(
    r"""(?<![0-9])(?:
      (?P<year1>[0-9]{4})年(?P<month1>[0-9]{1,2})
        (?:月份?(?:(?P<day1>[0-9]{1,2})[日号]?|(?P<part1>[初底末]))?|(?=[-–—~至到]))
    | (?P<year2>[0-9]{4})(?P<mark>[-./])(?P<month2>[0-9]{1,2})
        (?:(?P=mark)(?P<day2>[0-9]{1,2})[日号]?|月)?
    | (?P<year3>[0-9]{4})(?P<month3>[0-9]{2})(?P<day3>[0-9]{2})?
    | (?P<month4>[0-9]{1,2})月份?(?:(?P<day4>[0-9]{1,2})[日号]?|(?P<part4>[初底末]))?
    | (?P<month5>[0-9]{1,2})[./](?P<day5>[0-9]{1,2})
    | (?P<day6>[0-9]{1,2})[日号]
    | (?P<month7>[0-9]{1,2})(?![年个天周季期])
    )(?:(?<![0-9])|(?![0-9]))""",
    re.VERBOSE,
)
_BETWEEN = re.compile(r"[-–—−‐‑~→起至到\s]")
_FILLING = re.compile(r"[-–—−‐‑~→:,;、.。\s]|开始|结束|截止|为止|[自从由起始至到止]")


@dataclass(frozen=True)
class Period:
    """Two days, the first and the last. `completed`: one of them was typed without its day."""

    start: date
    end: date
    completed: bool = False


@dataclass(frozen=True)
class _Point:
    """What was typed of a day; a `part` of the month stands for its day."""

    typed: str
    year: int | None
    month: int | None
    day: int | None
    part: str
    bare: bool  # neither year nor 月 nor 日: 12 or 12.31


def parse_period(text: str) -> Period:
    """Parse a period: 2026年3月1日至2027年2月28日, 2026.3.1-2027.2.28, 2026-03 至 2027-02.

    Without days it lasts from the first day of the one month to the last day of the other. The end
    may leave out the year, 2026年3月—12月, and the month.
    Raises `TextError` with the reason and the cure when there are not two days.
    """
    plain = _BLANKS.sub("", with_digits(unicodedata.normalize("NFKC", trim(text))))
    plain = _DURATION.sub("", plain)
    matches = list(_POINT.finditer(plain))
    if len(matches) != 2:
        raise TextError(_number_problem(plain, len(matches)) + EXAMPLE)
    first, second = (_point(match) for match in matches)
    if first.year is None:
        raise TextError(_NO_YEAR + EXAMPLE)
    parts = plain[: matches[0].start()], plain[matches[0].end() : matches[1].start()]
    _expect_nothing_else("".join((*parts, " ", plain[matches[1].end() :])))
    if not _BETWEEN.search(parts[1]) or not _is_end_of(first, second):
        raise TextError(_NO_DATES + EXAMPLE)
    return _period(first, second)


def _number_problem(plain: str, number: int) -> str:
    if number > 2:
        return _MANY
    return _YEARS_ONLY if _YEARS.fullmatch(plain) else _ONE if number else _NO_DATES


def _point(match: re.Match[str]) -> _Point:
    def number(*names: str) -> int | None:
        return next((int(match[name]) for name in names if match[name]), None)

    return _Point(
        match[0],
        number("year1", "year2", "year3"),
        number("month1", "month2", "month3", "month4", "month5", "month7"),
        number("day1", "day2", "day3", "day4", "day5", "day6"),
        match["part1"] or match["part4"] or "",
        match["month7"] is not None or match["month5"] is not None,
    )


def _expect_nothing_else(rest: str) -> None:
    if other := _FILLING.sub("", rest):
        shown = displayable(other)[:20]
        raise TextError(f"除了开始和结束，还有看不懂的“{shown}”。{EXAMPLE}")


def _is_end_of(first: _Point, second: _Point) -> bool:
    """Return whether the second can end the period: with a day as the first, or without as it."""
    alike = (first.day is None) == (second.day is None)
    return alike if second.bare else second.month is not None or first.day is not None


def _period(first: _Point, second: _Point) -> Period:
    start = _day(first, first.year, first.month, last=False)
    end = _day(second, second.year or first.year, second.month or first.month, last=True)
    if second.year is None and end < start:
        raise TextError(_END_BEFORE_START + EXAMPLE)
    return Period(start, end, first.day is None or second.day is None)


def _day(point: _Point, year: int | None, month: int | None, *, last: bool) -> date:
    try:
        assert year is not None and month is not None  # the first has both
        at_end = point.part in ("底", "末") if point.part else last
        every = calendar.monthrange(year, month)[1]
        return date(year, month, point.day or (every if at_end else 1))
    except ValueError:
        raise TextError(f"没有“{point.typed}”这个日期，请检查。") from None


def period_text(period: Period) -> str:
    """Return in words what was read."""
    days = f"{clock.cn_date(period.start)}至{clock.cn_date(period.end)}"
    return f"没有写哪一日，按月初、月末读作{days}。" if period.completed else f"读作{days}。"
