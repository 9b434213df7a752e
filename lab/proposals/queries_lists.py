"""Lists of proposals: rows, counts by state, calls to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select

from lab import clock
from lab.calls.models import Call
from lab.calls.timing import accepts_submissions
from lab.extensions import db
from lab.identity.models import SIDE_LABELS, Unit
from lab.policy import Actor
from lab.proposals.access import acts_in, takes_part, visible
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.models import FormalityCheck, Proposal
from lab.proposals.models_office import ProposalWithdrawal
from lab.proposals.progress import Next, time_words, what_next
from lab.proposals.withdrawal import WITHDRAWAL
from lab.web.pagination import Page, paginate
from lab.workflow import State

PAGE_SIZE = 30
NO_ARGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Row:
    """One line of a list. `mine`: the reader takes part in it; `turn`: whose turn it is, as said
    to the reader; `left`: how long until the next act is due, or overdue."""

    key: str
    number: str | None
    title: str
    titled: bool
    unit: str
    side: str
    call: str
    state: State
    next: Next
    submitted_at: datetime | None
    saved_at: datetime
    mine: bool
    turn: str
    left: str


@dataclass(frozen=True)
class Count:
    """How many proposals a list holds in one state."""

    state: State
    number: int


def _due() -> Any:
    """The last day of the newest return, as a column."""
    return (
        select(func.max(FormalityCheck.due_on))
        .where(
            FormalityCheck.proposal_id == Proposal.id,
            FormalityCheck.id
            == select(func.max(FormalityCheck.id))
            .where(FormalityCheck.proposal_id == Proposal.id)
            .correlate(Proposal)
            .scalar_subquery(),
        )
        .correlate(Proposal)
        .scalar_subquery()
    )


def _filters(actor: Actor, args: Mapping[str, str], *, drafts: bool) -> list[ColumnElement[bool]]:
    parts = [visible(actor)]
    if not drafts:
        parts.append(Proposal.status != PROPOSAL.initial)
    if args.get("call"):
        parts.append(Call.key == args["call"])
    if text := args.get("q", "").strip()[:50]:
        title = Proposal.title.contains(text, autoescape=True)
        parts.append(or_(title, Proposal.number.contains(text, autoescape=True)))
    return parts


def _asked() -> ColumnElement[bool]:
    """SQL condition: a request for withdrawal waits for the office."""
    return exists().where(
        ProposalWithdrawal.proposal_id == Proposal.id,
        ProposalWithdrawal.status == WITHDRAWAL.initial,
    )


def _rows(actor: Actor, parts: list[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(
            *(Proposal, Unit.name, Unit.side, Call, _due()),
            *(takes_part(actor), acts_in(actor), _asked()),
        )
        .join(Unit, Unit.id == Proposal.unit_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(and_(*parts))
    )


def _waiting(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: the next act is the actor's own. Agrees with `progress.what_next`."""
    now = clock.now()
    accepting = and_(
        Call.status.in_(("published", "open")), Call.opens_at <= now, Call.closes_at > now
    )
    returned = and_(Proposal.status == "returned", not_(_asked()))
    return and_(acts_in(actor), or_(returned, and_(Proposal.status == "draft", accepting)))


def waiting_for(actor: Actor, args: Mapping[str, str] = NO_ARGS) -> tuple[Row, ...]:
    """What waits for the actor to write or submit, the soonest due first.

    The start page and the top of the person's own list both show this.
    """
    parts = [*_filters(actor, args, drafts=True), *_of_state(args), _waiting(actor)]
    found = db.session.execute(_rows(actor, parts).order_by(Proposal.id))
    return tuple(sorted((_row(row) for row in found), key=_when))


def _when(row: Row) -> tuple[datetime, str]:
    until = row.next.until
    if until is None:
        return datetime.max.replace(tzinfo=UTC), row.key
    return (until if isinstance(until, datetime) else clock.end_of_day(until)), row.key


def _of_state(args: Mapping[str, str]) -> list[ColumnElement[bool]]:
    wanted = args.get("status")
    return [Proposal.status == wanted] if wanted in PROPOSAL.codes else []


def list_proposals(
    actor: Actor, args: Mapping[str, str], *, drafts: bool = True, apart: bool = False
) -> Page:
    """A page of `Row` that the actor may open, last changed first; `apart` leaves out what
    `waiting_for` gives.

    `args`: `status` (a code), `call` (a key), `q` (part of title or number), cursors.
    """
    parts = [*_filters(actor, args, drafts=drafts), *_of_state(args)]
    if apart:
        parts.append(not_(_waiting(actor)))
    page = paginate(
        _rows(actor, parts),
        (Proposal.saved_at.desc(), Proposal.id.desc()),
        args,
        session=db.session(),
        size=PAGE_SIZE,
    )
    return page.map(_row)


def _row(found: Any) -> Row:
    proposal, unit, side, call, due_on, mine, acts, asked = found
    now = clock.now()
    following = what_next(
        proposal.status,
        accepts_submissions(call, now),
        call.closes_at,
        due_on,
        now=now,
        withdrawing=bool(asked),
    )
    return Row(
        key=proposal.key,
        number=proposal.number,
        title=proposal.title or "未命名",
        titled=bool(proposal.title),
        unit=unit,
        side=SIDE_LABELS[proposal.side or side],
        call=call.title,
        state=PROPOSAL.state(proposal.status),
        next=following,
        submitted_at=proposal.submitted_at,
        saved_at=proposal.saved_at,
        mine=bool(mine),
        turn=following.turn_for(bool(acts)),
        left=time_words(following.until, now),
    )


def count_by_state(
    actor: Actor, args: Mapping[str, str], *, drafts: bool = True
) -> tuple[Count, ...]:
    """How many proposals the list holds in each state, whatever state is chosen; one query."""
    found = dict(
        db.session.execute(
            select(Proposal.status, func.count())
            .join(Call, Call.id == Proposal.call_id)
            .where(and_(*_filters(actor, args, drafts=drafts)))
            .group_by(Proposal.status)
        ).all()
    )
    return tuple(Count(s, found[s.code]) for s in PROPOSAL.states if s.code in found)


def call_choices(actor: Actor) -> list[tuple[str, str]]:
    """(key, title) of the calls with proposals that the actor may open, newest first."""
    rows = db.session.execute(
        select(Call.key, Call.title)
        .where(Call.id.in_(select(Proposal.call_id).where(visible(actor))))
        .order_by(Call.year.desc(), Call.batch.desc())
    )
    return [(row.key, row.title) for row in rows]
