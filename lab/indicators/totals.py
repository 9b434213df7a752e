"""Totals across projects and periods: approved figures only, every object counted once.

Office rules: a wallet or merchant shared by two projects belongs to the one responsible for it
(主责项目); ratios are derived from the totals of their parts, never averaged; a figure that was
not reported is counted as missing, not as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lab.indicator_dictionary import INDICATORS
from lab.indicators.amounts import ratio


@dataclass(frozen=True)
class Part:
    """One project's figure. `owner` is the project responsible for what it counts."""

    project: int
    owner: int
    value: Decimal | None
    approved: bool


@dataclass(frozen=True)
class Sum:
    """A total; None when nothing was reported. `missing` counts owners without a figure."""

    value: Decimal | None
    reported: int
    missing: int


def project_total(code: str, parts: Iterable[Part]) -> Sum:
    """The laboratory's total at one date. Raises ValueError for a ratio, KeyError if unknown."""
    if INDICATORS[code].kind == "R":
        raise ValueError(f"{code} is a ratio and is derived, not added")
    own = [part for part in parts if part.project == part.owner]
    return _sum([part.value if part.approved else None for part in own])


def year_total(code: str, values: Iterable[Decimal | None]) -> Sum:
    """The sum of a year's periods. Raises ValueError where periods must not be added."""
    if not INDICATORS[code].additive:
        raise ValueError(f"{code} must not be added over periods")
    return _sum(list(values))


def average_payment(values: Mapping[str, Decimal | None]) -> Decimal | None:
    """Yuan per payment (K10 / K09), two decimals half up; None without payments or figures."""
    return ratio(values.get("K10"), values.get("K09"))


def _sum(values: list[Decimal | None]) -> Sum:
    known = [value for value in values if value is not None]
    total = sum(known, Decimal(0)) if known else None
    return Sum(total, len(known), len(values) - len(known))
