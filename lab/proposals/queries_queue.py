"""Reads for the queue of formality checks: its rows, where a clerk stands in it, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select

from lab import clock
from lab.calls.models import Call
from lab.clock import BEIJING
from lab.extensions import db
from lab.identity.models import SIDE_LABELS, Person, Unit
from lab.policy import Actor
from lab.proposals.access import takes_part
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.models import FormalityCheck, Proposal, ProposalVersion
from lab.proposals.models_checks import CheckDraft
from lab.proposals.queries_check import Submission
from lab.proposals.queries_lists import matching
from lab.web.pagination import Page, paginate
from lab.workflow import State

PAGE_SIZE = 30
WAITING = "submitted"

# -- the queue ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue. `turn`: 0 for a first submission, 1 for the first correction …;
    `overdue_days`: how long a return is overdue that has not come back; `drafting`: who has begun
    a check, "" for nobody; `mine`, `own_unit`: the reader takes part in it, its unit applies.
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

    @property
    def turn_words(self) -> str:
        """首次, 补正第1次 …"""
        return f"补正第{self.turn}次" if self.turn else "首次"


def _newest(column: Any) -> Any:
    """The highest `column` among rows of the same proposal, for joins to the newest row."""
    table = column.class_
    own = select(func.max(column)).where(table.proposal_id == Proposal.id)
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
_RANK = case(
    (ProposalVersion.late_days > 0, 0), (func.coalesce(ProposalVersion.number, 1) > 1, 1), else_=2
)
_ORDER = (_RANK, Proposal.submitted_at, Proposal.id)


def _own_unit(actor: Actor) -> ColumnElement[bool]:
    return or_(
        Proposal.unit_id == (actor.unit_id or 0),
        func.coalesce(Proposal.joint_unit_id, 0) == (actor.unit_id or -1),
    )


def queue(actor: Actor, args: Mapping[str, str]) -> Page:
    """A page of QueueRow. What waits for a check stands in the order in which it is to be done,
    other states by their last change. `args` as for `queries_lists.list_proposals`."""
    columns = select(
        Proposal,
        Unit.name,
        Call.title,
        ProposalVersion.number,
        ProposalVersion.late_days,
        FormalityCheck.due_on,
        Person.name,
        CheckDraft.saved_at,
        takes_part(actor),
        _own_unit(actor),
    )
    query = (
        _with_version(columns.join(Unit, Unit.id == Proposal.unit_id))
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(FormalityCheck, FormalityCheck.id == _newest(FormalityCheck.id))
        .outerjoin(
            CheckDraft,
            and_(
                CheckDraft.proposal_id == Proposal.id,
                CheckDraft.submission == ProposalVersion.number,
                Proposal.status == WAITING,
            ),
        )
        .outerjoin(Person, Person.id == CheckDraft.person_id)
        .where(matching(actor, args))
    )
    if args.get("status") in PROPOSAL.codes:
        query = query.where(Proposal.status == args["status"])
    waiting = args.get("status") == WAITING
    order = _ORDER if waiting else (Proposal.saved_at.desc(), Proposal.id.desc())
    return paginate(query, order, args, session=db.session(), size=PAGE_SIZE).map(_row)


def _row(found: Any) -> QueueRow:
    proposal, unit, call, version, late, due_on, drafter, drafted_at, mine, own_unit = found
    due_on = due_on if proposal.status == "returned" else None
    return QueueRow(
        key=proposal.key,
        number=proposal.number,
        title=proposal.title or "未命名",
        unit=unit,
        side=SIDE_LABELS.get(proposal.side or "", ""),
        call=call,
        state=PROPOSAL.state(proposal.status),
        submitted_at=proposal.submitted_at,
        turn=max((version or 1) - 1, 0),
        late_days=late or 0,
        due_on=due_on,
        overdue_days=max((clock.today() - due_on).days, 0) if due_on else 0,
        drafting=drafter or "",
        drafted_at=drafted_at,
        mine=bool(mine),
        own_unit=bool(own_unit),
    )


# -- one by one --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a clerk stands: `done` checks recorded today, `before` in the queue before this one,
    `waiting` in all, this one included."""

    done: int
    before: int
    waiting: int

    @property
    def words(self) -> str:
        """第3份，共20份."""
        return f"第{self.done + self.before + 1}份，共{self.done + self.waiting}份"


def _offered(actor: Actor, call_key: str) -> ColumnElement[bool]:
    """What the portal offers a clerk: nothing of one's own, nothing of one's own unit."""
    asked = matching(actor, {"call": call_key})
    own = or_(takes_part(actor), _own_unit(actor))
    return and_(asked, Proposal.status == WAITING, not_(own))


def _anchor(proposal: Proposal) -> Any:
    keys: list[Any] = [key.label(f"at_{place}") for place, key in enumerate(_ORDER)]
    query = _with_version(select(*keys).select_from(Proposal))
    return db.session.execute(query.where(Proposal.id == proposal.id)).one()


def _after(here: Any) -> ColumnElement[bool]:
    rank, at, number = here
    same = and_(rank == _RANK, Proposal.submitted_at == at)
    return or_(
        rank < _RANK,
        and_(rank == _RANK, Proposal.submitted_at > at),
        and_(same, Proposal.id > number),
    )


def place(actor: Actor, proposal: Proposal, sent: Submission, call_key: str) -> Place:
    """Where the clerk stands with this submission, in the queue of one call or of all ("")."""
    midnight = datetime.combine(clock.today(), time.min, BEIJING)
    done = select(func.count(FormalityCheck.id)).where(
        FormalityCheck.checked_by_id == actor.id, FormalityCheck.checked_at >= midnight
    )
    rank = 0 if sent.known.late_days else 1 if sent.number > 1 else 2
    later = case((_after((rank, proposal.submitted_at, proposal.id)), 1), else_=0)
    here = case((Proposal.id == proposal.id, 1), else_=0)
    columns = select(
        done.scalar_subquery(), func.count(), func.sum(later), func.sum(here)
    ).select_from(Proposal)
    query = _with_version(columns).join(Call, Call.id == Proposal.call_id)
    recorded, waiting, behind, itself = db.session.execute(
        query.where(_offered(actor, call_key))
    ).one()
    # Opened though it is not offered (one's own unit): it counts as one more.
    own = 1 - (itself or 0)
    return Place(recorded, waiting - (behind or 0) - (itself or 0), waiting + own)


def next_key(actor: Actor, past: Proposal | None, call_key: str) -> str | None:
    """The key of the proposal to check after `past`, begun anew after the last one; None when
    nothing else waits."""
    query = _with_version(select(Proposal.key).join(Call, Call.id == Proposal.call_id))
    query = query.where(_offered(actor, call_key)).order_by(*_ORDER).limit(1)
    if past is None:
        return _key(query)
    return _key(query.where(_after(_anchor(past)))) or _key(query.where(Proposal.id != past.id))


def _key(query: Any) -> str | None:
    found: str | None = db.session.scalar(query)
    return found
