"""Units of numbers: how many of one are another, and figures typed with theirs. Pure.

The one table of units: headings of workbooks, number fields and the pages' scripts
(static/js/shared/units.js, compared by a test) convert by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from lab import amounts
from lab.web.typed.numbers import parse_decimal
from lab.web.typed.text import TextError

DECIMALS = 12  # of a figure that is converted
SIZES: Mapping[str, int] = MappingProxyType(
    {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "亿": 10**8}
)
_BASES = ("元", "户", "个", "笔", "人", "家", "台", "次", "件", "人次", "场", "篇")
# unit -> (what it counts, how many of these it is)
UNITS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {f"{size}{base}": (base, number) for size, number in SIZES.items() for base in _BASES}
)
_FIGURE = r"[+-]?[\d.,]*\d[\d.,]*"
_SPACED = re.compile(r"[+-]?\d{1,3}(\s\d{3})+(\.\d+)?")
_WITH_UNIT = re.compile(rf"(¥?)\s*({_FIGURE}|{_SPACED.pattern})\s*([^\d\s.,]*)")


def factor(found: str, wanted: str) -> int | None:
    """Return by what numbers in the unit `found` are multiplied to be in `wanted`.

    A size alone (万) is one of what is wanted. None when the one cannot be converted into the
    other, or would need a division.
    """
    if not found or not wanted or found == wanted:
        return 1
    base, number = UNITS.get(wanted, (wanted, 1))
    sizes = (count for size, count in SIZES.items() if found in (size, f"{size}{base}"))
    count = next(sizes, 0)
    return count // number if count and not count % number else None


def in_unit(text: str, unit: str) -> str | None:
    """Return a figure as it would be typed in `unit`: 3万元 is 30,000 in 元, ￥1,200 is 1,200.

    A text without unit and currency sign is returned as it is, and so is one that is no figure,
    for the check of numbers to name. None when its own unit cannot be converted.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    match = _WITH_UNIT.fullmatch(plain)
    if not unit or match is None:
        return text
    sign, figure, own = match[1], match[2], match[5]
    if _SPACED.fullmatch(figure):
        figure = "".join(figure.split())
    elif not sign and not own:
        return text
    by = factor(own, unit)
    if by is None or (sign and UNITS.get(unit, ("",))[0] != "元"):
        return None
    try:
        number = parse_decimal(figure, decimals=DECIMALS)
    except TextError:
        return text
    return amounts.format_trimmed(number * Decimal(by))
