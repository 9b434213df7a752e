"""Reads for the pages of a reviewer's pledge and of one score sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lab.calls.core.read_models import CriterionView
from lab.calls.models.call import Call
from lab.proposals.core import queries as proposals
from lab.proposals.core.content.content import for_reviewers
from lab.proposals.core.content.reader import Content
from lab.reviews.core.frozen_rules import rules_of
from lab.reviews.models import ScoreSheet
from lab.reviews.rules import pledge
from lab.reviews.rules.lifecycle import SHEET, SheetStatus
from lab.reviews.scoring.explanation import formula_text
from lab.reviews.sheets.queries import OwnRound, criteria_of, own_rounds, own_total
from lab.workflow import State


@dataclass(frozen=True)
class PledgePage:
    """The pledge, and the round with the reviewer's sheets for which it is signed."""

    title: str
    lines: Sequence[str]
    round: OwnRound


def pledge_page(call: Call, person_id: int) -> PledgePage:
    """Return the pledge for this call; the person has at least one sheet in it."""
    mine = next(r for r in own_rounds(person_id) if r.call_key == call.key)
    return PledgePage(title=pledge.TITLE, lines=pledge.LINES, round=mine)


@dataclass(frozen=True)
class SheetPage:
    """A score sheet beside the proposal as reviewers see it.

    `formula` says how the total comes about; `stored` is what was saved by the names of the form's
    fields; `total` is in points, none unless the sheet is submitted.
    """

    sheet: ScoreSheet
    state: State
    content: Content
    criteria: tuple[CriterionView, ...]
    formula: str
    stored: Mapping[str, Any]
    total: Decimal | None

    @property
    def submitted(self) -> bool:
        return self.state.code == SheetStatus.SUBMITTED

    @property
    def returned(self) -> bool:
        return self.state.code == SheetStatus.RETURNED

    @property
    def abstained(self) -> bool:
        return self.state.code == SheetStatus.ABSTAINED


def sheet_page(sheet: ScoreSheet, stored: Mapping[str, Any]) -> SheetPage:
    """Return the page of the reviewer's own sheet; `stored` by the names of the form's fields."""
    content = proposals.reviewer_view(sheet.proposal_id, sheet.proposal_version)
    return SheetPage(
        sheet=sheet,
        state=SHEET.state(sheet.status),
        content=for_reviewers(content),
        criteria=criteria_of(sheet),
        formula=formula_text(rules_of(sheet.proposal.call).criteria),
        stored=stored,
        total=own_total(sheet),
    )
