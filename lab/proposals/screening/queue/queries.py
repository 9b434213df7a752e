"""Reads of the check queue: its rows and their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Person, Unit
from lab.policy import Actor
from lab.proposals.core.visibility.relations import is_participant
from lab.proposals.core.visibility.titles import SubmittedContent, shown_title
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import FormalityCheck, Proposal, ProposalVersion
from lab.proposals.pages.queries import submitted_versions
from lab.proposals.pages.queries_conditions import filter_condition, is_unconfirmed
from lab.proposals.rules.form.schema import UNNAMED_TITLE
from lab.proposals.rules.joint.confirmation import UNCONFIRMED
from lab.proposals.rules.lifecycle import PROPOSAL, ProposalStatus
from lab.web.pages.pagination import Page, paginate
from lab.workflow import State

PAGE_SIZE = 30


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue.

    `turn`: 0 for a first submission, 1 for the first correction …; `overdue_days`: how long a
    return is overdue; `drafting`: who has begun a check, "" for nobody; `mine`, `own_unit`: the
    reader takes part in it, the reader's unit applies; `mark` what stands out, "" for nothing.
    """

    key: str
    number: str
    title: str
    unit: str
    side: str
    call: str
    state: State
    submitted_at: datetime
    turn: int
    late_days: int
    due_on: date | None
    overdue_days: int
    drafting: str
    drafted_at: datetime | None
    mine: bool
    own_unit: bool
    mark: str

    @property
    def awaits_check(self) -> bool:
        return self.state.code == ProposalStatus.SUBMITTED

    @property
    def turn_label(self) -> str:
        """Label: 首次, 补正第1次 …"""
        return f"补正第{self.turn}次" if self.turn else "首次"


def _newest(column: Any) -> Any:
    """Return the highest `column` among rows of the same proposal, for joins to the newest row."""
    table = column.class_
    own = select(func.max(column)).where(table.proposal_id == Proposal.id)
    return own.correlate(Proposal).scalar_subquery()


def _newest_announced() -> Any:
    """Return the id of the newest check whose outcome the applicants were told."""
    own = select(func.max(FormalityCheck.id)).where(
        FormalityCheck.proposal_id == Proposal.id, FormalityCheck.announced_at.is_not(None)
    )
    return own.correlate(Proposal).scalar_subquery()


def _with_version(columns: Any) -> Any:
    """Join the newest submitted version."""
    return columns.outerjoin(
        ProposalVersion,
        and_(
            ProposalVersion.proposal_id == Proposal.id,
            ProposalVersion.number == _newest(ProposalVersion.number),
        ),
    )


# Late returns first, then other returns, then first submissions; each by the time they came.
QUEUE_ORDER = (Proposal.queue_rank, Proposal.submitted_at, Proposal.id)


def of_own_unit(actor: Actor) -> ColumnElement[bool]:
    """Return the condition: the reader's unit applies, alone or as partner."""
    return or_(
        Proposal.unit_id == (actor.unit_id or 0),
        func.coalesce(Proposal.joint_unit_id, 0) == (actor.unit_id or -1),
    )


# Columns, not objects: the texts of a proposal are long, and the queue shows none of them.
_COLUMNS: tuple[Any, ...] = (
    *(Proposal.id, Proposal.key, Proposal.number, Proposal.side, Proposal.status),
    *(Proposal.submitted_at, Unit.name.label("unit"), Call.title.label("call_title")),
    *(ProposalVersion.number.label("version"), ProposalVersion.late_days, FormalityCheck.due_on),
    *(Person.name.label("drafter"), CheckDraft.saved_at.label("drafted_at")),
)


def check_queue(actor: Actor, args: Mapping[str, str]) -> Page:
    """Return a page of QueueRow: waiting checks in processing order, others by last change.

    `args` as in `pages.queries.list_proposals`.
    """
    columns = select(
        *_COLUMNS,
        shown_title(actor).label("title"),
        is_participant(actor).label("mine"),
        is_unconfirmed(actor).label("unconfirmed"),
        # Which unit applies may be under correction; it matters only while a check waits.
        and_(Proposal.status == ProposalStatus.SUBMITTED, of_own_unit(actor)).label("own_unit"),
    )
    query = (
        _with_version(columns.join(Unit, Unit.id == Proposal.unit_id))
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(FormalityCheck, FormalityCheck.id == _newest_announced())
        .outerjoin(
            CheckDraft,
            and_(
                CheckDraft.proposal_id == Proposal.id,
                CheckDraft.submission == ProposalVersion.number,
                Proposal.status == ProposalStatus.SUBMITTED,
            ),
        )
        .outerjoin(Person, Person.id == CheckDraft.person_id)
        .where(filter_condition(actor, args, drafts=False))
    )
    if args.get("status") in PROPOSAL.codes:
        query = query.where(Proposal.status == args["status"])
    waiting = args.get("status") == ProposalStatus.SUBMITTED
    order = QUEUE_ORDER if waiting else (Proposal.saved_at.desc(), Proposal.id.desc())
    page = paginate(query, order, args, session=db.session(), size=PAGE_SIZE)
    submitted = submitted_versions(page.items)
    return page.map(lambda row: _row(row, submitted.get(row.id)))


def _row(row: Any, submitted: SubmittedContent | None) -> QueueRow:
    due_on = row.due_on if row.status == ProposalStatus.RETURNED else None
    return QueueRow(
        key=row.key,
        number=row.number,
        title=row.title or UNNAMED_TITLE,
        unit=submitted.shown["unit"] if submitted else row.unit,
        side=SIDE_LABELS.get((submitted.shown["side"] if submitted else row.side) or "", ""),
        call=row.call_title,
        state=PROPOSAL.state(row.status),
        submitted_at=row.submitted_at,
        turn=max((row.version or 1) - 1, 0),
        late_days=row.late_days or 0,
        due_on=due_on,
        overdue_days=max((clock.today() - due_on).days, 0) if due_on else 0,
        drafting=row.drafter or "",
        drafted_at=row.drafted_at,
        mine=bool(row.mine),
        own_unit=bool(row.own_unit),
        mark=UNCONFIRMED if row.unconfirmed else "",
    )
