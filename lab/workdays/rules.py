"""Rules of the office's calendar: wording, the reminder, parsing a pasted year. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from lab.canonical import fingerprint
from lab.clock import OfficeCalendar, WorkingDay, cn_date, cn_weekday
from lab.web.typed.dates import parse_date
from lab.web.typed.text import TextError, clean_text, displayable, normalise

FIRST_YEAR, LAST_YEAR = 2004, 2099  # the published calendar begins; lunar dates end
PROVISIONAL = "含未公布节假日，日期可能调整"
REMINDER_DAY = (11, 1)  # the notice of the State Council comes out in the first half of November
NAME_LIMIT, SOURCE_LIMIT = 40, 120
MAX_DAYS = 100  # days of a year that differ from the plain week, at most
HEADINGS = ("日期", "安排", "名称")
ARRANGEMENT_WORDS = {
    **dict.fromkeys(("上班", "补班", "调休上班", "工作日"), True),
    **dict.fromkeys(("放假", "休息", "休", "节假日"), False),
}
# A hyphen joins two days only where it cannot belong to one: after 日, or before another year.
_RANGE = re.compile(r"\s*(?:至|到|—+|–|~|～|(?<=[日号）)])\s*[-－]|\s[-－]\s|[-－](?=\d{4}))\s*")
# Not with a point: a worksheet holds 10.10 as the number 10.1.
_MONTH_AND_DAY = re.compile(r"(\d{1,2})[月/-](\d{1,2})[日号]?")
_DAY_ALONE = re.compile(r"(\d{1,2})[日号]")
_WEEKDAY = re.compile(r"\s*[（(](?:周|星期)([一二三四五六日天])[）)]")


def is_known_year(year: int) -> bool:
    """Return whether the calendar has a page for the year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def provisional_note(provisional: bool) -> str:
    """Return （含未公布节假日，日期可能调整） for a date, "" when it is settled."""
    return f"（{PROVISIONAL}）" if provisional else ""


def cn_working_day(working_day: WorkingDay) -> str:
    """Format as 2027年1月8日, with the note when it may still change."""
    return cn_date(working_day.day) + provisional_note(working_day.provisional)


def year_to_ask_for(today: date, calendar: OfficeCalendar) -> int | None:
    """Return the first year that should be known by now and is not; None for none.

    This year, and the next one from 1 November on.
    """
    last = today.year + ((today.month, today.day) >= REMINDER_DAY)
    missing = (year for year in range(today.year, last + 1) if not calendar.is_settled(year))
    return next(missing, None)


def entry_deadline(year: int) -> date:
    """Return the day by which a year has to be entered: the last one before it begins."""
    return date(year - 1, 12, 31)


# -- reading a year ----------------------------------------------------------------------------


@dataclass(frozen=True)
class DayEntry:
    """A day to be entered."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True)
class ParsedRow:
    """One parsed line: number, text, the days it names, or why it is invalid."""

    number: int
    text: str
    days: tuple[DayEntry, ...] = ()
    problem: str = ""


def parse_year(grid: Sequence[Sequence[str]], year: int) -> tuple[ParsedRow, ...]:
    """Parse the lines of a year: day or range of days, 放假 or 上班, name; a heading is skipped.

    Every invalid line says why; a day named twice is an error of the later line.
    """
    rows: list[ParsedRow] = []
    lines: dict[date, int] = {}
    for number, cells in enumerate(grid, start=1):
        texts = [normalise(cell) for cell in cells]
        if not any(texts) or (not rows and tuple(texts[:2]) == HEADINGS[:2]):
            continue
        row = _read_row(number, texts, year)
        row = _without_doubles(row, lines)
        lines.update(dict.fromkeys((entry.day for entry in row.days), number))
        rows.append(row)
    return tuple(rows)


def _read_row(number: int, texts: Sequence[str], year: int) -> ParsedRow:
    shown = displayable("，".join(texts))[:120]
    try:
        first, last = _days(texts[0], year)
        working = _working(texts[1] if len(texts) > 1 else "")
        name = _name(texts[2] if len(texts) > 2 else "", working)
        if any(texts[len(HEADINGS) :]):
            raise TextError("名称之后还有内容，不知属于哪一栏。请并入名称或删去。")
    except TextError as fault:
        return ParsedRow(number, shown, problem=str(fault))
    count = (last - first).days + 1
    days = tuple(DayEntry(first + timedelta(days=n), working, name) for n in range(count))
    return ParsedRow(number, shown, days)


def _days(text: str, year: int) -> tuple[date, date]:
    if not text:
        raise TextError("没有写日期。")
    parts = _RANGE.split(text)
    if len(parts) > 2:
        raise TextError("日期写法有误，请写一天，或写成“2027-02-05至2027-02-11”。")
    first = _day(parts[0], year)
    last = _day(parts[-1], first.year, first.month)
    for day in (first, last):
        if day.year != year:
            raise TextError(f"{cn_date(day)}不在{year}年，请到那一年的页面录入。")
    if last < first:
        raise TextError("止日早于起日。")
    if (last - first).days >= 31:
        raise TextError("一段不能超过31天，请核对日期。")
    return first, last


def _day(text: str, year: int, month: int | None = None) -> date:
    """Parse a day; a weekday beside it must be its own, or the line is of another year."""
    day = parse_date(_complete_date(_WEEKDAY.sub("", text), year, month))
    for said in _WEEKDAY.findall(text):
        if cn_weekday(day) != f"周{said.replace('天', '日')}":
            raise TextError(f"{cn_date(day)}是{cn_weekday(day)}，不是周{said}，请核对年份和日期。")
    return day


def _complete_date(text: str, year: int, month: int | None = None) -> str:
    """Add the year to 10月1日 and 10-01 and, after a first day, the month to 7日."""
    if found := _MONTH_AND_DAY.fullmatch(text):
        return f"{year}-{found[1]:0>2}-{found[2]:0>2}"
    if month and (found := _DAY_ALONE.fullmatch(text)):
        return f"{year}-{month:0>2}-{found[1]:0>2}"
    return text


def _working(text: str) -> bool:
    if text not in ARRANGEMENT_WORDS:
        raise TextError("第二列应写“放假”或“上班”。")
    return ARRANGEMENT_WORDS[text]


def _name(text: str, working: bool) -> str:
    return clean_text(text, limit=NAME_LIMIT) or ("调休上班" if working else "放假")


def _without_doubles(row: ParsedRow, lines: Mapping[date, int]) -> ParsedRow:
    duplicates = next((entry.day for entry in row.days if entry.day in lines), None)
    if duplicates is None:
        return row
    problem = f"{cn_date(duplicates)}与第{lines[duplicates]}行重复。"
    return ParsedRow(row.number, row.text, problem=problem)


def entries_of(rows: Iterable[ParsedRow]) -> tuple[DayEntry, ...]:
    """Return all days of the lines, in calendar order."""
    return tuple(sorted((e for row in rows for e in row.days), key=lambda entry: entry.day))


def entries_fingerprint(entries: Iterable[DayEntry], source: str) -> str:
    """Return a hash that differs for other days, arrangements, names or another source."""
    return fingerprint([source, *entries])


class StoredDay(Protocol):
    """A day as it is stored or shown."""

    @property
    def working(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str: ...


def is_unchanged(row: StoredDay, entry: DayEntry | None, source: str) -> bool:
    """Return whether an import of `entry` (None: not among its days) leaves the row as it is."""
    if entry is None:
        return False
    return (row.working, row.name, row.source) == (entry.working, entry.name, source)


def grid_text(grid: Sequence[Sequence[str]]) -> str:
    """Return the lines as tab-separated text, as if copied from a worksheet."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in grid)


def pasted_grid(text: str) -> list[list[str]]:
    """Split pasted lines into cells: at tabs, where there are any, else at commas and semicolons.

    A line copied from a table keeps the commas inside its cells.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return [
        line.split("\t") if "\t" in line.strip() else re.split(r"[,，;；]", line) for line in lines
    ]
