"""The monthly grid: rows are indicators, columns the last three periods and the current one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from lab import clock
from lab.catalogue.indicators import ENTERED, INDICATORS, KIND_LABELS, Indicator
from lab.editing.models import InvalidInput
from lab.extensions import db
from lab.indicators.access import Month
from lab.indicators.core import entry_periods
from lab.indicators.core.text import entry_text
from lab.indicators.locking.queries import is_locked
from lab.indicators.models import Entry, ProgressReport
from lab.indicators.rules import months
from lab.indicators.rules.findings import format_value
from lab.indicators.rules.lifecycle import EDITABLE, EntryStatus
from lab.indicators.validation import checks, readiness
from lab.portfolio.core.history import first_days
from lab.portfolio.models.project import Project, Target
from lab.workdays.queries import office_calendar

EARLIER_PERIODS = 3
MAX_OFFERED_PERIODS = 12


@dataclass(frozen=True)
class PastFigure:
    """An earlier period's figure; `mark` says what it still awaits, "" when approved."""

    text: str
    mark: str
    corrected: bool


@dataclass(frozen=True)
class GridRow:
    """One indicator of the grid.

    `editable`: can be entered now; otherwise `now` is shown.
    """

    spec: Indicator
    kind: str
    target: str
    past: tuple[PastFigure | None, ...]
    editable: bool
    now: str
    state: str
    tone: str
    value: Decimal | None
    forecast: bool
    unavailable_reason: str
    note: str
    return_reason: str
    entry_key: str
    approved: bool


@dataclass(frozen=True)
class Grid:
    """A period's grid.

    `must_report`: the project had started by the end of the period. `late_days` are those until it
    was submitted, until today while it is not. `closed` says why nothing can be typed, "" while it
    can; `invalid_input` are cells that could not be read (see `models.EntryPeriod`).
    """

    end: date
    due: date
    submitted_on: date | None
    must_report: bool
    late_days: int
    earlier: tuple[date, ...]
    rows: tuple[GridRow, ...]
    others: tuple[Indicator, ...]
    version: int
    invalid_input: InvalidInput
    closed: str


def reportable_periods(project: Project) -> tuple[date, ...]:
    """Return the periods a project may report, newest first, at most twelve."""
    newest = months.last_ended(clock.today())
    start = project.started_on or project.starts_on or first_days([project.id])[project.id]
    periods = months.periods_back(newest, MAX_OFFERED_PERIODS)
    return tuple(end for end in reversed(periods) if end >= start)


def grid(project: Project, end: date, added: Sequence[str] = ()) -> Grid:
    """Return the grid of a period.

    The project's targets, everything it ever reported, unreadable input, and `added`.
    """
    earlier = months.periods_back(months.previous_period(end), EARLIER_PERIODS)
    entries = _newest(project.id, (*earlier, end))
    targets = {
        row.indicator: row.target
        for row in db.session.execute(
            select(Target.indicator, Target.target)
            .where(Target.project_id == project.id)
            .order_by(Target.due_on)
        )
    }
    period = entry_periods.find_period(project.id, end)
    invalid_input = period.invalid_input if period else {}
    typed_codes = {name.partition("-")[2] for name in invalid_input}
    codes_shown = {*targets, *_ever_reported(project.id), *typed_codes, *added}
    codes = [code for code in ENTERED if code in codes_shown]
    due = months.report_due_on(end, office_calendar())
    submitted_on = readiness.submitted_on(project.id, end)
    return Grid(
        end=end,
        due=due,
        submitted_on=submitted_on,
        must_report=project.started_on is not None and end >= project.started_on,
        late_days=max(((submitted_on or clock.today()) - due).days, 0),
        earlier=earlier,
        rows=tuple(_row(code, targets.get(code), entries, earlier, end) for code in codes),
        others=tuple(INDICATORS[code] for code in ENTERED if code not in codes_shown),
        version=period.version if period else 0,
        invalid_input=invalid_input,
        closed=_closed_reason(project, end),
    )


def _closed_reason(project: Project, end: date) -> str:
    if why := checks.closed_reason(project, end):
        return why
    if is_locked(project.id, end):
        return "本期已锁定。已核定的数据按更正办理；如需补报，请实施办公室重新开放。"
    return ""


def _newest(project_id: int, periods: Sequence[date]) -> dict[tuple[str, date], Entry]:
    """Return the newest revision of each figure.

    A correction under way does not hide the valid one.
    """
    entries = db.session.scalars(
        select(Entry)
        .where(
            Entry.project_id == project_id,
            Entry.period_end.in_(periods),
            Entry.status != EntryStatus.SUPERSEDED,
        )
        .order_by(Entry.revision.desc())
    )
    return {(entry.indicator, entry.period_end): entry for entry in entries}


def _ever_reported(project_id: int) -> set[str]:
    return set(
        db.session.scalars(select(Entry.indicator).where(Entry.project_id == project_id).distinct())
    )


def _row(
    code: str,
    target: Decimal | None,
    entries: dict[tuple[str, date], Entry],
    earlier: Sequence[date],
    end: date,
) -> GridRow:
    spec, entry = INDICATORS[code], entries.get((code, end))
    state = entry.machine.state(entry.status) if entry else None
    reason = entry.return_reason if entry and entry.status == EntryStatus.RETURNED else ""
    editable = entry is None or (entry.status in EDITABLE and entry.corrects_id is None)
    return GridRow(
        spec=spec,
        kind=KIND_LABELS[spec.kind],
        target="" if target is None else format_value(code, target),
        past=tuple(_past(entries.get((code, day))) for day in earlier),
        editable=editable,
        now=entry_text(entry) if entry else "",
        state=state.label if state else "未填",
        tone=state.tone if state else "grey",
        value=entry.value if entry else None,
        forecast=bool(entry and entry.forecast),
        unavailable_reason=entry.unavailable_reason if entry else "",
        note=entry.note if entry else "",
        return_reason=reason or "",
        entry_key=entry.key if entry else "",
        approved=bool(entry and entry.status == EntryStatus.APPROVED),
    )


def _past(entry: Entry | None) -> PastFigure | None:
    if entry is None:
        return None
    mark = "" if entry.status == EntryStatus.APPROVED else entry.machine.state(entry.status).label
    return PastFigure(entry_text(entry), mark, entry.revision > 1)


def stored_report(here: Month, *, reread: bool = False) -> ProgressReport | None:
    """Return the month's words as stored, None before the first saving.

    `reread`: read the row again though it is loaded.
    """
    return db.session.scalar(
        select(ProgressReport)
        .where(ProgressReport.project_id == here.project.id, ProgressReport.period_end == here.end)
        .execution_options(populate_existing=reread)
    )
