"""Read days as people type them. Pure: text in, date or Chinese message out."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime

from lab import clock
from lab.web.typed.text import TextError, trim

EXAMPLE = "请按“2022年7月1日”或“2022-07-01”的样子填写日期。"
_DIGITS = {**{sign: str(n) for n, sign in enumerate("〇一二三四五六七八九")}, "零": "0", "○": "0"}
_NUMERAL = re.compile(r"[〇零○一二三四五六七八九十]+(?=[年月日号])")
_MIDNIGHT = re.compile(r"(?<=[0-9日号])[T ]*0{1,2}:00(?::00(?:\.0+)?)?$")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)([一二三四五六日天])\)?$")
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<mark>[-./、,–—−‐‑])(?P<m1>[0-9]{1,2})(?P=mark)(?P<d1>[0-9]{1,2})[日号]?"
    r"|年(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})[日号]?"
    r"|(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
)
_DAY_ONLY = re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]?")
_SHORT_YEAR = re.compile(r"[0-9]{2}(?:[-./年])[0-9]{1,2}(?:[-./月])[0-9]{1,2}[日号]?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?")


def parse_date(text: str, *, today: date | None = None) -> date:
    """Parse a day: 2022-07-01, 2022.7.1, 2022/7/1, 20220701, 2022年7月1日, 二〇二二年七月一日.

    号 stands for 日. Full-width forms, blanks, a time of midnight and the day of the week may stand
    with it. Without a year, as 7月1日, it is the one nearest to `today` (Beijing's when None).
    Raises `TextError` when it is written otherwise, does not exist, or is another day of the week.
    """
    typed = unicodedata.normalize("NFKC", trim(text))
    plain = _MIDNIGHT.sub("", typed.replace("○", "〇"))
    weekday = _WEEKDAY.search(plain)
    plain = re.sub(r"\s+", "", plain[: weekday.start()] if weekday else plain)
    day = _day(with_digits(plain), typed, today)
    if weekday and clock.cn_weekday(day) != f"周{weekday[1].replace('天', '日')}":
        raise TextError(f"{clock.cn_date(day)}是{clock.cn_weekday(day)}，请检查日期。")
    return day


def _day(plain: str, typed: str, today: date | None) -> date:
    if match := _DATE.fullmatch(plain):
        month = match["m1"] or match["m2"] or match["m3"]
        day = match["d1"] or match["d2"] or match["d3"]
        return _existing(int(match["year"]), int(month), int(day), typed)
    if match := _DAY_ONLY.fullmatch(plain):
        return _nearest(int(match[1]), int(match[2]), typed, today or clock.today())
    if _SHORT_YEAR.fullmatch(plain):
        raise TextError("请把年份写成四位，如：2022年7月1日。")
    raise TextError(EXAMPLE)


def with_digits(text: str) -> str:
    """Return a text with the Chinese numerals before 年, 月, 日 and 号 as digits."""
    return _NUMERAL.sub(_number, text)


def _number(numeral: re.Match[str]) -> str:
    tens, ten, units = numeral[0].partition("十")
    if not ten:
        return "".join(_DIGITS[sign] for sign in numeral[0])
    return (_DIGITS.get(tens, "") or "1") + (_DIGITS.get(units, "") or "0")


def _existing(year: int, month: int, day: int, typed: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise TextError(f"没有“{typed}”这一天，请检查日期。") from None


def _nearest(month: int, day: int, typed: str, today: date) -> date:
    """The day of the year before, of this year or of the next that is nearest to today."""
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    if not candidates:
        return _existing(today.year, month, day, typed)
    return min(candidates, key=lambda candidate: abs(candidate - today))


def parse_beijing(text: str) -> datetime:
    """Parse a Beijing wall-clock time such as 2022-07-01T09:05 into an aware UTC datetime.

    The day is read as by `parse_date`, the time after it and a blank. Raises `TextError` when day
    or time cannot be parsed.
    """
    typed = unicodedata.normalize("NFKC", trim(text)).replace("T", " ")
    day, _, time = typed.rpartition(" ")
    if not day:
        head, mark, time = typed.rpartition("日")
        day = head + mark
    match = _TIME.fullmatch(time)
    if not match or not day:
        raise TextError("请填写日期和时间，如：2022-07-01 09:05。")
    hour, minute, second = (int(part or 0) for part in match.groups())
    on = parse_date(day)
    if hour > 23 or minute > 59 or second > 59:
        raise TextError("时间应在0:00到23:59之间。")
    try:
        local = datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=clock.BEIJING)
        return local.astimezone(UTC)
    except OverflowError:
        raise TextError("日期超出可用范围。") from None
