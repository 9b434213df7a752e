"""Read models of the office's overview of a call. Pure.

Of a draft the office sees the unit, its writers, the time of the last save and the number of
missing items; title and text are the applicants' own business until they submit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lab.proposals.rules.lifecycle import NUMBERED

MAX_DAYS = 62
NOT_BEGUN, UNFINISHED = "nothing", "unfinished"


@dataclass(frozen=True)
class ReminderInfo:
    """A reminder: when, by whom, how many people were notified."""

    at: datetime
    by: str
    notified: int


@dataclass(frozen=True)
class UnitRow:
    """One unit's progress in the call.

    `partner`: joint proposals led by another unit; `people`: enabled applicants of the unit;
    `reminded`: today's reminder, if any; `until`: its own deadline, None while there is none;
    `accepting`: whether that is still ahead.
    """

    id: int
    key: str
    name: str
    side: str
    people: int
    drafts: int = 0
    nearly: int = 0
    submitted: int = 0
    returned: int = 0
    partner: int = 0
    saved_at: datetime | None = None
    reminded: ReminderInfo | None = None
    until: datetime | None = None
    accepting: bool = True

    @property
    def begun(self) -> bool:
        """Whether the unit has any proposal for the call, as lead or as partner."""
        return bool(self.drafts or self.submitted or self.returned or self.partner)

    @property
    def reminder_kind(self) -> str:
        """What the unit would be reminded of: NOT_BEGUN or UNFINISHED drafts.

        "" when there is nothing to remind it of, nobody to remind, or its deadline is over.
        """
        if not self.accepting:
            return ""
        if not self.begun:
            return NOT_BEGUN if self.people else ""
        return UNFINISHED if self.drafts else ""


@dataclass(frozen=True)
class CallTotals:
    """Headline figures of a call; `nearly` counts drafts."""

    drafts: int
    nearly: int
    by_state: Mapping[str, int]

    def of(self, *states: str) -> int:
        """Return how many proposals are in these states."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def received(self) -> int:
        """How many were ever submitted, whatever became of them."""
        return sum(number for state, number in self.by_state.items() if state in NUMBERED)


@dataclass(frozen=True)
class DayRow:
    """First submissions of one Beijing day, and the total up to its end."""

    day: date
    number: int
    total: int


def days(counts: Sequence[tuple[str, int]]) -> tuple[DayRow, ...]:
    """Return the days with submissions, oldest first, with the running total.

    `counts`: (ISO day, number) in order.
    """
    rows, total = [], 0
    for text, number in counts:
        total += number
        rows.append(DayRow(date.fromisoformat(text), number, total))
    return tuple(rows)


def chart_option(rows: Sequence[DayRow], first: date, last: date) -> dict[str, object] | None:
    """Return one bar per day from `first` to `last`; None without submissions.

    Widened to all days with submissions and cut to the latest MAX_DAYS.
    """
    if not rows:
        return None
    numbers = {row.day: row.number for row in rows}
    last = max(last, rows[-1].day)
    first = max(min(first, rows[0].day), last - timedelta(days=MAX_DAYS - 1))
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        "grid": {"left": 48, "right": 16, "top": 40, "bottom": 40},
        "xAxis": {"type": "category", "data": [f"{day.month}月{day.day}日" for day in span]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "name": "提交",
                "type": "bar",
                "barMaxWidth": 28,
                "itemStyle": {"color": "#0b5d46"},
                "data": [numbers.get(day, 0) for day in span],
            }
        ],
    }
