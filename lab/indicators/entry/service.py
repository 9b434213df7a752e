"""Enter figures: drafts and submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.catalogue.indicators import ENTERED
from lab.clock import cn_date
from lab.db import transition
from lab.editing import tabs
from lab.editing.invalid_input import merge_invalid_input
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.inbox.notices.service import notify
from lab.indicators.core import entry_periods
from lab.indicators.locking.queries import is_locked
from lab.indicators.models import Entry, EntryPeriod
from lab.indicators.rules import months
from lab.indicators.rules.findings import Finding
from lab.indicators.rules.lifecycle import EDITABLE, EntryStatus
from lab.indicators.rules.validation import FORECAST_CODES
from lab.indicators.validation import checks, readiness
from lab.portfolio.core.teams import team_ids
from lab.portfolio.models.project import Project
from lab.portfolio.rules.team import TeamRole
from lab.rejected import Rejected
from lab.web.links import About

InvalidInput = Mapping[str, Any] | None
CELL_PARTS = ("value", "reason", "note")  # the fields of a cell are called so, with its code


@dataclass(frozen=True)
class Cell:
    """The input for one indicator. All blank means not reported, which is not zero."""

    code: str
    value: Decimal | None = None
    forecast: bool = False
    unavailable_reason: str = ""
    note: str = ""

    @property
    def blank(self) -> bool:
        return self.value is None and not self.unavailable_reason and not self.note


@dataclass(frozen=True)
class GridSubmission:
    """What a page of the grid submits; see `save_figures`."""

    version: int | None
    cells: Sequence[Cell]
    invalid_input: InvalidInput
    tab: EditorTab | None


class IncompleteFigures(Rejected):
    """Figures were saved as a draft but cannot be submitted; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("数据已存为草稿，尚未提交，请先处理标出的问题。")
        self.findings = tuple(findings)


def save_figures(
    project: Project,
    period_end: date,
    version: int | None,
    cells: Sequence[Cell],
    person_id: int,
    *,
    invalid_input: InvalidInput = None,
    tab: EditorTab | None = None,
) -> int:
    """Keep figures as a draft; returns the period's version from here on.

    `invalid_input` are cells that could not be read, field -> as typed; None where nobody looked.
    Raises EditConflict when somebody else changed the period since `version` was read, LateSave
    when a newer save of the same page came first, Rejected when the period is closed or cannot be
    reported.
    """
    saved = _store(
        project, period_end, GridSubmission(version, cells, invalid_input, tab), person_id
    )
    _audit("indicator.save", project, period_end, len(cells))
    return saved


def submit_figures(
    project: Project,
    period_end: date,
    version: int | None,
    cells: Sequence[Cell],
    confirmed_codes: frozenset[str],
    person_id: int,
    *,
    tab: EditorTab | None = None,
) -> int:
    """Keep the figures and hand them in to the team's leader; returns how many.

    `confirmed_codes` are the indicators whose odd figures were confirmed; each needs a note as
    well. Raises as `save_figures`, and IncompleteFigures (the draft is kept: commit in spite of
    it).
    """
    _store(project, period_end, GridSubmission(version, cells, {}, tab), person_id)
    entries = _open_entries(project.id, period_end)
    if blockers := readiness.submission_blockers(project, period_end, entries, confirmed_codes):
        _audit("indicator.save", project, period_end, len(cells))
        raise IncompleteFigures(blockers)
    for entry in entries:
        transition(
            entry,
            "submit",
            entered_by_id=entry.entered_by_id or person_id,
            submitted_at=clock.now(),
            return_reason=None,
        )
    entry_periods.bump_versions(project.id, [period_end])
    _audit("indicator.submit", project, period_end, len(entries))
    notify(
        team_ids(project, TeamRole.LEADER),
        f"“{project.name}”{months.format_month(period_end)}数据已提交，请确认。",
        About.of(project, "indicator_check"),
    )
    return len(entries)


def _store(project: Project, period_end: date, sent: GridSubmission, person_id: int) -> int:
    _reject_closed(project, period_end)
    period = entry_periods.lock_period_row(project.id, period_end)
    tabs.reject_late_save(sent.tab)
    shown, newest = sent.version, period.version
    if shown != newest and not tabs.is_retry(sent.tab, shown, newest):
        raise tabs.edit_conflict(project, sent.tab, shown, newest)
    stored = _newest(project.id, period_end)
    changed = _store_unparsed(period, sent)
    for cell in sent.cells:
        if cell.code not in ENTERED:
            raise Rejected("此指标不能直接填报。")
        if cell.forecast and cell.code not in FORECAST_CODES:
            raise Rejected("此指标只填实际数。")
        changed |= _write(project, period_end, stored.get(cell.code), cell, person_id)
    period.version += changed
    db.session.flush()
    if sent.tab is not None:
        tabs.record_save(sent.tab, shown, period.version)
    return period.version


def _store_unparsed(period: EntryPeriod, sent: GridSubmission) -> bool:
    """Store unreadable cells as typed; return whether that changed anything."""
    if sent.invalid_input is None:
        return False
    parsed = [f"{part}-{cell.code}" for cell in sent.cells for part in CELL_PARTS]
    before = period.invalid_input
    period.invalid_input = merge_invalid_input(before, parsed, sent.invalid_input)
    return period.invalid_input != before


def _reject_closed(project: Project, period_end: date) -> None:
    if why := checks.closed_reason(project, period_end):
        raise Rejected(why)
    if is_locked(project.id, period_end):
        raise Rejected(f"期末{cn_date(period_end)}的数据已锁定。如需补报，请实施办公室重新开放。")


def _newest(project_id: int, period_end: date) -> dict[str, Entry]:
    entries = db.session.scalars(
        select(Entry)
        .where(Entry.project_id == project_id, Entry.period_end == period_end)
        .order_by(Entry.revision)
    )
    return {entry.indicator: entry for entry in entries}


def _write(
    project: Project, period_end: date, entry: Entry | None, cell: Cell, person_id: int
) -> bool:
    """Write one cell; return whether that changed anything."""
    if entry is not None and (entry.status not in EDITABLE or entry.corrects_id is not None):
        return False  # handed in or approved since: the page shows it as it stands
    if cell.blank and (entry is None or entry.status == EntryStatus.DRAFT):
        if entry is not None:
            db.session.delete(entry)
        return entry is not None
    new = entry is None
    if entry is None:
        entry = Entry(
            project_id=project.id,
            indicator=cell.code,
            period_end=period_end,
            revision=1,
            is_demo=project.is_demo,
        )
        entry.begin()
        db.session.add(entry)
    return _fill(entry, cell, person_id) or new


def _fill(entry: Entry, cell: Cell, person_id: int) -> bool:
    """Write the input; the last person to change it counts as the one who entered it."""
    typed = (cell.value, cell.unavailable_reason, cell.note, cell.forecast)
    stored = (entry.value, entry.unavailable_reason, entry.note, entry.forecast)
    if typed == stored:
        return False
    entry.value, entry.unavailable_reason, entry.note, entry.forecast = typed
    entry.entered_by_id, entry.entered_at = person_id, clock.now()
    return True


def _open_entries(project_id: int, period_end: date) -> list[Entry]:
    return list(
        db.session.scalars(
            select(Entry)
            .where(
                Entry.project_id == project_id,
                Entry.period_end == period_end,
                Entry.status.in_(EDITABLE),
                Entry.corrects_id.is_(None),
            )
            .order_by(Entry.id)
        )
    )


def _audit(action: str, project: Project, period_end: date, count: int) -> None:
    audit.record(
        action, project, detail={"period": months.month_code(period_end), "entries": count}
    )
