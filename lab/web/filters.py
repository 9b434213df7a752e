"""Template filters: how dates, scores, money, numbers and texts are written on a page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from lab import clock
from lab.web.validators import unify_lines

DASH = "—"
WAN, YI = 10_000, 100_000_000
Whole = int | Decimal


def _half_up(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def cn_date(value: date | None) -> str:
    """Return 2022年7月1日; an aware datetime is first put into Beijing time."""
    return DASH if value is None else clock.cn_date(value)


def cn_datetime(value: datetime | None) -> str:
    """Return 2022年7月1日 09:05 in Beijing time."""
    return DASH if value is None else clock.cn_datetime(value)


def clock_time(value: datetime | None) -> str:
    """Return 09:05 in Beijing time, for a moment of a day that is named beside it."""
    return DASH if value is None else f"{clock.beijing(value):%H:%M}"


def cn_month(value: date | None) -> str:
    """Return 2022年7月, of a datetime in Beijing time."""
    return DASH if value is None else clock.cn_date(value).partition("月")[0] + "月"


def score(value: int | None) -> str:
    """Return hundredths of a point as points with two decimals: 8418 is 84.18."""
    return DASH if value is None else f"{Decimal(value) / 100:.2f}"


def yuan(value: int | None) -> str:
    """Return whole 分 in words.

    Office rule: 元 below 1万, 万元 with two decimals from there, 亿元 from 1亿; half up.
    The unit is chosen by the exact amount, so 9,999.99万元 stays in 万元 until 1亿.
    """
    if value is None:
        return DASH
    amount = Decimal(value) / 100
    for size, unit in ((YI, "亿元"), (WAN, "万元")):
        if abs(amount) >= size:
            return f"{_half_up(amount / size, 2)}{unit}"
    return f"{_half_up(amount, 2).removesuffix('.00')}元"


def yuan_exact(value: int | None) -> str:
    """Return whole 分 in 元 to the 分, as budgets are written: 12000050 is 120000.50."""
    return DASH if value is None else f"{Decimal(value) / 100:.2f}"


def number(value: Whole | None) -> str:
    """Return a number as office prose writes it: no grouping, no needless zeros; None is —."""
    if value is None:
        return DASH
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal | int | None, places: int = 2) -> str:
    """Return a share (1 is the whole) in percent, half up: 0.1234 is 12.34%."""
    return DASH if value is None else f"{_half_up(Decimal(value) * 100, places)}%"


def size_words(value: int | None) -> str:
    """Return a size in bytes as B, KB or MB with at most one decimal, half up."""
    if value is None:
        return DASH
    for size, unit in ((1024**2, "MB"), (1024, "KB")):
        if value >= size:
            return f"{_half_up(Decimal(value) / size, 1).removesuffix('.0')} {unit}"
    return f"{value} B"


def dash(value: Any) -> Any:
    """Return — for None or blank text, anything else unchanged."""
    return DASH if value is None or value == "" else value


def paragraphs(text: str | None) -> Markup:
    """Return text as escaped paragraphs: a blank line starts a new one, a line end is a <br>."""
    blocks: list[list[str]] = [[]]
    for line in unify_lines(text or "").split("\n"):
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    kept = (Markup("<br>").join(escape(line) for line in block) for block in blocks if block)
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in kept)


def init(app: Flask) -> None:
    """Make the filters known to the templates of `app`."""
    dates = (cn_date, cn_datetime, clock_time, cn_month)
    figures = (score, yuan, yuan_exact, number, percent)
    known = (*dates, *figures, dash, paragraphs)
    app.jinja_env.filters.update({function.__name__: function for function in known})
    app.jinja_env.filters["bytes"] = size_words
