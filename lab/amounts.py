"""How numbers are written, on pages and in documents alike. Pure, no floats.

Office rule: amounts of money read in 元 below ten thousand, in 万元 with two decimals from there
and in 亿元 from a hundred million; everything rounds half up, and the unit is chosen after
rounding, so that nothing reads 10000.00万元. Figures of tables, tiles, axes and entry fields have
thousands separators; the sentences of documents have none (`grouped` False).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
SCALES = ((Decimal(1), ""), (WAN, "万"), (YI, "亿"))


def half_up(value: Decimal, decimals: int) -> Decimal:
    """The value rounded half up (away from zero) to `decimals` places."""
    with localcontext(prec=60):
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def digits(value: Decimal | int, *, grouped: bool = True) -> str:
    """19,146 or, not grouped, 19146: every digit of the value, never an exponent."""
    return f"{Decimal(value):,f}" if grouped else f"{Decimal(value):f}"


def format_trimmed(value: Decimal | int, *, grouped: bool = True) -> str:
    """As `digits`, without needless zeros: 12.5, 1,000."""
    text = digits(value, grouped=grouped)
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(yuan: Decimal, *, grouped: bool = True) -> str:
    """8,500.00元, 1.25万元 or 3.48亿元, by the size of the amount in yuan once it is rounded."""
    rounded, prefix = scaled(yuan)
    return f"{digits(rounded, grouped=grouped)}{prefix}元"


def scaled(yuan: Decimal) -> tuple[Decimal, str]:
    """An amount in its own unit, to two decimals, with the prefix of that unit ("", 万, 亿)."""
    step, prefix = scale_of(yuan)
    return half_up(yuan / step, 2), prefix


def scale_of(yuan: Decimal) -> tuple[Decimal, str]:
    """The unit that an amount reads in, as (yuan in one of it, prefix)."""
    scale = SCALES[0]
    for (step, _), larger in pairwise(SCALES):
        if scale[0] == step and abs(half_up(yuan / step, 2)) * step >= larger[0]:
            scale = larger
    return scale
