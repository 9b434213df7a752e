"""Projects in any state: approved by a decision, at work, with figures handed in or approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.db import transition
from lab.decisions.models import Decision, DecisionItem
from lab.decisions.signals import decision_approved, decision_published
from lab.extensions import db
from lab.indicators.approval import service as approval
from lab.indicators.approval import service_correction
from lab.indicators.core import entry_periods
from lab.indicators.entry import service as indicators
from lab.indicators.entry.service import Cell
from lab.indicators.models import Entry
from lab.portfolio.models.project import Project
from lab.portfolio.status import service as project_status
from lab.proposals.models.proposal import Proposal
from lab.web.request.selection import SelectedRow
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import submitted_proposal
from tests.support.cast import Cast

APPROVED_ON = datetime(2022, 7, 1, 2, tzinfo=UTC)
STARTED_ON = date(2022, 7, 4)
SEPTEMBER, OCTOBER = date(2022, 9, 30), date(2022, 10, 31)


def at(year: int, month: int, day: int) -> Any:
    """The clock stopped at ten in the morning of a Beijing day."""
    return clock.freeze(datetime(year, month, day, 2, tzinfo=UTC))


def decide(cast: Cast, call: Call, marks: Sequence[tuple[Proposal, str]]) -> Decision:
    """A decision of the leading group with these marks in this order."""
    decision = Decision(
        call_id=call.id,
        ranking_number=1,
        items=[
            DecisionItem(proposal_id=proposal.id, position=place, mark=mark)
            for place, (proposal, mark) in enumerate(marks, start=1)
        ],
    )
    decision.begin()
    db.session.add(decision)
    transition(decision, "submit", proposed_by_id=cast.office, proposed_at=clock.now())
    transition(decision, "approve", decided_by_id=cast.leading, decided_at=clock.now())
    db.session.flush()
    decision_approved.send(None, decision=decision)
    audit.record("decision.approve", decision)
    db.session.commit()
    return decision


def publish(decision: Decision) -> None:
    """Announce the result, so that teams see their projects."""
    transition(
        decision,
        "publish",
        published_at=clock.now(),
        notice_starts_on=clock.today(),
        notice_ends_on=clock.today() + timedelta(days=7),
    )
    decision_published.send(None, decision=decision)
    audit.record("decision.publish", decision)
    db.session.commit()


def approved_projects(cast: Cast, count: int = 1, *, published: bool = True) -> list[Project]:
    """Projects of one decision, approved on 1 July 2022: led by `leader`, with `member`."""
    with clock.freeze(APPROVED_ON):
        call = open_call(cast)
        proposals = [
            submitted_proposal(cast, call, title=f"【演示】试点项目{place}")
            for place in range(1, count + 1)
        ]
        decision = decide(cast, call, [(proposal, "proposed") for proposal in proposals])
        if published:
            publish(decision)
    found = select(Project).where(Project.call_id == call.id).order_by(Project.number)
    return list(db.session.scalars(found))


def running_project(cast: Cast) -> Project:
    """A project at work since 4 July 2022: targets 1200 wallets (K01) and 30 merchants (K06)
    by the end of the year; milestones on 30 August and 28 November."""
    project = approved_projects(cast)[0]
    with at(2022, 7, 4):
        start(cast, project)
    return project


def start(cast: Cast, project: Project) -> None:
    """Sign the charter and begin the work today."""
    project_status.sign_charter(project, cast.leader)
    db.session.commit()
    project_status.start_project(project, clock.today())
    db.session.commit()


def cells(values: Mapping[str, int | str | Decimal], note: str = "") -> list[Cell]:
    """Typed figures by indicator."""
    return [Cell(code, value=Decimal(value), note=note) for code, value in values.items()]


def hand_in(
    cast: Cast, project: Project, end: date, values: Mapping[str, Any], ticked: Sequence[str] = ()
) -> list[Entry]:
    """Figures that `member` typed and handed in."""
    version = entry_periods.version_of(project.id, end)
    note = "已与后台核对。" if ticked else ""
    typed = cells(values, note)
    indicators.submit_figures(project, end, version, typed, frozenset(ticked), cast.member)
    db.session.commit()
    return entries(project, end)


def entries(project: Project, end: date, status: str | None = None) -> list[Entry]:
    """The entries of a period, by indicator and revision."""
    query = select(Entry).where(Entry.project_id == project.id, Entry.period_end == end)
    if status:
        query = query.where(Entry.status == status)
    return list(db.session.scalars(query.order_by(Entry.indicator, Entry.revision)))


def picked(found: Sequence[Entry]) -> list[SelectedRow]:
    """Entries as a page ticks them."""
    return [SelectedRow(entry.key, entry.version) for entry in found]


def confirm(cast: Cast, project: Project, end: date) -> None:
    """`leader` confirms all that was handed in for a period."""
    approval.confirm_entries(project, picked(entries(project, end, "submitted")), cast.leader)
    db.session.commit()


def approve(cast: Cast, project: Project, end: date) -> None:
    """`office` approves all that was confirmed for a period."""
    approval.approve_entries(project, picked(entries(project, end, "confirmed")), cast.office)
    db.session.commit()


def approved_figures(
    cast: Cast, project: Project, end: date, values: Mapping[str, Any], ticked: Sequence[str] = ()
) -> list[Entry]:
    """Figures that went the whole way."""
    hand_in(cast, project, end, values, ticked)
    confirm(cast, project, end)
    approve(cast, project, end)
    return entries(project, end)


def ask_correction(
    cast: Cast, project: Project, code: str, end: date, value: Any, **more: Any
) -> Entry:
    """A correction of an approved figure that a member of the team handed in."""
    old = next(entry for entry in entries(project, end, "approved") if entry.indicator == code)
    fresh = service_correction.submit_correction(
        project,
        old,
        old.version,
        value=None if value is None else Decimal(value),
        reason="重新核对",
        person_id=cast.member,
        **more,
    )
    db.session.commit()
    return fresh


def settle(cast: Cast, project: Project, found: Sequence[Entry]) -> None:
    """The leader confirms and the office approves."""
    approval.confirm_entries(project, picked(found), cast.leader)
    db.session.commit()
    approval.approve_entries(project, picked(found), cast.office)
    db.session.commit()
