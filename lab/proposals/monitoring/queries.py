"""Queries for the office's overview of a call: figures from indexes, never the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, or_, select
from sqlalchemy.orm import aliased

from lab import clock
from lab.calls.core.deadlines import extension_deadline
from lab.calls.models.call import Call
from lab.calls.rules.timing import effective_deadline, is_within_deadline
from lab.db.days import beijing_day
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Person, RoleGrant, Unit
from lab.policy import APPLICANT
from lab.proposals.core.counts import numbers_of_calls
from lab.proposals.models.proposal import Proposal
from lab.proposals.monitoring.queries_reminders import reminded_today
from lab.proposals.monitoring.unit_corrections import unit_corrections
from lab.proposals.rules.lifecycle import WRITING, ProposalStatus
from lab.proposals.rules.overview import CallTotals, DayRow, ReminderInfo, UnitRow, days
from lab.proposals.writing.missing_count import NEARLY_COMPLETE
from lab.web.pages.pagination import Page, paginate

UNCOUNTED_SORT_KEY = 999  # sorts behind every draft that was counted
_DRAFT = Proposal.status == ProposalStatus.DRAFT
_NEARLY = case((_DRAFT & (Proposal.missing_count <= NEARLY_COMPLETE), 1), else_=0)


def call_totals(call: Call) -> CallTotals:
    """Return the headline figures."""
    nearly = select(func.count()).where(
        Proposal.call_id == call.id, _DRAFT, Proposal.missing_count <= NEARLY_COMPLETE
    )
    by_state = numbers_of_calls([call.id])[call.id]
    return CallTotals(by_state[ProposalStatus.DRAFT], db.session.scalar(nearly) or 0, by_state)


# -- by unit -----------------------------------------------------------------------------------


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _led_counts(call: Call) -> Subquery:
    """Count per unit the proposals it leads; withdrawn ones do not count."""
    return (
        select(
            Proposal.unit_id,
            _sum(_DRAFT).label("drafts"),
            func.sum(_NEARLY).label("nearly"),
            _sum(Proposal.status == ProposalStatus.RETURNED).label("returned"),
            _sum(Proposal.status.not_in(WRITING)).label("submitted"),
            func.max(Proposal.saved_at).label("saved_at"),
        )
        .where(Proposal.call_id == call.id, Proposal.status != ProposalStatus.WITHDRAWN)
        .group_by(Proposal.unit_id)
        .subquery()
    )


def _joint_counts(call: Call) -> Subquery:
    """Count per unit the joint proposals that another unit leads."""
    return (
        select(Proposal.joint_unit_id.label("unit_id"), func.count().label("number"))
        .where(
            Proposal.call_id == call.id,
            Proposal.status != ProposalStatus.WITHDRAWN,
            Proposal.joint_unit_id.is_not(None),
        )
        .group_by(Proposal.joint_unit_id)
        .subquery()
    )


def applicants() -> Select[Any]:
    """Return (unit id, person id) of every enabled applicant."""
    columns: tuple[Any, ...] = (Person.unit_id, Person.id)
    return (
        select(*columns)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == APPLICANT, Person.disabled_at.is_(None))
    )


def _staff_counts() -> Subquery:
    inner = applicants().subquery()
    return (
        select(inner.c.unit_id, func.count().label("number")).group_by(inner.c.unit_id).subquery()
    )


def unit_rows(call: Call) -> tuple[UnitRow, ...]:
    """Return every unit in use, and any other with a proposal of the call, by side and name.

    One query for the figures, one for today's reminders.
    """
    led, joined, staffed = _led_counts(call), _joint_counts(call), _staff_counts()
    reminded, now = reminded_today(call), clock.now()
    rows = db.session.execute(
        select(
            *(Unit.id, Unit.key, Unit.name, Unit.side),
            func.coalesce(staffed.c.number, 0).label("people"),
            *(
                func.coalesce(led.c[name], 0).label(name)
                for name in ("drafts", "nearly", "submitted", "returned")
            ),
            func.coalesce(joined.c.number, 0).label("partner"),
            led.c.saved_at,
            extension_deadline(call.id, Unit.id).label("extended"),
        )
        .outerjoin(led, led.c.unit_id == Unit.id)
        .outerjoin(joined, joined.c.unit_id == Unit.id)
        .outerjoin(staffed, staffed.c.unit_id == Unit.id)
        .where(or_(Unit.active, led.c.unit_id.is_not(None), joined.c.unit_id.is_not(None)))
        .order_by(Unit.side.desc(), Unit.name, Unit.id)
    ).mappings()
    corrected = unit_corrections(call)
    return tuple(
        _unit(_restated(row, corrected), reminded.get(row["id"]), call, now) for row in rows
    )


def _restated(row: Mapping[Any, Any], corrected: Counter[tuple[int, str]]) -> dict[str, Any]:
    """Return the counts as submitted; the applying unit may be under correction."""
    plain = {str(name): value for name, value in row.items()}
    for name in ("submitted", "returned", "partner"):
        plain[name] += corrected[row["id"], name]
    return plain


def _unit(
    plain: dict[str, Any], reminded: ReminderInfo | None, call: Call, now: datetime
) -> UnitRow:
    deadline = effective_deadline(call, plain.pop("extended"))
    return UnitRow(
        **{**plain, "side": SIDE_LABELS[plain["side"]]},
        reminded=reminded,
        until=deadline,
        accepting=is_within_deadline(call, deadline, now),
    )


# -- by day ------------------------------------------------------------------------------------


def submissions_by_day(call: Call) -> tuple[DayRow, ...]:
    """Return first submissions by Beijing day; resubmissions do not count."""
    day = beijing_day(Proposal.first_submitted_at)
    rows = db.session.execute(
        select(day, func.count())
        .where(Proposal.call_id == call.id, Proposal.first_submitted_at.is_not(None))
        .group_by(day)
        .order_by(day)
    )
    return days([(row[0], row[1]) for row in rows])


# -- drafts ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DraftRow:
    """Everything the office sees of a draft. `missing_count`: None while not counted."""

    unit: str
    side: str
    owner: str
    leader: str | None
    saved_at: datetime
    missing_count: int | None

    @property
    def nearly(self) -> bool:
        """Whether hardly anything is missing."""
        return self.missing_count is not None and self.missing_count <= NEARLY_COMPLETE


def list_drafts(call: Call, args: Mapping[str, str]) -> Page:
    """Return a page of DraftRow, the most complete first; `args`: `unit` (a key), cursors."""
    # Chosen and counted from the index; the wide rows are read for one page only.
    query = select(Proposal.id).where(Proposal.call_id == call.id, _DRAFT)
    if args.get("unit"):
        unit_id = select(Unit.id).where(Unit.key == args["unit"]).scalar_subquery()
        query = query.where(Proposal.unit_id == unit_id)
    keys = (func.coalesce(Proposal.missing_count, UNCOUNTED_SORT_KEY), Proposal.id)
    page = paginate(query, keys, args, session=db.session(), size=50, count=True)
    rows = _draft_rows(page.items)
    return page.map(lambda number: rows[number])


def _draft_rows(numbers: Sequence[int]) -> dict[int, DraftRow]:
    owner, leader = aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (
        *(Proposal.id, Unit.name, Unit.side, owner.name, leader.name),
        *(Proposal.saved_at, Proposal.missing_count),
    )
    result = db.session.execute(
        select(*columns)
        .select_from(Proposal)
        .join(Unit, Unit.id == Proposal.unit_id)
        .join(owner, owner.id == Proposal.owner_id)
        .outerjoin(leader, leader.id == Proposal.leader_id)
        .where(Proposal.id.in_(numbers))
    )
    return {row[0]: DraftRow(row[1], SIDE_LABELS[row[2]], *row[3:]) for row in result}
