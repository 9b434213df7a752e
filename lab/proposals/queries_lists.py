"""Lists of proposals: rows, counts by state, calls to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lab import clock
from lab.calls.models import Call
from lab.calls.timing import accepts_submissions
from lab.extensions import db
from lab.identity.models import SIDE_LABELS, Unit
from lab.policy import Actor
from lab.proposals.access import takes_part, visible
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.models import FormalityCheck, Proposal
from lab.proposals.progress import Next, what_next
from lab.web.pagination import Page, paginate
from lab.workflow import State

PAGE_SIZE = 30


@dataclass(frozen=True)
class Row:
    """One line of a list. `mine`: the reader takes part in it."""

    key: str
    number: str | None
    title: str
    unit: str
    side: str
    call: str
    state: State
    next: Next
    submitted_at: datetime | None
    saved_at: datetime
    mine: bool


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


def wanted(
    actor: Actor, args: Mapping[str, str], *, drafts: bool = True
) -> list[ColumnElement[bool]]:
    """SQL conditions of a list as filtered: what it shows, its counts and its export agree."""
    parts = _filters(actor, args, drafts=drafts)
    if args.get("status") in PROPOSAL.codes:
        parts.append(Proposal.status == args["status"])
    return parts


def _rows(actor: Actor, parts: list[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(Proposal, Unit.name, Unit.side, Call, _due(), takes_part(actor))
        .join(Unit, Unit.id == Proposal.unit_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(and_(*parts))
    )


def list_proposals(actor: Actor, args: Mapping[str, str], *, drafts: bool = True) -> Page:
    """A page of `Row` that the actor may open, last changed first.

    `args`: `status` (a code), `call` (a key), `q` (part of title or number), cursors.
    """
    page = paginate(
        _rows(actor, wanted(actor, args, drafts=drafts)),
        (Proposal.saved_at.desc(), Proposal.id.desc()),
        args,
        session=db.session(),
        size=PAGE_SIZE,
    )
    return page.map(_row)


def _row(found: Any) -> Row:
    proposal, unit, side, call, due_on, mine = found
    now = clock.now()
    return Row(
        key=proposal.key,
        number=proposal.number,
        title=proposal.title or "未命名",
        unit=unit,
        side=SIDE_LABELS[proposal.side or side],
        call=call.title,
        state=PROPOSAL.state(proposal.status),
        next=what_next(proposal.status, accepts_submissions(call, now), call.closes_at, due_on),
        submitted_at=proposal.submitted_at,
        saved_at=proposal.saved_at,
        mine=bool(mine),
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
