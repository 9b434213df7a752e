"""What a decision still lacks before it can be submitted to the leading group."""

from __future__ import annotations

from dataclasses import dataclass

from lab.decisions.models import Decision
from lab.decisions.pages.queries import choices_from
from lab.decisions.ranking.queries import frozen_ranking_table
from lab.decisions.rules.selection import missing_reasons, unmarked


@dataclass(frozen=True)
class MissingItem:
    """A missing item: proposal key (None: the list as a whole), part, message."""

    key: str | None
    part: str
    message: str


def submission_blockers(decision: Decision) -> list[MissingItem]:
    """Return what prevents submission: blank marks, deviating marks without a reason."""
    ranking_table = frozen_ranking_table(decision.call_id, decision.ranking_number)
    choices = choices_from(decision, ranking_table)
    blank = [
        MissingItem(choice.key, "mark", "请选择拟立项、备选或不立项。")
        for choice in unmarked(choices)
    ]
    reasons = [
        MissingItem(item.key, "reason", item.message)
        for item in missing_reasons(choices, ranking_table.places, decision.explanation)
    ]
    return blank + reasons
