"""A reviewer's own sheets, and one sheet with its content.

Nothing here reads another reviewer's sheet. Sheets with a conflict do not exist for the reviewer:
they are left out before anything is counted or numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lab.calls.core.queries import batch_label
from lab.calls.core.read_models import CriterionView
from lab.calls.models.call import Call
from lab.calls.pages.queries import criterion_view
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.frozen_rules import rules_of
from lab.reviews.core.locking import is_round_open
from lab.reviews.models import Pledge, ScoreItem, ScoreSheet
from lab.reviews.recusal.queries import conflicts
from lab.reviews.rules.lifecycle import ASSIGNED, OWED, SHEET, VISIBLE, SheetStatus
from lab.reviews.scoring.arithmetic import round_half_up, sheet_total
from lab.reviews.scoring.completeness import Answers
from lab.reviews.scoring.inputs import ScoreInput
from lab.workflow import State


@dataclass(frozen=True)
class OwnSheet:
    """One line of a reviewer's list, numbered within the round."""

    key: str
    position: int
    title: str
    unit: str
    state: State
    owed: bool
    started: bool
    total: Decimal | None


@dataclass(frozen=True)
class OwnRound:
    """A reviewer's sheets of one round; `open` while review runs."""

    call_key: str
    batch_label: str
    title: str
    open: bool
    pledged: bool
    sheets: tuple[OwnSheet, ...]

    @property
    def submitted(self) -> int:
        return sum(sheet.state.code == SheetStatus.SUBMITTED for sheet in self.sheets)

    @property
    def due(self) -> int:
        """Submitted or owed sheets, without those given up."""
        return sum(sheet.state.code in ASSIGNED for sheet in self.sheets)

    @property
    def next(self) -> OwnSheet | None:
        """The first owed sheet, None when there is none."""
        return next((sheet for sheet in self.sheets if sheet.owed), None)


def barred_proposals(person_id: int, proposal_ids: Sequence[int]) -> frozenset[int]:
    """Return those of the proposals from which a conflict bars the person."""
    rules = conflicts(proposal_ids, [person_id])
    return frozenset(p for p in proposal_ids if rules.between(p, person_id))


def own_rounds(person_id: int) -> list[OwnRound]:
    """Return every round with visible sheets of the person, newest first."""
    sheets = _own_sheets(person_id)
    out = barred_proposals(person_id, sorted({sheet.proposal_id for sheet in sheets}))
    signed = frozenset(
        db.session.scalars(select(Pledge.call_id).where(Pledge.reviewer_id == person_id))
    )
    rounds: dict[int, list[ScoreSheet]] = {}
    for sheet in sheets:
        if sheet.proposal_id not in out:
            rounds.setdefault(sheet.proposal.call_id, []).append(sheet)
    return [_round(group, call_id in signed) for call_id, group in rounds.items()]


def _own_sheets(person_id: int) -> Sequence[ScoreSheet]:
    proposal = joinedload(ScoreSheet.proposal)
    return db.session.scalars(
        select(ScoreSheet)
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(
            ScoreSheet.reviewer_id == person_id,
            ScoreSheet.status.in_(VISIBLE),
            Call.review_opened_at.is_not(None),
        )
        .options(
            proposal.joinedload(Proposal.unit).load_only(Unit.name),
            proposal.joinedload(Proposal.call).selectinload(Call.criteria),
            selectinload(ScoreSheet.items).joinedload(ScoreItem.criterion),
        )
        # Keys are random: the order tells nothing of how the office went about it.
        .order_by(Call.year.desc(), Call.batch.desc(), ScoreSheet.assigned_at, ScoreSheet.key)
    ).all()


def _round(sheets: Sequence[ScoreSheet], pledged: bool) -> OwnRound:
    call = sheets[0].proposal.call
    return OwnRound(
        call_key=call.key,
        batch_label=batch_label(call.year, call.batch),
        title=call.title,
        open=is_round_open(call),
        pledged=pledged,
        sheets=tuple(_line(position, sheet) for position, sheet in enumerate(sheets, 1)),
    )


def _line(position: int, sheet: ScoreSheet) -> OwnSheet:
    return OwnSheet(
        key=sheet.key,
        position=position,
        title=sheet.proposal.title,
        unit=sheet.proposal.unit.name,
        state=SHEET.state(sheet.status),
        owed=sheet.status in OWED,
        started=sheet.saved_at is not None,
        total=own_total(sheet),
    )


def own_total(sheet: ScoreSheet) -> Decimal | None:
    """Return the sheet's own total, 0–100 with two decimals.

    None while a counted score is blank.
    """
    scores = {item.criterion.key: item.score for item in sheet.items}
    total = sheet_total(rules_of(sheet.proposal.call), ScoreInput("", "", scores))
    return None if total is None else round_half_up(total)


def answers_of(sheet: ScoreSheet) -> Answers:
    """Return a sheet's stored answers."""
    return Answers(
        scores={item.criterion.key: item.score for item in sheet.items},
        notes={item.criterion.key: item.comment for item in sheet.items},
        recommendation=sheet.recommendation,
        strengths=sheet.strengths,
        problems=sheet.problems,
        comment=sheet.comment,
    )


def criteria_of(sheet: ScoreSheet) -> tuple[CriterionView, ...]:
    """Return the criteria with their five levels, in form order."""
    return tuple(criterion_view(row) for row in sheet.proposal.call.criteria)
