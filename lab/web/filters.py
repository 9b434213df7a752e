"""Template filters: dates, scores, money, numbers and texts."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from lab import amounts, clock
from lab.web.typed.text import unify_lines

DASH = "—"
# A time, a figure with what it counts, or an office number: it stays in one line.
_TOGETHER = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日)?(?: \d{2}:\d{2})?"
    r"|[\d,]+(?:\.\d+)?(?:万元|亿元|[元户个家份笔项天])"
    r"|(?<![A-Z])[A-Z]{2}-\d{4}(?:-\d+)+"
)
Whole = int | Decimal


def _half_up(value: Decimal, decimals: int) -> str:
    return f"{amounts.half_up(value, decimals):f}"


def cn_date(value: date | None) -> str:
    """Return 2022年7月1日; an aware datetime is first converted to Beijing time."""
    return DASH if value is None else clock.cn_date(value)


def cn_weekday(value: date) -> str:
    """Return 周五."""
    return clock.cn_weekday(value)


def cn_datetime(value: datetime | None) -> str:
    """Return 2022年7月1日 09:05 in Beijing time."""
    return DASH if value is None else clock.cn_datetime(value)


def cn_moment(value: datetime | None) -> str:
    """Return 2022年7月1日9时05分 in Beijing time, for running text."""
    if value is None:
        return DASH
    local = clock.beijing(value)
    return f"{clock.cn_date(local.date())}{local.hour}时{local.minute:02d}分"


def clock_time(value: datetime | None) -> str:
    """Return 09:05 in Beijing time, for a moment whose day is given beside it."""
    return DASH if value is None else f"{clock.beijing(value):%H:%M}"


def cn_month(value: date | None) -> str:
    """Return 2022年7月, for a datetime in Beijing time."""
    return DASH if value is None else clock.cn_date(value).partition("月")[0] + "月"


def score(value: int | None) -> str:
    """Return hundredths of a point as points with two decimals: 8418 is 84.18."""
    return DASH if value is None else f"{Decimal(value) / 100:.2f}"


def yuan(value: int | None) -> str:
    """Format whole 分 by size: 8,500.00元, 1.25万元, 3.48亿元 (see lab.amounts)."""
    return DASH if value is None else amounts.money(Decimal(value) / 100)


def yuan_exact(value: int | None) -> str:
    """Format whole 分 in 元 to the 分, as in budgets: 12000050 is 120,000.50."""
    return DASH if value is None else amounts.digits(amounts.half_up(Decimal(value) / 100, 2))


def number(value: Whole | None, *, grouped: bool = True) -> str:
    """Format with thousands separators and without trailing zeros; None is —.

    `grouped` False: without separators, for scripts.
    """
    return DASH if value is None else amounts.format_trimmed(value, grouped=grouped)


def together(value: Any) -> Any:
    """Return a text whose times, figures with units and office numbers do not break.

    Markup, and whatever is no text, is returned unchanged.
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return Markup(_TOGETHER.sub(r'<span class="together">\g<0></span>', str(escape(value))))


def figure(value: Any) -> Any:
    """Format a number like `number`, None and "" as —; a text is returned unchanged."""
    counted = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return number(value) if counted else dash(value)


def percent(value: Decimal | int | None, decimals: int = 2) -> str:
    """Return a share (1 is the whole) in percent, half up: 0.1234 is 12.34%."""
    return DASH if value is None else f"{_half_up(Decimal(value) * 100, decimals)}%"


def format_size(value: int | None) -> str:
    """Format a size in bytes as B, KB or MB with at most one decimal, half up."""
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
    blocks_html = (Markup("<br>").join(escape(line) for line in block) for block in blocks if block)
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in blocks_html)


def init(app: Flask) -> None:
    """Register the filters."""
    dates = (cn_date, cn_weekday, cn_datetime, cn_moment, clock_time, cn_month)
    figures = (score, yuan, yuan_exact, number, figure, percent)
    functions = (*dates, *figures, dash, together, paragraphs)
    app.jinja_env.filters.update({function.__name__: function for function in functions})
    app.jinja_env.filters["bytes"] = format_size
