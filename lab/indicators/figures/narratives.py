"""Submitted narratives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lab.extensions import db
from lab.identity.models.account import Person
from lab.indicators.models import ProgressReport
from lab.portfolio.models.project import Project


@dataclass(frozen=True)
class Narrative:
    """The narrative of one month of one project."""

    period_end: date
    done: str
    problems: str
    asks: str
    next_plan: str
    written_by: str
    submitted_at: datetime
    confirmed_at: datetime | None


def narratives_of(
    project_id: int, limit: int = 12, *, confirmed_only: bool = False
) -> tuple[Narrative, ...]:
    """Return the submitted narratives, newest first.

    Only those confirmed by the team's leader with `confirmed_only`, as the other tiers read them.
    """
    shown = ProgressReport.confirmed_at if confirmed_only else ProgressReport.submitted_at
    rows = db.session.execute(
        select(
            ProgressReport.period_end,
            ProgressReport.done,
            ProgressReport.problems,
            ProgressReport.asks,
            ProgressReport.next_plan,
            Person.name.label("written_by"),
            ProgressReport.submitted_at,
            ProgressReport.confirmed_at,
        )
        .join(Person, Person.id == ProgressReport.written_by_id)
        .where(ProgressReport.project_id == project_id, shown.is_not(None))
        .order_by(ProgressReport.period_end.desc())
        .limit(limit)
    )
    return tuple(Narrative(**row._mapping) for row in rows)


@dataclass(frozen=True)
class PendingNarrative:
    """A narrative that awaits the team's leader, and since when."""

    key: str
    name: str
    end: date
    since: datetime


def pending_narratives(projects: Any) -> tuple[PendingNarrative, ...]:
    """Return the submitted, unconfirmed narratives of these projects, oldest first.

    `projects` is a query of ids.
    """
    rows = db.session.execute(
        select(
            Project.key,
            Project.name,
            ProgressReport.period_end.label("end"),
            ProgressReport.submitted_at.label("since"),
        )
        .join(Project, Project.id == ProgressReport.project_id)
        .where(
            ProgressReport.project_id.in_(projects),
            ProgressReport.submitted_at.is_not(None),
            ProgressReport.confirmed_at.is_(None),
        )
        .order_by(ProgressReport.submitted_at, Project.id)
    )
    return tuple(PendingNarrative(**row._mapping) for row in rows)


@dataclass(frozen=True)
class NarrativeExcerpt:
    """What a team wrote about the month that ended on `end`, as documents quote it."""

    end: date
    problems: str
    asks: str


def confirmed_narratives(project_ids: Sequence[int], cutoff: date) -> dict[int, NarrativeExcerpt]:
    """Return each project's newest confirmed narrative of a month ended by `cutoff`.

    For documents.
    """
    table = ProgressReport
    rows = db.session.execute(
        select(table.project_id, table.period_end, table.problems, table.asks)
        .where(
            ProgressReport.project_id.in_(project_ids),
            ProgressReport.period_end <= cutoff,
            ProgressReport.confirmed_at.is_not(None),
        )
        .order_by(ProgressReport.period_end)
    )
    return {
        row.project_id: NarrativeExcerpt(row.period_end, row.problems, row.asks) for row in rows
    }
