"""Time-proportional plan (序时计划): where an indicator should stand on a day. Exact.

Office rule: planned growth = (target − base) × elapsed days / total days, both ends of the time
included; a figure is measured against the plan on its own date, not on today's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction


@dataclass(frozen=True)
class Measure:
    """An indicator of a project with its target.

    `actual` is the approved figure of `as_of`, None when it was not reported. `base` stood at
    the start. `planned` replaces the time-proportional plan where a milestone curve was agreed.
    Raises ValueError when the end lies before the start.
    """

    name: str
    unit: str
    target: Decimal
    actual: Decimal | None
    start: date
    end: date
    as_of: date
    base: Decimal = Decimal(0)
    planned: Decimal | None = None

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("the target's end lies before its start")


def elapsed_share(start: date, end: date, day: date) -> Fraction:
    """Elapsed days / total days, both ends included, within 0–1."""
    total = (end - start).days + 1
    elapsed = min(max((day - start).days + 1, 0), total)
    return Fraction(elapsed, total)


def planned_value(measure: Measure) -> Fraction:
    """The planned figure on the measure's date, in the indicator's unit."""
    if measure.planned is not None:
        return Fraction(measure.planned)
    share = elapsed_share(measure.start, measure.end, measure.as_of)
    return Fraction(measure.base) + (Fraction(measure.target) - Fraction(measure.base)) * share


def attainment(measure: Measure) -> Fraction | None:
    """Actual growth / planned growth (1 = on plan); None without a figure or planned growth."""
    growth = planned_value(measure) - Fraction(measure.base)
    if measure.actual is None or growth <= 0:
        return None
    return (Fraction(measure.actual) - Fraction(measure.base)) / growth


def decimal_of(value: Fraction, decimals: int = 2) -> Decimal:
    """The fraction as a decimal, half up (away from zero)."""
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
