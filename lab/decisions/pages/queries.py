"""Queries of decisions: the list, and one decision with its ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from lab.calls.core.queries import batch_label
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CallStatus
from lab.decisions.models import Decision, DecisionItem
from lab.decisions.pages.queries_history import ActionRow, actions_of
from lab.decisions.ranking.queries import frozen_ranking_table
from lab.decisions.rules.lifecycle import DECISION, DecisionStatus
from lab.decisions.rules.office_marks import MARK_LABELS, MARK_TONES, Mark
from lab.decisions.rules.selection import Choice, is_over_places
from lab.extensions import db
from lab.policy import IMPARTIAL, Actor
from lab.reviews.core.conflicts import conflicted_calls
from lab.reviews.rules.ranking_table import RankingLine, RankingTable
from lab.reviews.scoring.ranking import Zone
from lab.workflow import State


@dataclass(frozen=True)
class DecisionRow:
    """One decision in the list, with the number of proposals per mark."""

    key: str
    batch_label: str
    title: str
    state: State
    proposed: int
    reserve: int
    rejected: int


@dataclass(frozen=True)
class MarkedProposal:
    """One proposal: its ranking line, its mark, and the reason."""

    line: RankingLine
    mark: str | None
    label: str
    tone: str
    reason: str


@dataclass(frozen=True)
class DecisionPage:
    """Everything that the page of a decision shows."""

    key: str
    version: int
    state: State
    call_key: str
    batch_label: str
    title: str
    explanation: str
    proposed_by: str
    proposed_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    note: str
    published_at: datetime | None
    notice_starts_on: date | None
    notice_ends_on: date | None
    ranking_table: RankingTable
    items: tuple[MarkedProposal, ...]
    actions: tuple[ActionRow, ...]

    @property
    def is_sent_back(self) -> bool:
        return self.state.code == DecisionStatus.SENT_BACK

    @property
    def is_over_places(self) -> bool:
        return is_over_places(self.count(Mark.PROPOSED), self.ranking_table.places)

    def count(self, mark: str) -> int:
        """Return how many proposals carry a mark."""
        return sum(item.mark == mark for item in self.items)

    def marked(self, mark: str) -> tuple[MarkedProposal, ...]:
        """Return the proposals with a mark, in ranking order."""
        return tuple(item for item in self.items if item.mark == mark)


@dataclass(frozen=True)
class UndecidedCall:
    """A call whose review has ended and that has no decision yet."""

    call_key: str
    batch_label: str
    title: str


def list_decisions(states: Sequence[str], reader: Actor) -> list[DecisionRow]:
    """Return the decisions in these states that the reader may open, newest call first."""
    rows = db.session.execute(
        select(Decision.key, Decision.status, Call.year, Call.batch, Call.title, DecisionItem.mark)
        .add_columns(func.count(DecisionItem.id).label("n"))
        .join(Call, Call.id == Decision.call_id)
        .outerjoin(DecisionItem, DecisionItem.decision_id == Decision.id)
        .where(Decision.status.in_(states), readable_by(reader))
        .group_by(Decision.key, Decision.status, Call.year, Call.batch, Call.title)
        .group_by(DecisionItem.mark)
        .order_by(Call.year.desc(), Call.batch.desc())
    ).all()
    counts = {(row.key, row.mark): row.n for row in rows}
    return [
        DecisionRow(
            key=row.key,
            batch_label=batch_label(row.year, row.batch),
            title=row.title,
            state=DECISION.state(row.status),
            proposed=counts.get((row.key, Mark.PROPOSED), 0),
            reserve=counts.get((row.key, Mark.RESERVE), 0),
            rejected=counts.get((row.key, Mark.REJECTED), 0),
        )
        for row in {row.key: row for row in rows}.values()
    ]


def readable_by(reader: Actor) -> ColumnElement[bool]:
    """Return the SQL condition for decisions that the reader may see.

    The decision is public, or the reader has no conflict with any proposal on it.
    """
    public = IMPARTIAL["decision.view"].split()
    return or_(Decision.status.in_(public), Decision.call_id.not_in(conflicted_calls(reader)))


def undecided_calls(reader: Actor) -> list[UndecidedCall]:
    """Return the calls for which the office has to draw up a decision.

    Those that the reader is conflicted with are left out.
    """
    rows = db.session.execute(
        select(Call.key, Call.year, Call.batch, Call.title)
        .where(
            Call.status == CallStatus.REVIEWING,
            Call.review_closed_at.is_not(None),
            Call.id.not_in(select(Decision.call_id)),
            Call.id.not_in(conflicted_calls(reader)),
        )
        .order_by(Call.year.desc(), Call.batch.desc())
    )
    return [UndecidedCall(row.key, batch_label(row.year, row.batch), row.title) for row in rows]


def choices_from(decision: Decision, ranking_table: RankingTable) -> list[Choice]:
    """Return the marks as input of the pure rules, in ranking order."""
    items = {item.proposal.key: item for item in decision.items}
    return [
        Choice(line.key, line.number, line.rank, _zone(line), item.mark, item.reason)
        for line in ranking_table.lines
        if (item := items.get(line.key))
    ]


def _zone(line: RankingLine) -> Zone:
    zone: Zone = line.zone  # type: ignore[assignment]
    return zone


def decision_page(decision: Decision) -> DecisionPage:
    """Return everything that the page of a decision shows."""
    ranking_table = frozen_ranking_table(decision.call_id, decision.ranking_number)
    lines = {line.key: line for line in ranking_table.lines}
    call = decision.call
    return DecisionPage(
        key=decision.key,
        version=decision.version,
        state=DECISION.state(decision.status),
        call_key=call.key,
        batch_label=batch_label(call.year, call.batch),
        title=call.title,
        explanation=decision.explanation,
        proposed_by=decision.proposed_by.name if decision.proposed_by else "",
        proposed_at=decision.proposed_at,
        decided_by=decision.decided_by.name if decision.decided_by else "",
        decided_at=decision.decided_at,
        note=decision.note or "",
        published_at=decision.published_at,
        notice_starts_on=decision.notice_starts_on,
        notice_ends_on=decision.notice_ends_on,
        ranking_table=ranking_table,
        items=tuple(_marked(item, lines[item.proposal.key]) for item in decision.items),
        actions=actions_of(decision.id),
    )


def _marked(item: DecisionItem, line: RankingLine) -> MarkedProposal:
    label = MARK_LABELS.get(item.mark or "", "未定")
    return MarkedProposal(
        line, item.mark, label, MARK_TONES.get(item.mark or "", "grey"), item.reason
    )
