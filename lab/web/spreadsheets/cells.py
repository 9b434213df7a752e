"""Spreadsheet cell values. Pure.

Office rule: an export opens without a warning, runs no formula, and gives back what was stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from lab.clock import beijing
from lab.web.typed.text import displayable

Cell = str | int | Decimal | date | datetime | bool | None
CELL_LIMIT = 32_767  # UTF-16 units, as spreadsheets count
DIGITS = 15  # a spreadsheet keeps no more of a number
FIRST_YEAR = 1900  # earlier days are text to a spreadsheet
# Full-width signs too: a Chinese spreadsheet takes them for formulas when a cell is edited.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
SCIENTIFIC = re.compile(r"-?\d(\.\d+)?E[+-]\d{2,3}")  # as a spreadsheet writes a long number
# A spreadsheet that opens the file takes these texts for an error or a number, and saves that.
_TURNED = re.compile(rf"'*(#[A-Z/0_]+[!?]?|{SCIENTIFIC.pattern})")
_FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _needs_guard(text: str) -> bool:
    if _TURNED.fullmatch(text):
        return True
    return bool(_FORMULA.match(text)) and not _FIGURE.fullmatch(text)


def guard_formula(text: str) -> str:
    """Return `text` for a CSV cell; what could be read as a formula or an error gets a leading '.

    Numbers stay numbers (-5 is no formula). `strip_formula_guard` restores every text.
    """
    return f"'{text}" if _needs_guard(text) else text


def strip_formula_guard(text: str) -> str:
    """Return the text of a CSV cell without the ' added by `guard_formula`."""
    return text[1:] if text.startswith("'") and _needs_guard(text[1:]) else text


def cell_text(value: object) -> str:
    """Return a value as text: days 2022-07-01, times in Beijing 2022-07-01 09:05, 是 and 否.

    Characters that no file may contain become U+FFFD, so that their position stays visible.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return beijing(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_number(value)
    return displayable(str(value))


def plain_number(number: Decimal) -> str:
    """Format without exponent and trailing zeros: 12.50 is 12.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_figure(value: object) -> bool:
    """Return whether a spreadsheet can hold the value as a number without losing a digit."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return len(re.sub(r"[^0-9]", "", plain_number(Decimal(value)))) <= DIGITS


def fits_in_cell(text: str, limit: int = CELL_LIMIT) -> bool:
    """Return whether the text fits into a cell."""
    return 2 * len(text) <= limit or len(text.encode("utf-16-le")) // 2 <= limit


def split_for_cells(text: str, limit: int = CELL_LIMIT) -> Iterator[str]:
    """Split the text into pieces of at most `limit` UTF-16 units; joined they give the text."""
    start = used = 0
    for index, character in enumerate(text):
        size = 2 if ord(character) > 0xFFFF else 1
        if used + size > limit:
            yield text[start:index]
            start, used = index, 0
        used += size
    yield text[start:]
