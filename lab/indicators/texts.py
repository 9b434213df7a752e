"""Months in words, as handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lab.extensions import db
from lab.identity.models import Person
from lab.indicators.models import ProgressReport


@dataclass(frozen=True)
class MonthText:
    """One month of one project in words."""

    period_end: date
    done: str
    problems: str
    asks: str
    next_plan: str
    written_by: str
    submitted_at: datetime


def month_texts(project_id: int, limit: int = 12) -> tuple[MonthText, ...]:
    """The months handed in, newest first."""
    found = db.session.execute(
        select(
            ProgressReport.period_end,
            ProgressReport.done,
            ProgressReport.problems,
            ProgressReport.asks,
            ProgressReport.next_plan,
            Person.name.label("written_by"),
            ProgressReport.submitted_at,
        )
        .join(Person, Person.id == ProgressReport.written_by_id)
        .where(ProgressReport.project_id == project_id, ProgressReport.submitted_at.is_not(None))
        .order_by(ProgressReport.period_end.desc())
        .limit(limit)
    )
    return tuple(MonthText(**row._mapping) for row in found)
