"""How figures are written: money by size, counts with their unit, percentages. No floats.

Office rule: amounts are kept in yuan; they read in 元 below ten thousand, in 万元 with two
decimals from there and in 亿元 from a hundred million; everything rounds half up. A figure that
was not reported reads 未报, one that cannot be computed —; neither is ever zero.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

NOT_REPORTED = "未报"
NOT_COMPUTABLE = "—"
WAN = Decimal(10_000)
YI = Decimal(100_000_000)


def half_up(value: Decimal, decimals: int) -> Decimal:
    """The value rounded half up (away from zero) to `decimals` places."""
    with localcontext(prec=60):
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def format_amount(yuan: Decimal | None) -> str:
    """8500.00元, 1.25万元 or 3.48亿元, by the size of the amount; None reads 未报."""
    if yuan is None:
        return NOT_REPORTED
    size = abs(yuan)
    if size >= YI:
        return f"{half_up(yuan / YI, 2):f}亿元"
    if size >= WAN:
        return f"{half_up(yuan / WAN, 2):f}万元"
    return f"{half_up(yuan, 2):f}元"


def format_figure(value: Decimal | None, unit: str, decimals: int = 0) -> str:
    """19146个: the figure as it stands, with its unit; None reads 未报."""
    if value is None:
        return NOT_REPORTED
    return f"{half_up(value, decimals):f}{unit}"


def ratio(part: Decimal | None, whole: Decimal | None, decimals: int = 2) -> Decimal | None:
    """part / whole rounded half up once; None when a side is missing or `whole` is zero."""
    if part is None or not whole:
        return None
    with localcontext(prec=60):
        return half_up(part / whole, decimals)


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The share in percent with two decimals; None as for `ratio`."""
    return ratio(None if part is None else part * 100, whole)


def format_percent(share: Decimal | None) -> str:
    """85.00%; None reads —."""
    return NOT_COMPUTABLE if share is None else f"{half_up(share, 2):f}%"
