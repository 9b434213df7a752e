"""What a score sheet still lacks before submission. Pure.

Office rules: every required criterion has a score; a score below 60 of 100 has a reason of at least
20 characters; recommendation and overall comment are given; identical scores on every criterion are
confirmed by the reviewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lab.reviews.scoring.explanation import NOTE_BELOW, NOTE_LENGTH, all_scores_equal, notes_needed
from lab.reviews.scoring.inputs import Criterion


@dataclass(frozen=True)
class Answers:
    """A reviewer's input: scores on the criteria's scales and notes, both by criterion key.

    A key missing from `scores` was unreadable: its stored value stays. None is a blank.
    """

    scores: Mapping[str, Decimal | None]
    notes: Mapping[str, str]
    recommendation: str | None = None
    strengths: str = ""
    problems: str = ""
    comment: str = ""
    same_confirmed: bool = False


@dataclass(frozen=True)
class MissingItem:
    """A missing item: form field and Chinese message."""

    field: str
    message: str


def missing_items(criteria: Sequence[Criterion], answers: Answers) -> list[MissingItem]:
    """Return everything that prevents submission of a sheet, in form order.

    Raises ScoreError for a score off its scale.
    """
    missing = [item for criterion in criteria for item in _of_criterion(criterion, answers)]
    if all_scores_equal(criteria, answers.scores) and not answers.same_confirmed:
        missing.append(
            MissingItem("same_confirmed", "各项得分完全相同，请核对；确认无误的，请勾选。")
        )
    if not answers.recommendation:
        missing.append(MissingItem("recommendation", "请选择总体意见。"))
    if not answers.comment.strip():
        missing.append(MissingItem("comment", "请填写综合评语。"))
    return missing


def _of_criterion(criterion: Criterion, answers: Answers) -> list[MissingItem]:
    if answers.scores.get(criterion.key) is None:
        blank = MissingItem(f"score_{criterion.key}", f"请给“{criterion.name}”打分。")
        return [blank] if criterion.required else []
    note = answers.notes.get(criterion.key, "").strip()
    if criterion.key in notes_needed((criterion,), answers.scores) and len(note) < NOTE_LENGTH:
        text = f"折合百分制低于{NOTE_BELOW}分，请写明理由，不少于{NOTE_LENGTH}个字符。"
        return [MissingItem(f"note_{criterion.key}", text)]
    return []
