"""Lists of proposals: rows, counts by state, calls to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select

from lab import clock
from lab.calls.models import Call
from lab.calls.timing import accepts_until, latest
from lab.extensions import db
from lab.identity.models import SIDE_LABELS, Unit
from lab.policy import Actor
from lab.proposals.access import covers_states, takes_part, visible
from lab.proposals.deadlines import more_time
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.matching import terms
from lab.proposals.models import FormalityCheck, Proposal
from lab.proposals.progress import Next, what_next
from lab.proposals.queries_search import found_by
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
        chosen = select(Call.id).where(Call.key == args["call"]).scalar_subquery()
        parts.append(Proposal.call_id == chosen)
    if args.get("q", "").strip():
        asked = terms(args["q"])
        parts.append(found_by(actor, asked) if asked else false())
    return parts


# Columns, not objects: the texts of a proposal are long, and a list shows none of them.
_COLUMNS: tuple[Any, ...] = (
    *(Proposal.key, Proposal.number, Proposal.title, Proposal.side, Proposal.status),
    *(Proposal.submitted_at, Proposal.saved_at, Unit.name, Unit.side.label("unit_side")),
    *(Call.title.label("call_title"), Call.status.label("call_status")),
    *(Call.opens_at, Call.closes_at),
)


def _rows(actor: Actor, parts: list[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(
            *_COLUMNS,
            _due().label("due_on"),
            takes_part(actor).label("mine"),
            *more_time(),
        )
        .join(Unit, Unit.id == Proposal.unit_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(and_(*parts))
    )


def list_proposals(actor: Actor, args: Mapping[str, str], *, drafts: bool = True) -> Page:
    """A page of `Row` that the actor may open, last changed first.

    `args`: `status` (a code), `call` (a key), `q` (as in the search), cursors.
    """
    parts = _filters(actor, args, drafts=drafts)
    if args.get("status") in PROPOSAL.codes:
        parts.append(Proposal.status == args["status"])
    page = paginate(
        _rows(actor, parts),
        (Proposal.saved_at.desc(), Proposal.id.desc()),
        args,
        session=db.session(),
        size=PAGE_SIZE,
    )
    now = clock.now()
    return page.map(lambda found: _row(found, now))


@dataclass(frozen=True)
class _Timed:
    """What the clock asks of the call of a row."""

    status: str
    opens_at: datetime | None
    closes_at: datetime | None


def _row(found: Any, now: datetime) -> Row:
    call = _Timed(found.call_status, found.opens_at, found.closes_at)
    until = latest(call, found.extended_until, found.late_until)
    return Row(
        key=found.key,
        number=found.number,
        title=found.title or "未命名",
        unit=found.name,
        side=SIDE_LABELS[found.side or found.unit_side],
        call=found.call_title,
        state=PROPOSAL.state(found.status),
        next=what_next(found.status, accepts_until(call, until, now), until, found.due_on),
        submitted_at=found.submitted_at,
        saved_at=found.saved_at,
        mine=bool(found.mine),
    )


def count_by_state(
    actor: Actor, args: Mapping[str, str], *, drafts: bool = True
) -> tuple[Count, ...]:
    """How many proposals the list holds in each state, whatever state is chosen; one query."""
    found = dict(
        db.session.execute(
            select(Proposal.status, func.count())
            .where(and_(*_filters(actor, args, drafts=drafts)))
            .group_by(Proposal.status)
        ).all()
    )
    return tuple(Count(s, found[s.code]) for s in PROPOSAL.states if s.code in found)


def call_choices(actor: Actor) -> list[tuple[str, str]]:
    """(key, title) of the calls with proposals that the actor may open, newest first."""
    if covers_states(actor):  # a call is looked through up to the first such proposal only
        found: ColumnElement[bool] = exists().where(Proposal.call_id == Call.id, visible(actor))
    else:
        found = Call.id.in_(select(Proposal.call_id).where(visible(actor)))
    rows = db.session.execute(
        select(Call.key, Call.title).where(found).order_by(Call.year.desc(), Call.batch.desc())
    )
    return [(row.key, row.title) for row in rows]
