"""The light of a project on a day, with its grounds. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from lab.catalogue.indicators import INDICATORS
from tests.recomputation.raw import State
from tests.recomputation.rules.progress import Standing
from tests.recomputation.rules.snapshot import Held, winners

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


def light(held: Held, project_id: int, stands: dict[str, Standing], due_on: DueOn) -> Light:
    """The worst of the grounds, unless set by hand."""
    grounds: tuple[Ground, ...] = ()
    computed = "grey"
    if held.state(project_id) not in GREY and _judgeable(held, project_id, stands):
        grounds = tuple(_grounds(held, project_id, stands, due_on))
        computed = min((g.color for g in grounds), key=ORDER.index, default="green")
    by_hand = held.overrides.get(project_id)
    over = held.state(project_id) in ("closed", "terminated")
    if by_hand is not None and by_hand.color and not over:
        return Light(by_hand.color, computed, grounds, True)
    return Light(computed, computed, grounds, False)


def _judgeable(held: Held, project_id: int, stands: dict[str, Standing]) -> bool:
    return bool(held.milestones(project_id) or stands or _owes(held, project_id))


def _owes(held: Held, project_id: int) -> bool:
    """Whether the project owes reports on that day."""
    started = held.started(held.projects[project_id])
    return started is not None and held.state(project_id) in REPORTING


def _grounds(
    held: Held, project_id: int, stands: dict[str, Standing], due_on: DueOn
) -> Iterable[Ground]:
    for plan, done in held.milestones(project_id):
        if done is None and (color := _milestone(plan, held.day)):
            yield Ground(color, plan.name)
    months = owed_months(held, project_id, due_on)
    due = due_months(held, project_id, due_on)[-1:]
    arrived = held.handed_in(project_id)
    for code, standing in stands.items():
        name = INDICATORS[code].name
        if (
            due
            and months[-1:] == due
            and not _no_fault(months[-1], standing, arrived.get(months[-1], []))
        ):
            yield Ground("yellow", name)
        elif standing.judged is not None and (color := _judged(standing.judged)):
            yield Ground(color, name)
    if color := _report(months, arrived, held.day, due_on):
        yield Ground(color, "")


def _milestone(plan: Any, day: date) -> str:
    late = (day - plan.due_on).days
    if late > 15:
        return "red"
    return "yellow" if late > 0 or (late >= -7 and not plan.progress) else ""


def _judged(share: Fraction) -> str:
    if share < Fraction(70, 100):
        return "red"
    return "yellow" if share < Fraction(90, 100) else ""


def _no_fault(month: date, standing: Standing, arrived: list[Any]) -> bool:
    if standing.target.start > month:
        return True
    code = standing.target.code
    return any(
        kept and e.indicator == code and e.value is not None and not e.forecast
        for e, kept in arrived
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


def owed_months(held: Held, project_id: int, due_on: DueOn) -> list[date]:
    """Those of the months due in which the project was at work on some day."""
    states = [s for s in held.rows.states if s.project_id == project_id]
    return [end for end in due_months(held, project_id, due_on) if _worked(states, end)]


def _worked(states: list[State], end: date) -> bool:
    days = (date(end.year, end.month, number) for number in range(1, end.day + 1))
    held = (winners(states, day, lambda s: s.project_id) for day in days)
    return any(s.status in REPORTING for found in held for s in found.values())


def due_months(held: Held, project_id: int, due_on: DueOn) -> list[date]:
    """Ends of the months whose report was due before the day, oldest first."""
    start = held.started(held.projects[project_id])
    if start is None or not _owes(held, project_id):
        return []
    found = []
    end = month_end(start)
    while due_on(end) < held.day:
        found.append(end)
        end = month_end(end + timedelta(days=1))
    return found


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def next_milestone(held: Held, project_id: int) -> tuple[str | None, date | None]:
    for plan, done in held.milestones(project_id):
        if done is None:
            return plan.name, plan.due_on
    return None, None
