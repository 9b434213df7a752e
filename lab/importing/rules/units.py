"""Units in headings: read on their own, converted or refused. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from lab.web.spreadsheets.cells import plain_number
from lab.web.typed.numbers import parse_decimal
from lab.web.typed.text import TextError

_DECIMALS = 12
_SIZES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "亿": 10**8}
_BASES = ("元", "户", "个", "笔", "人", "家", "台", "次", "件")
# unit -> (what it counts, how many of these it is)
UNITS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {f"{size}{base}": (base, number) for size, number in _SIZES.items() for base in _BASES}
)
_BRACKETS = re.compile(r"[(\[【〔](?:单位:?)?([^()\[\]【】〔〕]*)[)\]】〕]")


def heading_unit(heading: str) -> str:
    """Return the unit that a heading names in brackets (or behind 单位：), "" for none."""
    plain = "".join(unicodedata.normalize("NFKC", heading).split())
    units = [name.removeprefix("人民币") for name in _BRACKETS.findall(plain)]
    return next((unit for unit in units if unit in UNITS), "")


def factor(found: str, wanted: str) -> int | None:
    """Return by what numbers in the unit `found` are multiplied to be in `wanted`.

    None when the one cannot be converted into the other, or would need a division.
    """
    if not found or not wanted or found == wanted:
        return 1
    base, number = UNITS[found]
    wanted_base, wanted_number = UNITS[wanted]
    if base != wanted_base or number % wanted_number:
        return None
    return number // wanted_number


def converted(text: str, by: int) -> str:
    """Return a number multiplied; a text that is no number stays, for the check to name it."""
    if by == 1 or not text.strip():
        return text
    try:
        return plain_number(parse_decimal(text, decimals=_DECIMALS) * Decimal(by))
    except TextError:
        return text
