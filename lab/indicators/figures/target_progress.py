"""What indicators contribute to the portfolio: progress against targets, and due reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from lab import clock
from lab.catalogue.indicators import INDICATORS
from lab.catalogue.provenance import Provenance, provenance_of
from lab.extensions import db
from lab.indicators.core.open_months import months_at_work, received_months
from lab.indicators.figures.queries import ApprovedValue, all_approved
from lab.indicators.models import Entry, EntryEvent
from lab.indicators.rules import months
from lab.indicators.rules.findings import format_value
from lab.indicators.rules.lifecycle import HANDED_IN
from lab.portfolio.core.history import TargetOn, first_days, states_on, targets_on
from lab.portfolio.core.target_progress import TargetProgress
from lab.portfolio.models.project import Project
from lab.portfolio.rules.lifecycle import REPORTING
from lab.portfolio.rules.prorated_target import TargetMeasure
from lab.portfolio.rules.status_light import ReportState
from lab.workdays.queries import due_note, office_calendar

EVALUATED_PERIODS = 12


# -- targets -----------------------------------------------------------------------------------


def target_progress(
    project_ids: Sequence[int], cutoff: date
) -> dict[int, tuple[TargetProgress, ...]]:
    """Return every target of these projects on `cutoff` with its approved figure.

    For periods ended by then, whenever approved; submissions count if received by the end of that
    day.
    """
    targets = targets_on(project_ids, cutoff)
    figures: dict[tuple[int, str], list[ApprovedValue]] = defaultdict(list)
    for value in all_approved(project_ids, cutoff, codes=sorted({code for _, code in targets})):
        if value.value is not None and not value.forecast:
            figures[value.project_id, value.indicator].append(value)
    newest_due = newest_due_period(cutoff)
    starts = _starts(sorted({project_id for project_id, _ in targets}), cutoff, newest_due)
    arrived = _received(project_ids, newest_due, clock.end_of_day(cutoff))
    progress_by_project: dict[int, list[TargetProgress]] = defaultdict(list)
    for key, target in targets.items():
        project = starts[key[0]]
        is_reported = project.must_report and newest_due >= max(
            project.day, target.starts_on or newest_due
        )
        months_now = _ReportingMonths(
            months.last_ended(cutoff), newest_due, not is_reported or key in arrived
        )
        progress_by_project[key[0]].append(
            _progress(key[1], target, project.day, figures[key], months_now)
        )
    return {project_id: tuple(items) for project_id, items in progress_by_project.items()}


@dataclass(frozen=True)
class _WorkStart:
    """When a project began or plans to, and whether the newest due period must be reported.

    It must where the project is at work and was on some day of that period.
    """

    day: date
    must_report: bool


@dataclass(frozen=True)
class _ReportingMonths:
    """The newest ended period, the newest due one, and whether that one has a figure."""

    newest_ended: date
    newest_due: date
    reported: bool


def _starts(project_ids: Sequence[int], cutoff: date, newest_due: date) -> dict[int, _WorkStart]:
    states, first = states_on(project_ids, cutoff), first_days(project_ids)
    worked = months_at_work(project_ids, [newest_due])
    at_work = {
        key for key, state in states.items() if state.status in REPORTING and worked.get(key)
    }
    rows = db.session.execute(
        select(Project.id, Project.started_on, Project.starts_on).where(Project.id.in_(project_ids))
    )
    return {
        row.id: _WorkStart(
            _begun(row.started_on, cutoff) or row.starts_on or first[row.id],
            row.id in at_work and bool(row.started_on),
        )
        for row in rows
    }


def _begun(started: date | None, cutoff: date) -> date | None:
    """Return the first day of the work if it had begun by `cutoff`.

    Before that only the plan was valid.
    """
    return started if started is not None and started <= cutoff else None


def _progress(
    code: str,
    target: TargetOn,
    began: date,
    figures: Sequence[ApprovedValue],
    now: _ReportingMonths,
) -> TargetProgress:
    spec, first_due = INDICATORS[code], target.stages[0][0]
    start = min(target.starts_on or began, first_due)
    used = _summed(figures, start) if spec.additive else figures[-1:]
    values = [item.value for item in used if item.value is not None]
    measure = TargetMeasure(
        name=spec.name,
        unit=spec.unit,
        stages=target.stages,
        actual=sum(values, Decimal(0)) if values else None,
        start=start,
        as_of=used[-1].period_end if used and now.reported else now.newest_due,
        base=target.base,
        flow=spec.additive,
        ratio=spec.kind == "R",
        direction=spec.direction,
        reported=now.reported,
        formatter=partial(format_value, code),
    )
    newest = used[-1].period_end if used else None
    return TargetProgress(
        code=code,
        measure=measure,
        reported_for=newest,
        periods=len(used),
        corrected_in=tuple(item.period_end for item in used if item.corrected),
        carried=spec.carried and newest is not None and newest < now.newest_ended,
    )


def _summed(figures: Sequence[ApprovedValue], start: date) -> list[ApprovedValue]:
    """Return the periods since `start` of the newest one's provenance.

    Published figures and the team's own are never added.
    """
    since = [item for item in figures if item.period_end >= start]
    return [item for item in since if _provenance(item) == _provenance(since[-1])]


def _provenance(item: ApprovedValue) -> Provenance:
    return provenance_of(item.source_label, item.is_demo)


def _received(project_ids: Sequence[int], end: date, until: datetime) -> set[tuple[int, str]]:
    """Return (project, indicator) of the figures of a period that were pending or approved by then.

    Forecasts never count, and published figures arrive with their period.
    """
    rows = db.session.execute(
        select(Entry.id, Entry.project_id, Entry.indicator, Entry.source_label, EntryEvent.status)
        .join(EntryEvent, EntryEvent.entry_id == Entry.id)
        .where(
            Entry.project_id.in_(project_ids),
            Entry.period_end == end,
            Entry.value.is_not(None),
            Entry.forecast.is_(False),
            (EntryEvent.at <= until) | (Entry.source_label != ""),
        )
        .order_by(EntryEvent.at, EntryEvent.id)
    )
    newest = {row.id: row for row in rows}
    return {(row.project_id, row.indicator) for row in newest.values() if row.status in HANDED_IN}


def newest_due_period(cutoff: date) -> date:
    """Return the newest period whose report was due before `cutoff`.

    On the due day itself it is not late.
    """
    end = months.last_ended(cutoff)
    while months.report_due_on(end, office_calendar()) >= cutoff:
        end = months.previous_period(end)
    return end


# -- reports -----------------------------------------------------------------------------------


def report_states(project_ids: Sequence[int], cutoff: date) -> dict[int, ReportState]:
    """Return how late each project's report was at the end of `cutoff`.

    Projects that were not at work, or without a known start, are absent. A period counts as
    reported once its figures or its narrative were submitted, even while the office has not
    approved them.
    """
    at_work = [
        key for key, state in states_on(project_ids, cutoff).items() if state.status in REPORTING
    ]
    candidates = db.session.execute(
        select(Project.id, Project.started_on).where(
            Project.id.in_(at_work), Project.started_on.is_not(None)
        )
    ).all()
    if not candidates:
        return {}
    ids = [row.id for row in candidates]
    arrived = received_months(ids, clock.end_of_day(cutoff))
    newest = newest_due_period(cutoff)
    evaluated_periods = months.periods_back(newest, EVALUATED_PERIODS)
    active_months = months_at_work(ids, evaluated_periods)
    states = {}
    for row in candidates:
        due_ends = [
            end
            for end in evaluated_periods
            if end in active_months.get(row.id, ()) and end >= row.started_on
        ]
        states[row.id] = _state(due_ends, arrived.get(row.id, set()), cutoff)
    return states


def _state(due_ends: Sequence[date], arrived: set[date], cutoff: date) -> ReportState:
    """Compute lateness; `due_ends` are the periods to be reported, oldest first."""
    missed, days_late, note = 0, 0, ""
    for end in reversed(due_ends):
        if end in arrived:
            break
        if not missed:
            due = months.report_due_on(end, office_calendar())
            days_late, note = (cutoff - due).days, due_note(due)
        missed += 1
    return ReportState(days_late, missed, note)
