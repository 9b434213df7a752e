"""Actual against target: one exact rule for pages, lights, comparisons and documents.

Office rules. Completion: actual / target. A target below the base is falling: it is reached at or
below it, and its completion is (base − actual) / (base − target), not below 0. A target equal to
its base is to be held and judged by actual / target (target / actual where less is better). A
target of 0 is met or not. Against the prorated target (序时计划): (actual − base) / (planned −
base), the plan running linearly from stage to stage, both end days included; a figure is measured
on its own date, not today. A flow that may be added has no base. A ratio has no plan and is judged
by its completion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from lab.amounts import format_trimmed

Direction = Literal["up", "down"]
MET, UNMET = Fraction(1), Fraction(0)


@dataclass(frozen=True)
class TargetMeasure:
    """An indicator of a project with its target.

    `stages` are (due date, value) by date, at least one; the last is the target. `actual` is the
    approved figure as of `as_of`, None without one. `base` is the value at the start; `flow`: sums
    since the start, so without a base. `ratio`: judged without a plan. `reported` is False when the
    newest due month has no figure. `formatter` formats a figure for a sentence; without it a plain
    number with the unit. Raises ValueError without stages, and when the first lies before the
    start.
    """

    name: str
    unit: str
    stages: tuple[tuple[date, Decimal], ...]
    actual: Decimal | None
    start: date
    as_of: date
    base: Decimal = Decimal(0)
    flow: bool = False
    ratio: bool = False
    direction: Direction = "up"
    reported: bool = True
    formatter: Callable[[Decimal], str] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.stages:
            raise ValueError("a target needs a stage")
        if self.stages[0][0] < self.start:
            raise ValueError("the target's end lies before its start")

    @property
    def target(self) -> Decimal:
        """The value of the last stage."""
        return self.stages[-1][1]

    @property
    def end(self) -> date:
        """The day on which the last stage is due."""
        return self.stages[-1][0]

    @property
    def growth_base(self) -> Decimal:
        """The base that growth is measured from."""
        return Decimal(0) if self.flow else self.base

    def figure(self, value: Decimal) -> str:
        """Format a figure of this indicator with its unit, for a sentence."""
        return self.formatter(value) if self.formatter else f"{format_trimmed(value)}{self.unit}"


def elapsed_share(start: date, end: date, day: date) -> Fraction:
    """Return elapsed days / total days, both ends included, within 0–1."""
    total = (end - start).days + 1
    elapsed = min(max((day - start).days + 1, 0), total)
    return Fraction(elapsed, total)


def prorated_value(measure: TargetMeasure) -> Fraction:
    """Return the prorated target on the measure's date, in the indicator's unit."""
    first, value = measure.start, Fraction(measure.growth_base)
    for due, goal in measure.stages:
        share = elapsed_share(first, due, measure.as_of) if due >= first else Fraction(1)
        if share < 1:
            return value + (Fraction(goal) - value) * share
        first, value = due + timedelta(days=1), Fraction(goal)
    return value


def completion(measure: TargetMeasure) -> Fraction | None:
    """Return the completed share of the target (1 = all of it); None without a figure."""
    if measure.actual is None:
        return None
    return _completion(measure, Fraction(measure.actual), Fraction(measure.target))


def attainment(measure: TargetMeasure) -> Fraction | None:
    """Return the share that the light is judged by (1 = on plan).

    None without a figure, and before the plan begins.
    """
    if measure.actual is None or measure.as_of < measure.start:
        return None
    if measure.ratio or _is_level_target(measure):
        return completion(measure)
    actual, base = Fraction(measure.actual), Fraction(measure.growth_base)
    growth = prorated_value(measure) - base
    if growth == 0:  # a stage that only holds what was there at the start
        return _share(measure, actual, base)
    return (actual - base) / growth


def percent_of(share: Fraction | None) -> Decimal | None:
    """Return a share in percent with two decimals, half up; None stays None."""
    return None if share is None else decimal_of(share * 100)


def _is_level_target(measure: TargetMeasure) -> bool:
    return not measure.flow and all(value == measure.base for _, value in measure.stages)


def _completion(measure: TargetMeasure, actual: Fraction, target: Fraction) -> Fraction:
    base = Fraction(measure.growth_base)
    if target < base:
        return max((base - actual) / (base - target), UNMET)
    if not measure.flow and target == base:
        return _share(measure, actual, target)
    return _ratio(actual, target, met=actual >= target)


def _share(measure: TargetMeasure, actual: Fraction, goal: Fraction) -> Fraction:
    if measure.direction == "down":
        if goal == 0 or actual == 0:  # nothing is better than none
            return MET if actual <= goal else UNMET
        return goal / actual
    return _ratio(actual, goal, met=actual >= goal)


def _ratio(actual: Fraction, goal: Fraction, *, met: bool) -> Fraction:
    return actual / goal if goal else (MET if met else UNMET)


def decimal_of(value: Fraction, decimals: int = 2) -> Decimal:
    """Return the fraction as a decimal, half up (away from zero)."""
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
