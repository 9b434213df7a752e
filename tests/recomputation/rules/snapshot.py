"""The rows that were valid on a day. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal

from tests.recomputation.raw import Entry, Project, Rows, State

BEIJING = timezone(timedelta(hours=8))
WAITING_OR_APPROVED = ("submitted", "confirmed", "approved")
OVER = ("closed", "terminated")
Provenance = Literal["fact", "real", "demo"]


def provenance(row: Any) -> Provenance:
    if row.source_label:
        return "fact"
    return "demo" if row.is_demo else "real"


def valid_rows(rows: Iterable[Any], day: date, key: Callable[[Any], Any]) -> dict[Any, Any]:
    """Return the row valid on `day`, by key."""
    best: dict[Any, Any] = {}
    for row in rows:
        if row.valid_from > day:
            continue
        present = best.get(key(row))
        if present is None or (row.valid_from, row.id) > (present.valid_from, present.id):
            best[key(row)] = row
    return best


def beijing_day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


@dataclass(frozen=True)
class Target:
    """Stages by date as (due, hundredths); base in hundredths."""

    code: str
    base: int
    start: date
    stages: tuple[tuple[date, int], ...]

    @property
    def final(self) -> int:
        return self.stages[-1][1]


class Snapshot:
    """The rows as they stood on `day`, by everything recorded so far; of one batch or of all."""

    def __init__(self, rows: Rows, day: date, call_id: int | None = None) -> None:
        self.rows, self.day = rows, day
        self.calls = [call for call in rows.calls if call_id in (None, call.id)]
        self.states: dict[int, State] = valid_rows(rows.states, day, lambda r: r.project_id)
        self.projects = {
            p.id: p for p in rows.projects if p.id in self.states and call_id in (None, p.call_id)
        }
        self.overrides = valid_rows(rows.overrides, day, lambda r: r.project_id)
        self._plans = valid_rows(rows.plans, day, lambda r: r.milestone_id)
        self._completions = valid_rows(rows.completions, day, lambda r: r.milestone_id)
        self.figures = self._figures()
        self._last_event = self._arrived()

    def state(self, project_id: int) -> str:
        return self.states[project_id].status

    def published(self, project_id: int) -> State | None:
        found = [s for s in self.rows.states if s.project_id == project_id]
        return next((s for s in found if s.origin == "published"), None)

    def ended_before(self, project_id: int, day: date) -> bool:
        """Whether the project was over before `day`, which is not after the day asked about."""
        mine = [s for s in self.rows.states if s.project_id == project_id]
        state = valid_rows(mine, day - timedelta(days=1), lambda r: r.project_id).get(project_id)
        return state is not None and state.status in OVER

    # -- plan ----------------------------------------------------------------------------------

    def milestones(self, project_id: int) -> list[tuple[Any, date | None]]:
        """(plan, day done or None) by due date."""
        mine = [p for p in self._plans.values() if p.project_id == project_id]
        mine.sort(key=lambda p: (p.due_on, p.milestone_id))
        return [(plan, self._done(plan.milestone_id)) for plan in mine]

    def _done(self, milestone_id: int) -> date | None:
        row = self._completions.get(milestone_id)
        return row.done_on if row else None

    def targets(self, project_id: int) -> dict[str, Target]:
        mine = [s for s in self.rows.stages if s.project_id == project_id]
        newest = valid_rows(mine, self.day, lambda r: r.indicator)
        found = {}
        for code, row in newest.items():
            if row.dropped:
                continue
            together = [s for s in mine if (s.indicator, s.revision) == (code, row.revision)]
            stages = tuple(sorted((s.due_on, s.target) for s in together))
            start = min(row.starts_on or self.start_of(project_id), stages[0][0])
            found[code] = Target(code, row.base or 0, start, stages)
        return found

    def started(self, project: Project) -> date | None:
        """The day the work began, if it had begun by the day asked about."""
        day = project.started_on
        return day if day is not None and day <= self.day else None

    def start_of(self, project_id: int) -> date:
        project = self.projects[project_id]
        first = min(s.valid_from for s in self.rows.states if s.project_id == project_id)
        return self.started(project) or project.starts_on or first

    # -- figures -------------------------------------------------------------------------------

    def _figures(self) -> list[Entry]:
        """Figures that count: approved, a number, no forecast, of a period that has ended."""
        return [
            e
            for e in self.rows.entries
            if e.status == "approved"
            and e.value is not None
            and not e.forecast
            and e.period_end <= self.day
            and e.project_id in self.projects
        ]

    def _arrived(self) -> dict[int, str]:
        """The last state that each entry had come into by the end of the day."""
        last: dict[int, Any] = {}
        for event in self.rows.events:
            if beijing_day(event.at) <= self.day:
                present = last.get(event.entry_id)
                if present is None or (event.at, event.id) > (present.at, present.id):
                    last[event.entry_id] = event
        return {entry: event.status for entry, event in last.items()}

    def handed_in(self, project_id: int) -> dict[date, list[tuple[Entry, bool]]]:
        """By period, what had been handed in by the end of the day, and whether it was
        waiting or approved then; of a published figure, that its period had ended."""
        found: dict[date, list[tuple[Entry, bool]]] = defaultdict(list)
        for e in self.rows.entries:
            stood = self._last_event.get(e.id)
            there = e.period_end <= self.day if e.source_label else stood is not None
            if e.project_id == project_id and there:
                found[e.period_end].append((e, stood in WAITING_OR_APPROVED))
        return found
