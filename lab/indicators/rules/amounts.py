"""How figures are written: money by size, counts with their unit, percentages (see lab.amounts).

A figure that was not reported reads 未报, one that cannot be computed —; neither is ever zero.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

from lab.amounts import digits, half_up, money

NOT_REPORTED = "未报"
NOT_COMPUTABLE = "—"
MONEY = "元"


def format_amount(yuan: Decimal | None, *, grouped: bool = True) -> str:
    """8,500.00元, 1.25万元 or 3.48亿元, by the size of the amount; None reads 未报."""
    return NOT_REPORTED if yuan is None else money(yuan, grouped=grouped)


def format_figure(
    value: Decimal | None, unit: str, decimals: int = 0, *, grouped: bool = True
) -> str:
    """19,146个: the figure as it stands, with its unit; None reads 未报."""
    if value is None:
        return NOT_REPORTED
    return f"{digits(half_up(value, decimals), grouped=grouped)}{unit}"


def format_measured(
    value: Decimal | None, unit: str, decimals: int = 0, *, grouped: bool = True
) -> str:
    """A figure of an indicator: money (元, 元/月) by its size, anything else as it stands.

    125.00万元/月, 19,146个, 85.50%; None reads 未报.
    """
    if value is None or not unit.startswith(MONEY):
        return format_figure(value, unit, decimals, grouped=grouped)
    return format_amount(value, grouped=grouped) + unit.removeprefix(MONEY)


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
