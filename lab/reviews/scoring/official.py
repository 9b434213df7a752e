"""The official score: criterion means first, then weights; exact until the last step.

Office rule: each criterion is averaged over the valid sheets that scored it, the averages are
weighted, the result is published with two decimals, half up. Where the round says so, from five
sheets on the sheets with the highest and the lowest total are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median_high, median_low

from lab.numbering.formats import sort_key
from lab.reviews.scoring.arithmetic import (
    PositionSums,
    Row,
    WeightedScale,
    filled_total,
    round_half_up,
    score_of,
    sum_positions,
    unanswered_criteria,
    valid_rows,
    weighted_scale,
)
from lab.reviews.scoring.inputs import SUBMITTED, RoundRules, ScoreInput

TRIM_FROM = 5  # valid sheets; below it nothing is dropped
WIDE_SPREAD = 20  # points between the highest and the lowest total
CRITERION_WITHOUT_SCORE = "criterion_without_score"
NO_VALID_SHEET = "no_valid_sheet"
FLAG_SPREAD = "分歧较大"
FLAG_TOO_FEW = "评审数不足"


@dataclass(frozen=True)
class CriterionMean:
    """The mean utility (0–100) of one criterion over `answers` sheets; None without any."""

    key: str
    exact: Fraction | None
    shown: Decimal | None
    answers: int


@dataclass(frozen=True)
class SheetTotal:
    """One sheet's weighted total, 0–100; blanks are filled with the criterion's mean."""

    reviewer: str
    exact: Fraction
    shown: Decimal
    dropped: bool = False


@dataclass(frozen=True)
class OfficialScore:
    """The published score and its components.

    `score` has two decimals; None with a `reason` when it cannot be computed. `means` cover the
    trimmed sheets, `totals`, `mean`, `median` and `spread` all valid ones.
    """

    score: Decimal | None
    exact: Fraction | None
    reason: str | None
    means: tuple[CriterionMean, ...]
    valid: int
    totals: tuple[SheetTotal, ...] = ()
    mean: Decimal | None = None
    median: Decimal | None = None
    spread: Decimal | None = None
    flags: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def dropped(self) -> tuple[str, ...]:
        """The reviewers whose sheets were trimmed, in sheet order."""
        return tuple(total.reviewer for total in self.totals if total.dropped)


def _dropped(scale: WeightedScale, rows: list[Row], totals: list[int]) -> set[int]:
    """Return the indexes of the highest and the lowest sheet.

    Empty where trimming does not apply.
    """
    if len(rows) < TRIM_FROM:
        return set()
    order = sorted(range(len(rows)), key=lambda i: (totals[i], sort_key(rows[i][0])))
    ends = {order[0], order[-1]}
    remaining = sum_positions(scale, (row for i, row in enumerate(rows) if i not in ends))
    return set() if unanswered_criteria(scale, remaining.counts) else ends


def _means(scale: WeightedScale, added: PositionSums) -> tuple[CriterionMean, ...]:
    means = []
    for index, criterion in enumerate(scale.criteria):
        count = added.counts[index]
        value = Fraction(100 * added.sums[index], scale.steps[index] * count) if count else None
        means.append(
            CriterionMean(
                criterion.key, value, None if value is None else round_half_up(value), count
            )
        )
    return tuple(means)


def _totals(rows: list[Row], whole: list[int], base: int, ends: set[int]) -> tuple[SheetTotal, ...]:
    totals = []
    for index, (reviewer, _) in enumerate(rows):
        value = Fraction(100 * whole[index], base)
        totals.append(SheetTotal(reviewer, value, round_half_up(value), index in ends))
    return tuple(totals)


def _unanswered_messages(scale: WeightedScale, unanswered: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"无人对“{scale.criteria[i].name}”打分，暂不排名。" for i in unanswered)


def _blank_messages(scale: WeightedScale, counts: list[int], valid: int) -> tuple[str, ...]:
    return tuple(
        f"{valid - count}份评审未对“{criterion.name}”打分，该指标按其余评委平均计算。"
        for criterion, count in zip(scale.criteria, counts, strict=True)
        if criterion.counted and count < valid
    )


def _flags(rules: RoundRules, valid: int, spread: Fraction) -> tuple[str, ...]:
    short = (FLAG_TOO_FEW,) if valid < rules.minimum_sheets else ()
    return (*short, FLAG_SPREAD) if spread > WIDE_SPREAD else short


def _unscored(rules: RoundRules, rows: list[Row], sheets: tuple[ScoreInput, ...]) -> OfficialScore:
    """Return no score, naming the criteria without a score, also when that left no sheet valid."""
    scale = weighted_scale(rules)
    added = sum_positions(scale, rows)
    counts = added.counts
    submitted = [sheet.scores for sheet in sheets if sheet.status == SUBMITTED]
    if not rows and submitted:
        counts = [sum(s.get(c.key) is not None for s in submitted) for c in rules.criteria]
    unanswered = unanswered_criteria(scale, counts) if submitted else []
    return OfficialScore(
        score=None,
        exact=None,
        reason=CRITERION_WITHOUT_SCORE if unanswered else NO_VALID_SHEET,
        means=_means(scale, added),
        valid=len(rows),
        flags=_flags(rules, len(rows), Fraction(0)),
        messages=_unanswered_messages(scale, unanswered),
    )


def official_score(rules: RoundRules, sheets: tuple[ScoreInput, ...]) -> OfficialScore:
    """Return the official result of one proposal from its sheets of every status.

    Raises ScoreError for a score off its scale and ValueError for two valid sheets of one reviewer.
    Below the minimum of sheets there is a score, flagged 评审数不足.
    """
    scale, rows = weighted_scale(rules), valid_rows(rules, sheets)
    added = sum_positions(scale, rows)
    if not rows or unanswered_criteria(scale, added.counts):
        return _unscored(rules, rows, sheets)
    whole = [filled_total(scale, positions, added) for _, positions in rows]
    ends = _dropped(scale, rows, whole) if rules.trim else set()
    counted = (
        sum_positions(scale, (row for i, row in enumerate(rows) if i not in ends))
        if ends
        else added
    )
    score = score_of(scale, counted)
    base = scale.whole * added.multiple
    spread = Fraction(100 * (max(whole) - min(whole)), base)
    return OfficialScore(
        score=round_half_up(score),
        exact=score,
        reason=None,
        means=_means(scale, counted),
        valid=len(rows),
        totals=_totals(rows, whole, base, ends),
        mean=round_half_up(Fraction(100 * sum(whole), base * len(whole))),
        median=round_half_up(Fraction(50 * (median_low(whole) + median_high(whole)), base)),
        spread=round_half_up(spread),
        flags=_flags(rules, len(rows), spread),
        messages=_blank_messages(scale, added.counts, len(rows)),
    )
