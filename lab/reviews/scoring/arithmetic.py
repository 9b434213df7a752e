"""Integer sums for the official score: scale steps over one common denominator.

A sheet becomes a row of positions (steps from the bad end of each scale). Weighted sums of
positions are integers over `WeightedScale.whole`, so no rounding can occur, and 50,000 sheets take
a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from lab.reviews.scoring.inputs import SUBMITTED, Exact, RoundRules, ScoreInput, to_fraction

Positions = list[int | None]
Row = tuple[str, Positions]


class WeightedScale:
    """The rules of a round, prepared for whole-number sums: criterion c has the share factors[c] /
    whole.
    """

    def __init__(self, rules: RoundRules) -> None:
        self.criteria = rules.criteria
        self.counted = [c.counted for c in rules.criteria]
        self.steps = [c.steps for c in rules.criteria]
        weights = [to_fraction(c.weight) if c.counted else Fraction(0) for c in rules.criteria]
        scale = lcm(*(w.denominator for w in weights))
        self.weights = [int(w * scale) for w in weights]
        common = lcm(*self.steps)
        self.factors = [w * (common // n) for w, n in zip(self.weights, self.steps, strict=True)]
        self.whole = sum(self.weights) * common
        self._positions: list[dict[Exact, int]] = [{} for _ in rules.criteria]

    def position_of(self, index: int, value: Exact) -> int:
        cached = self._positions[index]
        if value in cached and not isinstance(value, float):
            return cached[value]
        cached[value] = self.criteria[index].position_of(value)
        return cached[value]

    def row(self, sheet: ScoreInput) -> Positions | None:
        """Return the sheet's positions by criterion, None when the sheet is not valid."""
        positions: Positions = []
        answered = 0
        for index, criterion in enumerate(self.criteria):
            value = sheet.scores.get(criterion.key)
            if value is not None:
                positions.append(self.position_of(index, value))
                answered += self.weights[index]
            elif criterion.required and self.counted[index]:
                return None
            else:
                positions.append(None)
        return positions if 2 * answered >= sum(self.weights) else None


@lru_cache(maxsize=32)
def weighted_scale(rules: RoundRules) -> WeightedScale:
    """Return the prepared rules, cached: equal rules give the same object."""
    return WeightedScale(rules)


@dataclass(frozen=True)
class PositionSums:
    """Sums and counts by criterion, and the multiplier that makes every mean whole."""

    sums: list[int]
    counts: list[int]
    multiple: int


def sum_positions(scale: WeightedScale, rows: Iterable[Row]) -> PositionSums:
    """Return the sums and counts of the positions by criterion."""
    size = len(scale.criteria)
    sums, counts = [0] * size, [0] * size
    for _, positions in rows:
        for index, position in enumerate(positions):
            if position is not None:
                sums[index] += position
                counts[index] += 1
    return PositionSums(sums, counts, lcm(*(n for n in counts if n)))


def unanswered_criteria(scale: WeightedScale, counts: Iterable[int]) -> list[int]:
    """Return the indexes of counted criteria that nobody scored."""
    return [i for i, n in enumerate(counts) if scale.counted[i] and n == 0]


def filled_total(scale: WeightedScale, positions: Positions, added: PositionSums) -> int:
    """Return the filled total as an integer over scale.whole * added.multiple."""
    total = 0
    for index, position in enumerate(positions):
        factor = scale.factors[index]
        if position is not None:
            total += factor * position * added.multiple
        elif factor:
            total += factor * added.sums[index] * (added.multiple // added.counts[index])
    return total


def score_of(scale: WeightedScale, added: PositionSums) -> Fraction:
    """Return the weighted mean of the criterion means, 0–100.

    Every counted criterion must have a score.
    """
    parts = zip(scale.factors, added.sums, added.counts, strict=True)
    top = sum(f * s * (added.multiple // n) for f, s, n in parts if f)
    return Fraction(100 * top, scale.whole * added.multiple)


def round_half_up(value: Fraction) -> Decimal:
    """Round a non-negative fraction to two decimals, half up."""
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return Decimal(hundredths).scaleb(-2)


def valid_rows(rules: RoundRules, sheets: Iterable[ScoreInput]) -> list[Row]:
    """Return reviewers and positions (steps from the bad end) of the valid sheets.

    Valid: submitted, every required counted criterion scored, at least half of the weight scored.
    Raises ScoreError off a scale, ValueError for two valid sheets of one reviewer.
    """
    scale = weighted_scale(rules)
    rows = [
        (sheet.reviewer, positions)
        for sheet in sheets
        if sheet.status == SUBMITTED and (positions := scale.row(sheet)) is not None
    ]
    if len({reviewer for reviewer, _ in rows}) != len(rows):
        raise ValueError("two valid sheets of one reviewer")
    return rows


def sheet_total(rules: RoundRules, sheet: ScoreInput) -> Fraction | None:
    """Return one sheet's own weighted total, 0–100; None while a counted criterion is blank."""
    scale = weighted_scale(rules)
    total = 0
    for index, criterion in enumerate(scale.criteria):
        value = sheet.scores.get(criterion.key)
        if value is not None:
            total += scale.factors[index] * scale.position_of(index, value)
        elif scale.counted[index]:
            return None
    return Fraction(100 * total, scale.whole)
