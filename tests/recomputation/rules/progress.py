"""Actual against target, and against the plan. Pure; figures in hundredths."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lab.catalogue.indicators import INDICATORS
from tests.recomputation.raw import Entry
from tests.recomputation.rules.snapshot import Snapshot, Target, provenance


def rounded(value: Fraction, digits: int = 2) -> Decimal:
    """Half away from zero, as offices round."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    number = Decimal(whole).scaleb(-digits)
    return (-number if value < 0 else number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass(frozen=True)
class TargetProgress:
    """How far a target is reached; `actual` in hundredths, `share` and `evaluated` as fractions."""

    target: Target
    actual: int | None
    of: date | None
    share: Fraction | None
    evaluated: Fraction | None

    @property
    def completion(self) -> Decimal | None:
        return None if self.share is None else rounded(self.share * 100)


def target_progress(snapshot: Snapshot, project_id: int) -> dict[str, TargetProgress]:
    mine = [e for e in snapshot.figures if e.project_id == project_id]
    return {
        code: _progress(target, [e for e in mine if e.indicator == code])
        for code, target in snapshot.targets(project_id).items()
    }


def _progress(target: Target, figures: list[Entry]) -> TargetProgress:
    additive = INDICATORS[target.code].additive
    if additive:
        figures = [e for e in figures if e.period_end >= target.start]
    if not figures:
        return TargetProgress(target, None, None, None, None)
    newest = max(figures, key=lambda e: e.period_end)
    figures = [e for e in figures if provenance(e) == provenance(newest)]
    actual = sum(e.value or 0 for e in figures) if additive else newest.value or 0
    base = 0 if additive else target.base
    of = newest.period_end
    share = _completed(target, base, actual)
    return TargetProgress(target, actual, of, share, _against_plan(target, base, actual, of))


def _completed(target: Target, base: int, actual: int) -> Fraction:
    if target.final < base:
        return max(Fraction(base - actual, base - target.final), Fraction(0))
    return _of_target(target, actual)


def _of_target(target: Target, actual: int) -> Fraction:
    """actual / target, turned over where less is better; a target of 0 is met or not."""
    final = target.final
    if INDICATORS[target.code].direction == "down":
        if actual == 0 or final == 0:
            return Fraction(int(actual <= final))
        return Fraction(final, actual)
    return Fraction(actual, final) if final else Fraction(1)


def _against_plan(target: Target, base: int, actual: int, day: date) -> Fraction | None:
    if day < target.start:
        return None
    if INDICATORS[target.code].kind == "R":
        return _completed(target, base, actual)
    planned = _planned(target, base, day)
    if planned == base:
        return _of_target(replace(target, stages=((day, base),)), actual)
    return (actual - base) / (planned - base)


def _planned(target: Target, base: int, day: date) -> Fraction:
    """The straight line from stage to stage."""
    at, value = target.start, Fraction(base)
    first = 1  # the first day of the plan is a day of work
    for due, wanted in target.stages:
        if day <= due:
            passed = Fraction((day - at).days + first, (due - at).days + first)
            return value + (wanted - value) * passed
        at, value, first = due, Fraction(wanted), 0
    return value
