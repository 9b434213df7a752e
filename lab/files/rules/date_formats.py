"""Days and times as a spreadsheet stores and shows them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from lab.clock import cn_date
from lab.files.rules.format_tokens import DATE, Token

_LAST = 2_958_466  # the first day after 9999
_DAY_1904 = 1462  # days from 1900-01-00 to 1904-01-01
_SECONDS = 86_400
_DIGITS = 20  # of a number that a message writes out


def is_date(tokens: Sequence[Token]) -> bool:
    """Return whether the section shows a day or a time."""
    return any(token.kind == DATE for token in tokens)


def moment(value: Decimal, *, from_1904: bool = False) -> datetime | None:
    """Return the stored day and time, None for what is none (or the 29 February of 1900).

    Seconds are rounded, as a spreadsheet does.
    """
    value += _DAY_1904 if from_1904 else 0
    days = int(value)
    if value < 0 or value >= _LAST or days == 60:
        return None
    start = datetime(1899, 12, 30 if days > 60 else 31)
    try:
        return start + timedelta(days=days, seconds=round(float(value - days) * _SECONDS))
    except OverflowError:  # the last second of 9999, rounded up
        return None


def shown_date(value: Decimal, tokens: Sequence[Token], *, from_1904: bool) -> tuple[str, str, str]:
    """Return (text, remark, problem) of a stored day.

    Days are written 2022-07-01, whatever their order in the sheet; what the format leaves out and
    the cell holds is said in the remark.
    """
    stored = moment(value, from_1904=from_1904)
    if stored is None:
        text = f"{value:f}" if value.adjusted() < _DIGITS else f"{value:G}"
        return "", "", f"存的数{text}不是日期，显示为一串#。请重新输入日期。"
    letters = "".join(token.text for token in tokens if token.kind == DATE).lower()
    if "[" in letters:
        seconds = round(float(value) * _SECONDS)
        return f"{seconds // 3600}:{seconds % 3600 // 60:02}", "", ""
    has_year = any(sign in letters for sign in "yeg")
    has_day = "d" in letters
    shows_time = any(sign in letters for sign in "hs")
    if not (has_year or has_day) and shows_time:
        return stored.strftime("%H:%M"), "", ""
    if has_year and not has_day and "m" in letters:
        return f"{stored.year}年{stored.month}月", "", ""
    if has_year and not has_day:
        return f"{stored.year}年", "", ""
    return _day(stored, has_year, shows_time)


def _day(stored: datetime, has_year: bool, shows_time: bool) -> tuple[str, str, str]:
    day, remark = stored.date(), ""
    clock = stored.strftime("%H:%M")
    if not has_year:
        remark = f"只显示月和日，按存的{cn_date(day)}读取，请核对年份。"
    if _has_time(stored) and not shows_time:
        remark = f"按{cn_date(day)}读取；单元格里还存有没显示的时间{clock}。"
    text = date.isoformat(day)
    return (f"{text} {clock}" if _has_time(stored) and shows_time else text), remark, ""


def _has_time(stored: datetime) -> bool:
    return (stored.hour, stored.minute, stored.second) != (0, 0, 0)
