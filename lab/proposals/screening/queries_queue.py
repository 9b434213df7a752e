"""Queries for the check queue: its rows, a clerk's position, and the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from lab import clock
from lab.calls.core.queries import batch_label
from lab.calls.models.call import Call
from lab.db.tallies import StateTally, of_kind
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Person, Unit
from lab.policy import Actor
from lab.proposals.core.visibility.relations import is_participant
from lab.proposals.core.visibility.titles import SubmittedContent, shown_title
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import FormalityCheck, Proposal, ProposalVersion
from lab.proposals.pages.queries import submitted_versions
from lab.proposals.pages.queries_conditions import filter_condition, is_unconfirmed
from lab.proposals.rules.confirmation import UNCONFIRMED
from lab.proposals.rules.form.schema import UNNAMED_TITLE
from lab.proposals.rules.lifecycle import PROPOSAL, ProposalStatus
from lab.web.pages.pagination import Page, paginate, rows_beyond
from lab.workflow import State

PAGE_SIZE = 30

# -- the queue ---------------------------------------------------------------------------------


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
_ORDER = (Proposal.queue_rank, Proposal.submitted_at, Proposal.id)


def _own_unit(actor: Actor) -> ColumnElement[bool]:
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
        and_(Proposal.status == ProposalStatus.SUBMITTED, _own_unit(actor)).label("own_unit"),
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
    order = _ORDER if waiting else (Proposal.saved_at.desc(), Proposal.id.desc())
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


# -- one by one --------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueProgress:
    """How far the office is with the checks of one batch.

    `done` checks of the batch that the office recorded today, Beijing time, without those taken
    back; `waiting` proposals of it, `elsewhere` those of other batches that wait for a check;
    `more`: another one is offered to this clerk.
    """

    batch: str
    done: int
    waiting: int
    elsewhere: int
    more: bool

    @property
    def text(self) -> str:
        """Text: 本日已办6份，待办17份; the batch is named while others wait as well."""
        counts = f"本日已办{self.done}份，待办{self.waiting}份"
        if not self.elsewhere:
            return counts
        return f"{self.batch}{counts}，其他批次待办{self.elsewhere}份"


def _offered_condition(actor: Actor, call_key: str) -> ColumnElement[bool]:
    """Return what the portal offers a clerk: nothing of their own or of their unit."""
    filters = filter_condition(actor, {"call": call_key}, drafts=False)
    own = or_(is_participant(actor), _own_unit(actor))
    return and_(filters, Proposal.status == ProposalStatus.SUBMITTED, not_(own))


def _after(current: Proposal) -> ColumnElement[bool]:
    """Return the SQL condition: behind `current` in the queue."""
    condition: ColumnElement[bool] = rows_beyond(
        _ORDER, [getattr(current, key.key) for key in _ORDER]
    )
    return condition


def queue_progress(actor: Actor, proposal: Proposal, call_key: str) -> QueueProgress:
    """Return the office's progress in the proposal's batch.

    `call_key` names the queue from which the clerk is offered more, "" for that of all batches.
    """
    call = proposal.call
    midnight = clock.from_beijing(datetime.combine(clock.today(), time.min))
    done = (
        select(func.count(FormalityCheck.id))
        .join(Proposal, Proposal.id == FormalityCheck.proposal_id)
        .where(
            FormalityCheck.checked_at >= midnight,
            FormalityCheck.recalled_at.is_(None),
            # The sum keeps the planner from going through all checks of the batch: few are today's.
            Proposal.call_id + 0 == call.id,
        )
    )
    more = select(Proposal.id).where(
        _offered_condition(actor, call_key), Proposal.id != proposal.id
    )
    waiting = select(func.coalesce(func.sum(StateTally.number), 0)).where(
        of_kind(Proposal), StateTally.status == ProposalStatus.SUBMITTED
    )
    query = select(
        done.scalar_subquery(),
        waiting.scalar_subquery(),
        waiting.where(StateTally.scope_id == call.id).scalar_subquery(),
        more.exists(),
    )
    recorded, everywhere, of_call, offered = db.session.execute(query).one()
    label = batch_label(call.year, call.batch)
    return QueueProgress(label, recorded, of_call, everywhere - of_call, bool(offered))


def next_key(actor: Actor, past: Proposal | None, call_key: str) -> str | None:
    """Return the key of the proposal to check after `past`, starting over after the last one.

    None when nothing else waits.
    """
    query = (
        select(Proposal.key).where(_offered_condition(actor, call_key)).order_by(*_ORDER).limit(1)
    )
    if past is None:
        return _key(query)
    return _key(query.where(_after(past))) or _key(query.where(Proposal.id != past.id))


def _key(query: Any) -> str | None:
    key: str | None = db.session.scalar(query)
    return key
