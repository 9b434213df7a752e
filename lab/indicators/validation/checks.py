"""Apply the validation rules to what is stored around the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lab import clock
from lab.extensions import db
from lab.feature import ExtensionPoint, single
from lab.indicators.models import Entry
from lab.indicators.rules import months
from lab.indicators.rules.findings import format_value
from lab.indicators.rules.lifecycle import HANDED_IN, EntryStatus
from lab.indicators.rules.validation import (
    Context,
    Finding,
    check_later_merchants,
    check_period,
    check_report,
)
from lab.portfolio.core.history import first_days
from lab.portfolio.models.project import Project
from lab.workdays.queries import office_calendar

Values = Mapping[str, Decimal | None]
# Merchants under contract: id of a project and day to count, None where nothing is on record.
SIGNED_MERCHANTS: ExtensionPoint[Callable[[int, date], int | None]] = ExtensionPoint(
    "merchants under contract", key=single
)


def findings_for(
    project: Project,
    period_end: date,
    values: Values,
    corrections: frozenset[str] = frozenset(),
    *,
    entering: bool = False,
) -> list[Finding]:
    """Return every finding about these figures of one period against its approved neighbours.

    While `entering`, also jumps against an earlier figure that is still pending.
    """
    before = _neighbours(project.id, period_end, earlier=True)
    after = _neighbours(project.id, period_end, earlier=False)
    waiting = _neighbours(project.id, period_end, earlier=True, waiting=True) if entering else {}
    context = Context(
        previous={code: row.value for code, row in before.items()},
        following={code: row.value for code, row in after.items()},
        waiting={code: row.value for code, row in waiting.items()},
        # The count at the end of the month before is the count on this month's first day.
        highest_live=before["K06"].value if "K06" in before else None,
        corrections=corrections,
        corrected_after=frozenset(code for code, row in after.items() if row.corrects_id),
    )
    return [
        *period_findings(project, period_end),
        *check_report(values, context),
        *_contracts(project.id, period_end, values.get("K06")),
        *_later_merchants(project.id, period_end, _carried_merchants(values, context)),
    ]


def period_findings(project: Project, period_end: date) -> list[Finding]:
    """Return whether the period may be reported now; lateness is only noted."""
    start = project.started_on or project.starts_on
    return check_period(
        period_end,
        clock.today(),
        start,
        recorded_from=None if start else first_days([project.id]).get(project.id),
        due=months.report_due_on(period_end, office_calendar()),
    )


def closed_reason(project: Project, period_end: date) -> str:
    """Return why nothing may be reported for the period, "" when it may."""
    problems = period_findings(project, period_end)
    return next((finding.message for finding in problems if finding.blocks), "")


def values_of(project_id: int, period_end: date) -> dict[str, Decimal | None]:
    """Return the submitted or approved figures of a period, the newest revision of each."""
    return _stored_values(project_id, period_end, HANDED_IN)


def approved_of(project_id: int, period_end: date) -> dict[str, Decimal | None]:
    """Return the approved figures of a period: pending ones may yet be returned."""
    return _stored_values(project_id, period_end, (EntryStatus.APPROVED,))


def _stored_values(
    project_id: int, period_end: date, statuses: tuple[str, ...]
) -> dict[str, Decimal | None]:
    rows = db.session.execute(
        select(Entry.indicator, Entry.value)
        .where(
            Entry.project_id == project_id,
            Entry.period_end == period_end,
            Entry.status.in_(statuses),
        )
        .order_by(Entry.revision)
    )
    return {row.indicator: row.value for row in rows}


def _neighbours(
    project_id: int, period_end: date, *, earlier: bool, waiting: bool = False
) -> dict[str, Any]:
    """Return the nearest approved figure before (or after) the period, by indicator.

    With `waiting` also a submitted one. Forecasts are compared with nothing.
    """
    nearest = func.max(Entry.period_end) if earlier else func.min(Entry.period_end)
    beyond = Entry.period_end < period_end if earlier else Entry.period_end > period_end
    counted = HANDED_IN if waiting else (EntryStatus.APPROVED,)
    conditions = (
        Entry.project_id == project_id,
        Entry.status.in_(counted),
        Entry.value.is_not(None),
        Entry.forecast.is_(False),
    )
    ends = (
        select(Entry.indicator, nearest.label("nearest"))
        .where(*conditions, beyond)
        .group_by(Entry.indicator)
        .subquery()
    )
    rows = db.session.execute(
        select(Entry.indicator, Entry.value, Entry.corrects_id)
        .join(
            ends,
            (ends.c.indicator == Entry.indicator) & (ends.c.nearest == Entry.period_end),
        )
        .where(*conditions)
        .order_by(Entry.revision)
    )
    return {row.indicator: row for row in rows}


def _carried_merchants(values: Values, context: Context) -> Decimal | None:
    """Return the count of live merchants that later months are based on.

    A withdrawn one leaves the one before. None when nothing is known.
    """
    own = values.get("K06")
    return own if own is not None or "K06" not in values else context.highest_live


def _later_merchants(project_id: int, period_end: date, live: Decimal | None) -> list[Finding]:
    """Check the months that are based on this month's count of live merchants."""
    if live is None:
        return []
    rows = db.session.execute(
        select(Entry.period_end, Entry.indicator, Entry.value)
        .where(
            Entry.project_id == project_id,
            Entry.period_end > period_end,
            Entry.indicator.in_(("K06", "K08")),
            Entry.status == EntryStatus.APPROVED,
            Entry.value.is_not(None),
        )
        .order_by(Entry.period_end)
    )
    figures_by_month: dict[date, dict[str, Decimal]] = {}
    for row in rows:
        figures_by_month.setdefault(row.period_end, {})[row.indicator] = row.value
    later = [
        (f"{end.year}年{end.month}月", of.get("K08"), of.get("K06"))
        for end, of in figures_by_month.items()
    ]
    return check_later_merchants(live, later)


def _contracts(project_id: int, period_end: date, live: Decimal | None) -> list[Finding]:
    """Ask for a note when more merchants are live than have contracts on record.

    The record may lag behind.
    """
    if live is None:
        return []
    signed = next((count(project_id, period_end) for count in SIGNED_MERCHANTS.extensions()), None)
    if signed is None or live <= signed:
        return []
    text = f"受理商户数{format_value('K06', live)}大于场景商户中已签约的{signed}户，请核对并说明。"
    return [Finding("confirm", "contracts", "K06", text)]
