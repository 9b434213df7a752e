"""Reads for the office's overview of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab import clock
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CallStatus
from lab.calls.rules.timing import accepts_submissions
from lab.proposals.monitoring import queries
from lab.proposals.monitoring.queries_reminders import ReminderRow, reminders
from lab.proposals.rules import overview
from lab.proposals.rules.overview import CallTotals, DayRow, UnitRow
from lab.proposals.rules.progress import format_remaining
from lab.proposals.writing.missing_count import NEARLY_COMPLETE
from lab.web.pages.pagination import Page, paginate_list

UNITS_PER_PAGE = 50


@dataclass(frozen=True)
class CallOverview:
    """How far the units are with their proposals.

    `nearly`: at most so many missing items make a draft nearly complete. `accepts`: the call takes
    submissions now; `coming`: it is announced and not open yet; `left`: time until it closes in
    words. Of the units, `begun` have a proposal, `idle` have applicants but none (pages both),
    `unstaffed` have no applicants, `remindable` can be reminded. `days` counts first submissions by
    day, oldest first, and `chart` draws them, none without any. `reminders` are the newest.
    """

    call: Call
    totals: CallTotals
    nearly: int
    accepts: bool
    coming: bool
    left: str
    begun: Page
    idle: Page
    unstaffed: Sequence[UnitRow]
    remindable: Sequence[UnitRow]
    days: Sequence[DayRow]
    chart: Mapping[str, Any] | None
    reminders: Sequence[ReminderRow]


def call_overview(call: Call, args: Mapping[str, str]) -> CallOverview:
    """Return the overview; `args` carries the cursors of `begun` (after) and `idle` (idle)."""
    now, units, days = clock.now(), queries.unit_rows(call), queries.submissions_by_day(call)
    first, last = (clock.beijing(at or now).date() for at in (call.opens_at, call.closes_at))
    idle = [row for row in units if not row.begun and row.people]
    return CallOverview(
        call=call,
        totals=queries.call_totals(call),
        nearly=NEARLY_COMPLETE,
        accepts=accepts_submissions(call, now),
        coming=call.status == CallStatus.PUBLISHED,
        left=format_remaining(call.closes_at, now) if call.closes_at else "",
        begun=paginate_list([row for row in units if row.begun], args, size=UNITS_PER_PAGE),
        idle=paginate_list(idle, {"after": args.get("idle", "")}, size=UNITS_PER_PAGE),
        unstaffed=[row for row in units if not row.begun and not row.people],
        remindable=[row for row in units if row.reminder_kind],
        days=days,
        chart=overview.chart_option(days, first, min(last, clock.today())),
        reminders=reminders(call).items,
    )
