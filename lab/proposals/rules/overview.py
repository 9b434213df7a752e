"""The office's overview of a call: read models, and how rows of figures become them. Pure.

Of a draft the office learns the unit, who writes it, when it was saved last and how many gaps are
open; its title and text are the applicants' own business until they submit.
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
    """A unit was reminded: when, by whom, how many people were told."""

    at: datetime
    by: str
    told: int


@dataclass(frozen=True)
class UnitRow:
    """What one unit has done for the call. `partner`: joint proposals led by another unit;
    `people`: enabled applicants of the unit; `reminded`: today's reminder, if there was one;
    `until`: its own deadline, None while there is none; `accepting`: whether that is still to come.
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
        """Whether the unit has anything in hand for the call, as lead or as partner."""
        return bool(self.drafts or self.submitted or self.returned or self.partner)

    @property
    def owes(self) -> str:
        """What the unit can be reminded of: NOTHING yet, UNFINISHED drafts, or "" (nothing, or
        its time is over)."""
        if not self.accepting:
            return ""
        if not self.begun:
            return NOT_BEGUN if self.people else ""
        return UNFINISHED if self.drafts else ""


@dataclass(frozen=True)
class CallTotals:
    """Headline figures of a call; `nearly` of the drafts are nearly complete."""

    drafts: int
    nearly: int
    by_state: Mapping[str, int]

    def of(self, *states: str) -> int:
        """How many proposals are in these states."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def received(self) -> int:
        """How many were ever submitted, whatever became of them."""
        return sum(number for state, number in self.by_state.items() if state in NUMBERED)


@dataclass(frozen=True)
class DayRow:
    """First submissions of one Beijing day, and all up to its end."""

    day: date
    number: int
    total: int


def days(counts: Sequence[tuple[str, int]]) -> tuple[DayRow, ...]:
    """The days with submissions, oldest first, with the running total; `found`: (ISO day, number)
    in the order of the days."""
    rows, total = [], 0
    for text, number in counts:
        total += number
        rows.append(DayRow(date.fromisoformat(text), number, total))
    return tuple(rows)


def chart_option(rows: Sequence[DayRow], first: date, last: date) -> dict[str, object] | None:
    """A bar for every day from `first` to `last`, widened to all days with submissions and cut to
    the latest MOST_DAYS; None without submissions."""
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
