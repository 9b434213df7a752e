"""Sentences that explain the arithmetic, and what the form asks back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from lab.reviews.scoring.arithmetic import round_half_up
from lab.reviews.scoring.inputs import (
    Criterion,
    Exact,
    RoundRules,
    format_value,
    to_fraction,
    utility,
)
from lab.reviews.scoring.official import TRIM_FROM

NOTE_BELOW = 60  # utility points; a lower score needs a written reason
NOTE_LENGTH = 20  # characters of that reason
METHOD = "各指标先取评委平均，再按权重相加，满分100分。回避和弃评的评委不计入。"
TRIMMED = f"本轮规定：有效评分达到{TRIM_FROM}份及以上时，去掉一个最高分和一个最低分。"


def formula_text(criteria: Sequence[Criterion]) -> str:
    """Return 总分＝重要性×30%＋…, with a note on the conversion to the 100-point scale."""
    terms = "＋".join(f"{c.name}×{_percent(criteria, c)}" for c in criteria if c.counted)
    return f"总分＝{terms}{_conversion(criteria)}"


def rules_text(rules: RoundRules) -> str:
    """Return the sentences on method, trimming and directions printed on every result."""
    lines = [METHOD, TRIMMED] if rules.trim else [METHOD]
    lines += [f"{c.name}：越低得分越高。" for c in rules.criteria if c.direction == "cost"]
    lines += [f"{c.name}：仅展示不计分。" for c in rules.criteria if c.direction == "info"]
    return "".join(lines)


def notes_needed(
    criteria: Sequence[Criterion], scores: Mapping[str, Exact | None]
) -> tuple[str, ...]:
    """Return the keys of criteria scored below 60 of 100, which need a reason of 20 characters."""
    needed = []
    for criterion in criteria:
        value = scores.get(criterion.key)
        if value is not None and utility(criterion, value) < NOTE_BELOW:
            needed.append(criterion.key)
    return tuple(needed)


def all_scores_equal(criteria: Sequence[Criterion], scores: Mapping[str, Exact | None]) -> bool:
    """Return whether all criteria got the same relative score, which must be confirmed."""
    positions = [(c, scores.get(c.key)) for c in criteria]
    if len(positions) < 2 or any(value is None for _, value in positions):
        return False
    return len({utility(c, value) for c, value in positions if value is not None}) == 1


def _percent(criteria: Sequence[Criterion], criterion: Criterion) -> str:
    total = sum((to_fraction(c.weight) for c in criteria if c.counted), Fraction(0))
    share = round_half_up(to_fraction(criterion.weight) * 100 / total)
    return f"{format_value(share)}%"


def _conversion(criteria: Sequence[Criterion]) -> str:
    counted = [c for c in criteria if c.counted]
    if all((c.lo, c.hi, c.direction) == (0, 100, "benefit") for c in counted):
        return ""
    return "（各项先按其分值范围折算为100分）"
