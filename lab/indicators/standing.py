"""What the indicators tell the portfolio: targets against figures, and reports owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lab import clock
from lab.extensions import db
from lab.indicator_dictionary import INDICATORS
from lab.indicators import months
from lab.indicators.amounts import percent
from lab.indicators.models import Entry, ProgressReport
from lab.indicators.queries import ApprovedValue, all_approved
from lab.portfolio.lifecycle import IN_PROGRESS
from lab.portfolio.lights import ReportState
from lab.portfolio.models import Project, Target
from lab.portfolio.plan import Measure
from lab.portfolio.sources import Standing

PERIODS_JUDGED = 12


# -- targets -----------------------------------------------------------------------------------


def standings(project_ids: Sequence[int], cutoff: date) -> dict[int, tuple[Standing, ...]]:
    """Every target of these projects with its approved figure as of `cutoff`."""
    rows = db.session.execute(
        select(
            Target.project_id,
            Target.indicator,
            Target.base,
            Target.target,
            Target.starts_on,
            Target.due_on,
            Project.started_on,
            Project.starts_on.label("planned_start"),
        )
        .join(Project, Project.id == Target.project_id)
        .where(Target.project_id.in_(project_ids))
        .order_by(Target.project_id, Target.indicator)
    ).all()
    figures: dict[tuple[int, str], list[ApprovedValue]] = defaultdict(list)
    for value in all_approved(project_ids, cutoff, codes=sorted({r.indicator for r in rows})):
        if value.value is not None and not value.forecast:
            figures[value.project_id, value.indicator].append(value)
    found: dict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        mine = figures[row.project_id, row.indicator]
        found[row.project_id].append(_standing(row, mine, cutoff))
    return {project_id: tuple(items) for project_id, items in found.items()}


def _standing(row: Any, figures: Sequence[ApprovedValue], cutoff: date) -> Standing:
    spec = INDICATORS[row.indicator]
    start = min(row.starts_on or row.started_on or row.planned_start or row.due_on, row.due_on)
    actual = _actual(row.indicator, figures, start)
    measure = Measure(
        name=spec.name,
        unit=spec.unit,
        target=row.target,
        base=row.base,
        actual=actual,
        start=start,
        end=row.due_on,
        as_of=figures[-1].period_end if figures else _owed(cutoff),
    )
    return Standing(row.indicator, measure, percent(actual, row.target))


def _actual(code: str, figures: Sequence[ApprovedValue], start: date) -> Decimal | None:
    """The last figure; for flows that may be added, the sum since the target's start."""
    if not figures:
        return None
    if not INDICATORS[code].additive:
        return figures[-1].value
    inside = [item.value for item in figures if item.value is not None and item.period_end >= start]
    return sum(inside, Decimal(0)) if inside else None


def _owed(cutoff: date) -> date:
    """The newest period whose report is due: before that a blank is no fault."""
    end = months.last_ended(cutoff)
    while months.due_on(end) > cutoff:
        end = months.previous(end)
    return end


# -- reports -----------------------------------------------------------------------------------


def reports(project_ids: Sequence[int], cutoff: date) -> dict[int, ReportState]:
    """How late each project's report is. Projects that are not at work, or of which no start is
    known, owe none. A period counts as reported once its figures or its text were submitted."""
    owing = db.session.execute(
        select(Project.id, Project.started_on).where(
            Project.id.in_(project_ids),
            Project.status.in_(IN_PROGRESS),
            Project.started_on.is_not(None),
        )
    ).all()
    if not owing:
        return {}
    handed_in = _handed_in([row.id for row in owing], clock.end_of_day(cutoff))
    return {row.id: _state(row.started_on, handed_in.get(row.id, set()), cutoff) for row in owing}


def _state(started: date, handed_in: set[date], cutoff: date) -> ReportState:
    newest = _owed(cutoff)
    first = max(months.month_end(started), months.back(newest, PERIODS_JUDGED)[0])
    missed, days_late = 0, 0
    for end in reversed(months.between(first, newest)):
        if end in handed_in:
            break
        missed += 1
        days_late = days_late or (cutoff - months.due_on(end)).days
    return ReportState(days_late, missed)


def _handed_in(project_ids: Sequence[int], until: datetime) -> Mapping[int, set[date]]:
    found: dict[int, set[date]] = defaultdict(set)
    for table in (Entry, ProgressReport):
        rows = db.session.execute(
            select(table.project_id, table.period_end)
            .where(table.project_id.in_(project_ids), table.submitted_at.is_not(None))
            .group_by(table.project_id, table.period_end)
            .having(func.min(table.submitted_at) <= until)
        )
        for row in rows:
            found[row.project_id].add(row.period_end)
    return found
