"""One proposal of a round with its sheets and reviewers' names, for the office only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from lab.extensions import db
from lab.identity.models.account import Person
from lab.policy import Resource
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.locking import is_round_open
from lab.reviews.models import ScoreItem, ScoreSheet, SheetHistory
from lab.reviews.rules.lifecycle import OWED, SHEET, SheetStatus
from lab.reviews.rules.recommendations import RECOMMENDATION_LABELS
from lab.reviews.sheets.queries import own_total
from lab.workflow import State


@dataclass(frozen=True)
class ScoreItemView:
    """One criterion of a sheet: name, score on its scale, note."""

    name: str
    score: Decimal | None
    note: str


@dataclass(frozen=True)
class NamedSheet:
    """A sheet with its reviewer's name; its content is shown once it is submitted.

    `resource` is what the policy decides on; `returned` counts earlier returns.
    """

    key: str
    reviewer: str
    unit: str
    state: State
    owed: bool
    submitted_at: datetime | None
    total: Decimal | None
    recommendation: str
    items: tuple[ScoreItemView, ...]
    strengths: str
    problems: str
    comment: str
    reason: str
    returned: int
    resource: Resource


@dataclass(frozen=True)
class EntryPage:
    """A proposal of a round and all its sheets, without cancelled ones."""

    call_key: str
    call_title: str
    number: str
    title: str
    unit: str
    minimum: int
    sheets: tuple[NamedSheet, ...]

    @property
    def submitted(self) -> int:
        return sum(sheet.state.code == SheetStatus.SUBMITTED for sheet in self.sheets)


def entry_page(proposal: Proposal) -> EntryPage:
    """Return the proposal and its sheets, submitted ones first."""
    sheets = db.session.scalars(
        select(ScoreSheet)
        .where(ScoreSheet.proposal_id == proposal.id, ScoreSheet.status != SheetStatus.CANCELLED)
        .options(
            joinedload(ScoreSheet.reviewer).joinedload(Person.unit),
            selectinload(ScoreSheet.items).joinedload(ScoreItem.criterion),
        )
        .order_by(ScoreSheet.submitted_at.is_(None), ScoreSheet.submitted_at, ScoreSheet.id)
    ).all()
    returns = {
        row[0]: row[1]
        for row in db.session.execute(
            select(SheetHistory.sheet_id, func.count())
            .where(SheetHistory.sheet_id.in_([sheet.id for sheet in sheets]))
            .group_by(SheetHistory.sheet_id)
        )
    }
    return EntryPage(
        call_key=proposal.call.key,
        call_title=proposal.call.title,
        number=proposal.number or "",
        title=proposal.title,
        unit=proposal.unit.name,
        minimum=proposal.call.minimum_sheets,
        sheets=tuple(_named(sheet, returns.get(sheet.id, 0)) for sheet in sheets),
    )


def _named(sheet: ScoreSheet, returned: int) -> NamedSheet:
    sent = sheet.status == SheetStatus.SUBMITTED
    relations = {"round_open"} if is_round_open(sheet.proposal.call) else set[str]()
    return NamedSheet(
        key=sheet.key,
        reviewer=sheet.reviewer.name,
        unit=sheet.reviewer.unit_name,
        state=SHEET.state(sheet.status),
        owed=sheet.status in OWED,
        submitted_at=sheet.submitted_at if sent else None,
        total=own_total(sheet) if sent else None,
        recommendation=RECOMMENDATION_LABELS.get(sheet.recommendation or "", "") if sent else "",
        items=_items(sheet) if sent else (),
        strengths=sheet.strengths if sent else "",
        problems=sheet.problems if sent else "",
        comment=sheet.comment if sent else "",
        reason=_reason(sheet),
        returned=returned,
        resource=Resource("sheet", sheet.status, frozenset(relations)),
    )


def _reason(sheet: ScoreSheet) -> str:
    reason = sheet.return_reason if sheet.status == SheetStatus.RETURNED else sheet.closed_reason
    return reason or ""


def _items(sheet: ScoreSheet) -> tuple[ScoreItemView, ...]:
    ordered = sorted(sheet.items, key=lambda item: item.criterion.position)
    return tuple(ScoreItemView(item.criterion.name, item.score, item.comment) for item in ordered)
