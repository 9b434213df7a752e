"""Format figures: money by size, counts with their unit, percentages (see lab.amounts).

A figure that was not reported reads 未报, never zero.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from lab.amounts import digits, half_up, money

NOT_REPORTED = "未报"
MONEY = "元"


def format_amount(yuan: Decimal | None, *, grouped: bool = True) -> str:
    """Format an amount by its size: 8,500.00元, 1.25万元 or 3.48亿元; None reads 未报."""
    return NOT_REPORTED if yuan is None else money(yuan, grouped=grouped)


def format_figure(
    value: Decimal | None, unit: str, decimals: int = 0, *, grouped: bool = True
) -> str:
    """Format a figure with its unit: 19,146个; None reads 未报."""
    if value is None:
        return NOT_REPORTED
    return f"{digits(half_up(value, decimals), grouped=grouped)}{unit}"


def format_measured(
    value: Decimal | None, unit: str, decimals: int = 0, *, grouped: bool = True
) -> str:
    """Format an indicator's figure: money (元, 元/月) by size, anything else in full.

    125.00万元/月, 19,146个, 85.50%; None reads 未报.
    """
    if value is None or not unit.startswith(MONEY):
        return format_figure(value, unit, decimals, grouped=grouped)
    return format_amount(value, grouped=grouped) + unit.removeprefix(MONEY)


def ratio(part: Decimal | None, whole: Decimal | None, decimals: int = 2) -> Decimal | None:
    """Return part / whole, rounded half up once; None when either is missing or `whole` is zero."""
    if part is None or not whole:
        return None
    with localcontext(prec=60):
        return half_up(part / whole, decimals)


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return the share in percent with two decimals; None like `ratio`."""
    return ratio(None if part is None else part * 100, whole)
