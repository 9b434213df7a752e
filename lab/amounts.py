"""Format numbers for pages and documents. Pure, no floats.

Office rule: money is shown in 元 below ten thousand, in 万元 with two decimals from there and in
亿元 from a hundred million. Everything rounds half up and the unit is chosen after rounding, so
that nothing reads 10000.00万元. Tables, tiles, axes and entry fields have thousands separators;
sentences in documents have none (`grouped` False).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
SCALES = ((Decimal(1), ""), (WAN, "万"), (YI, "亿"))


def half_up(value: Decimal, decimals: int) -> Decimal:
    """Round half up (away from zero) to `decimals` places."""
    with localcontext(prec=60):
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def digits(value: Decimal | int, *, grouped: bool = True) -> str:
    """Format every digit without exponent: 19,146, or 19146 when not grouped."""
    return f"{Decimal(value):,f}" if grouped else f"{Decimal(value):f}"


def format_trimmed(value: Decimal | int, *, grouped: bool = True) -> str:
    """Format like `digits`, without trailing zeros: 12.5, 1,000."""
    text = digits(value, grouped=grouped)
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(yuan: Decimal, *, grouped: bool = True) -> str:
    """Format an amount in yuan by its size after rounding: 8,500.00元, 1.25万元 or 3.48亿元."""
    rounded, prefix = scaled(yuan)
    return f"{digits(rounded, grouped=grouped)}{prefix}元"


def scaled(yuan: Decimal) -> tuple[Decimal, str]:
    """Return the amount in its natural unit, to two decimals, and its prefix ("", 万, 亿)."""
    step, prefix = scale_of(yuan)
    return half_up(yuan / step, 2), prefix


def scale_of(yuan: Decimal) -> tuple[Decimal, str]:
    """Return the natural unit of an amount as (yuan in one of it, prefix)."""
    scale = SCALES[0]
    for (step, _), larger in pairwise(SCALES):
        if scale[0] == step and abs(half_up(yuan / step, 2)) * step >= larger[0]:
            scale = larger
    return scale
