"""The light of a project on a day, with its grounds. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from lab.catalogue.indicators import INDICATORS
from tests.recomputation.raw import State
from tests.recomputation.rules.progress import TargetProgress
from tests.recomputation.rules.snapshot import Snapshot, valid_rows

AT_WORK = ("running", "trial")
REPORTING = ("running", "trial", "landed")
GREY = ("awaiting_charter", "paused", "closed", "terminated")
ORDER = ("red", "yellow", "green")
DueOn = Callable[[date], date]


@dataclass(frozen=True)
class Ground:
    """A colour, and a word that its sentence must hold."""

    color: str
    about: str


@dataclass(frozen=True)
class Light:
    color: str
    computed: str
    grounds: tuple[Ground, ...]
    manual: bool


def light(
    snapshot: Snapshot, project_id: int, targets: dict[str, TargetProgress], due_on: DueOn
) -> Light:
    """The worst of the grounds, unless set by hand."""
    grounds: tuple[Ground, ...] = ()
    computed = "grey"
    if snapshot.state(project_id) not in GREY and _can_evaluate(snapshot, project_id, targets):
        grounds = tuple(_grounds(snapshot, project_id, targets, due_on))
        computed = min((g.color for g in grounds), key=ORDER.index, default="green")
    by_hand = snapshot.overrides.get(project_id)
    over = snapshot.state(project_id) in ("closed", "terminated")
    if by_hand is not None and by_hand.color and not over:
        return Light(by_hand.color, computed, grounds, True)
    return Light(computed, computed, grounds, False)


def _can_evaluate(snapshot: Snapshot, project_id: int, targets: dict[str, TargetProgress]) -> bool:
    return bool(snapshot.milestones(project_id) or targets or _owes(snapshot, project_id))


def _owes(snapshot: Snapshot, project_id: int) -> bool:
    """Whether the project owes reports on that day."""
    started = snapshot.started(snapshot.projects[project_id])
    return started is not None and snapshot.state(project_id) in REPORTING


def _grounds(
    snapshot: Snapshot, project_id: int, targets: dict[str, TargetProgress], due_on: DueOn
) -> Iterable[Ground]:
    for plan, done in snapshot.milestones(project_id):
        if done is None and (color := _milestone(plan, snapshot.day)):
            yield Ground(color, plan.name)
    months = owed_months(snapshot, project_id, due_on)
    due = due_months(snapshot, project_id, due_on)[-1:]
    arrived = snapshot.handed_in(project_id)
    for code, progress in targets.items():
        name = INDICATORS[code].name
        if (
            due
            and months[-1:] == due
            and not _is_reported(months[-1], progress, arrived.get(months[-1], []))
        ):
            yield Ground("yellow", name)
        elif progress.evaluated is not None and (color := _progress_color(progress.evaluated)):
            yield Ground(color, name)
    if color := _report(months, arrived, snapshot.day, due_on):
        yield Ground(color, "")


def _milestone(plan: Any, day: date) -> str:
    late = (day - plan.due_on).days
    if late > 15:
        return "red"
    return "yellow" if late > 0 or (late >= -7 and not plan.progress) else ""


def _progress_color(share: Fraction) -> str:
    if share < Fraction(70, 100):
        return "red"
    return "yellow" if share < Fraction(90, 100) else ""


def _is_reported(month: date, progress: TargetProgress, arrived: list[Any]) -> bool:
    if progress.target.start > month:
        return True
    code = progress.target.code
    return any(
        counts and e.indicator == code and e.value is not None and not e.forecast
        for e, counts in arrived
    )


def _report(months: list[date], arrived: dict[date, Any], day: date, due_on: DueOn) -> str:
    missed = 0
    for month in reversed(months):
        if month in arrived:
            break
        missed += 1
    if not missed:
        return ""
    return "red" if missed > 1 or (day - due_on(months[-1])).days > 7 else "yellow"


def owed_months(snapshot: Snapshot, project_id: int, due_on: DueOn) -> list[date]:
    """Those of the months due in which the project was at work on some day."""
    states = [s for s in snapshot.rows.states if s.project_id == project_id]
    return [end for end in due_months(snapshot, project_id, due_on) if _worked(states, end)]


def _worked(states: list[State], end: date) -> bool:
    days = (date(end.year, end.month, number) for number in range(1, end.day + 1))
    snapshot = (valid_rows(states, day, lambda s: s.project_id) for day in days)
    return any(s.status in REPORTING for found in snapshot for s in found.values())


def due_months(snapshot: Snapshot, project_id: int, due_on: DueOn) -> list[date]:
    """Ends of the months whose report was due before the day, oldest first."""
    start = snapshot.started(snapshot.projects[project_id])
    if start is None or not _owes(snapshot, project_id):
        return []
    found = []
    end = month_end(start)
    while due_on(end) < snapshot.day:
        found.append(end)
        end = month_end(end + timedelta(days=1))
    return found


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def next_milestone(snapshot: Snapshot, project_id: int) -> tuple[str | None, date | None]:
    for plan, done in snapshot.milestones(project_id):
        if done is None:
            return plan.name, plan.due_on
    return None, None
