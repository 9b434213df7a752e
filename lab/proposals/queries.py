"""Reads of proposals."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lab import clock
from lab.calls.models import Call
from lab.calls.timing import accepts_submissions
from lab.extensions import db
from lab.identity.models import SIDE_LABELS, Person, Unit
from lab.policy import Actor
from lab.proposals import checklist
from lab.proposals.access import takes_part, visible
from lab.proposals.checklist import Mark
from lab.proposals.content import Content, read
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.models import FormalityCheck, Proposal, ProposalVersion
from lab.proposals.progress import Next, what_next
from lab.proposals.service import latest_version
from lab.web.pagination import Page, paginate
from lab.workflow import State

__all__ = ["latest_version"]  # and everything below
PAGE_SIZE = 30


# -- lists -------------------------------------------------------------------------------------


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


# -- one proposal ------------------------------------------------------------------------------


@dataclass(frozen=True)
class VersionRow:
    """One submitted version in the list of versions."""

    number: int
    fingerprint: str
    submitted_at: datetime
    submitted_by: str


def versions(proposal_id: int) -> tuple[VersionRow, ...]:
    """The submitted versions, newest first."""
    rows = db.session.execute(
        select(
            ProposalVersion.number,
            ProposalVersion.fingerprint,
            ProposalVersion.submitted_at,
            Person.name,
        )
        .join(Person, Person.id == ProposalVersion.submitted_by_id)
        .where(ProposalVersion.proposal_id == proposal_id)
        .order_by(ProposalVersion.number.desc())
    )
    return tuple(VersionRow(*row) for row in rows)


@dataclass(frozen=True)
class CheckRow:
    """One formality check as shown: outcome in words, marks with their labels."""

    outcome: str
    label: str
    reason: str
    due_on: date | None
    version: int
    checked_at: datetime
    checked_by: str
    marks: tuple[tuple[str, Mark], ...]

    @property
    def failed(self) -> tuple[tuple[str, Mark], ...]:
        """The items found 不合格."""
        return tuple(pair for pair in self.marks if pair[1].result == checklist.FAIL)


def checks(proposal_id: int) -> tuple[CheckRow, ...]:
    """The formality checks, newest first."""
    rows = db.session.execute(
        select(FormalityCheck, Person.name)
        .join(Person, Person.id == FormalityCheck.checked_by_id)
        .where(FormalityCheck.proposal_id == proposal_id)
        .order_by(FormalityCheck.id.desc())
    )
    return tuple(_check(row, name) for row, name in rows)


def _check(row: FormalityCheck, checker: str) -> CheckRow:
    marks = [Mark(**plain) for plain in json.loads(row.checklist)]
    return CheckRow(
        outcome=row.outcome,
        label=checklist.OUTCOMES[row.outcome],
        reason=row.reason,
        due_on=row.due_on,
        version=row.version_number,
        checked_at=row.checked_at,
        checked_by=checker,
        marks=tuple((checklist.LABELS[mark.code], mark) for mark in marks),
    )


# -- for reviewers -----------------------------------------------------------------------------


def reviewer_view(proposal_id: int, version: int) -> Content:
    """What a reviewer sees of a submitted version; reads no column that holds anything else.

    Raises NoResultFound when there is no such version.
    """
    text = db.session.execute(
        select(ProposalVersion.content).where(
            ProposalVersion.proposal_id == proposal_id, ProposalVersion.number == version
        )
    ).scalar_one()
    return read(json.loads(text))


def latest_versions(proposal_ids: Collection[int]) -> dict[int, int]:
    """Newest submitted version of each of these proposals, in one query."""
    rows = db.session.execute(
        select(ProposalVersion.proposal_id, func.max(ProposalVersion.number))
        .where(ProposalVersion.proposal_id.in_(proposal_ids))
        .group_by(ProposalVersion.proposal_id)
    )
    return {row[0]: row[1] for row in rows}
