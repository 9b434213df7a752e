"""The demonstration's projects at work: charters, milestones, figures, merchants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from lab import clock
from lab.catalogue.indicators import INDICATORS
from lab.db import transition
from lab.demo.people import DemoCast
from lab.demo.reviews import OFFICE, STARTS
from lab.extensions import db
from lab.indicators.models import Entry, ProgressReport
from lab.indicators.rules.validation import check_jump
from lab.portfolio.core import recording
from lab.portfolio.models.project import Project, Target
from lab.portfolio.rules.team import TeamRole
from lab.scenarios.models import Merchant, MerchantCount, OnboardingStep, Scenario
from lab.scenarios.rules.funnel import STEPS

MONTHS = 6
LAGGARD = "【演示】产业园区食堂数字人民币支付项目"  # its newest month is missing


def month_ends(today: date, count: int) -> list[date]:
    """Return the last days of the `count` complete months before `today`, oldest first."""
    ends: list[date] = []
    day = today.replace(day=1)
    for _ in range(count):
        day -= timedelta(days=1)
        ends.append(day)
        day = day.replace(day=1)
    return ends[::-1]


def advance(data: dict[str, Any], cast: DemoCast, projects: list[Project]) -> None:
    """Advance each project to the state the demonstration shows."""
    rows = {row["title"]: row for row in data["proposals"]}
    for project in projects:
        row = rows[project.name]
        _start(project, cast, row)
        _milestones(project, row)
        _entries(project, cast, row, data["pace"][project.name])
        _narratives(project, cast, data["asks"].get(project.name))
        _scenarios(project, cast, data["scenarios"].get(project.name, []))
    db.session.flush()


def _at(day: date) -> datetime:
    return datetime.combine(day, time(2, 0), tzinfo=UTC)


def _start(project: Project, cast: DemoCast, row: dict[str, Any]) -> None:
    project.short_name = (
        project.name.removeprefix("【演示】").removesuffix("项目").replace("数字人民币", "")
    )
    # Months are owed from the start on: it lies where the invented figures begin.
    began = max(STARTS, month_ends(clock.today(), MONTHS)[0].replace(day=1))
    project.charter_signed_at = _at(began - timedelta(days=5))
    project.charter_signed_by_id = cast.id(row["leader"])
    transition(project, "start", started_on=began, status_at=_at(began))
    if row["quality"] in (88, 82):  # two are already in trial
        transition(project, "trial", status_at=_at(clock.today() - timedelta(days=30)))


def _milestones(project: Project, row: dict[str, Any]) -> None:
    planned = {m[0]: m for m in row["milestones"]}
    for milestone in project.milestones:
        if planned[milestone.name][2] == "done":
            milestone.done_on, milestone.progress = milestone.due_on, 100
            recording.record_completion(milestone)
        else:
            milestone.progress = 40
            recording.record_plan(milestone)


# -- figures -----------------------------------------------------------------------------------


def _share(target: Target, end: date) -> Decimal:
    total = (target.due_on - STARTS).days + 1
    return Decimal(max((end - STARTS).days + 1, 0)) / total


def value_at(target: Target, end: date, pace: int) -> Decimal:
    """Invent a figure: planned growth to the end of the month times the project's pace."""
    spec = INDICATORS[target.indicator]
    if spec.kind == "F":
        monthly = target.target / 6 if spec.additive else target.target
        return (monthly * pace / 100).quantize(Decimal(1))
    return (target.target * _share(target, end) * pace / 100).quantize(Decimal(1))


def _entries(project: Project, cast: DemoCast, row: dict[str, Any], pace: int) -> None:
    ends = month_ends(clock.today(), MONTHS)
    if project.name == LAGGARD:
        ends = ends[:-1]
    entered = cast.id(row["members"][0])
    before: dict[str, Decimal] = {}
    for end in ends:
        for target in project.targets:
            value = value_at(target, end, pace)
            jumps = check_jump(target.indicator, value, before.get(target.indicator))
            before[target.indicator] = value
            entry = Entry(
                project_id=project.id,
                indicator=target.indicator,
                period_end=end,
                value=value,
                note="【演示】已与后台核对。" if jumps else "",
                is_demo=True,
            )
            entry.begin()
            db.session.add(entry)
            _walk(entry, cast, row, entered, end, last=end == ends[-1])


def _walk(
    entry: Entry, cast: DemoCast, row: dict[str, Any], entered: int, end: date, *, last: bool
) -> None:
    at = _at(end + timedelta(days=3))
    entry.entered_by_id, entry.entered_at = entered, at
    transition(entry, "submit", submitted_at=at)
    if last and row["quality"] == 84:
        return  # waits for its leader
    transition(entry, "confirm", confirmed_by_id=cast.id(row["leader"]), confirmed_at=at)
    if last and row["quality"] == 80:
        return  # waits for the office
    transition(entry, "approve", approved_by_id=cast.id(OFFICE), approved_at=at)


def _narratives(project: Project, cast: DemoCast, texts: list[str] | None) -> None:
    end = month_ends(clock.today(), 1)[0]
    problems, asks = texts or ("本月无。", "")
    leader = next(member for member in project.team if member.role == TeamRole.LEADER)
    db.session.add(
        ProgressReport(
            project_id=project.id,
            period_end=end if project.name != LAGGARD else month_ends(clock.today(), 2)[0],
            done="【演示】按计划走访商户、培训人员，开展开立钱包活动。",
            problems=problems,
            asks=asks,
            next_plan="【演示】继续推进未完成的里程碑。",
            written_by_id=project.team[0].person_id,
            written_at=_at(end + timedelta(days=3)),
            submitted_at=_at(end + timedelta(days=3)),
            first_submitted_at=_at(end + timedelta(days=3)),
            confirmed_by_id=leader.person_id,
            confirmed_at=_at(end + timedelta(days=3)),
        )
    )


# -- scenarios ---------------------------------------------------------------------------------


def _scenarios(project: Project, cast: DemoCast, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        scenario = Scenario(
            project_id=project.id,
            name=row["name"],
            kind=project.scenario_type,
            channel=row["channel"],
            is_demo=True,
            began_on=STARTS,
        )
        for name, outlets, reached in row["merchants"]:
            merchant = Merchant(name=name, outlets=outlets, is_demo=True)
            merchant.steps = list(_steps(reached, cast))
            merchant.began_on = min((step.on for step in merchant.steps), default=STARTS)
            merchant.counts = [MerchantCount(outlets=outlets, valid_from=merchant.began_on)]
            scenario.merchants.append(merchant)
        db.session.add(scenario)


def _steps(reached: int, cast: DemoCast) -> Iterator[OnboardingStep]:
    """Iterate over the first onboarding steps, a fortnight apart, the last one a week ago."""
    for at, step in enumerate(STEPS[: reached + 1]):
        day = clock.today() - timedelta(days=7 + 14 * (reached - at))
        yield OnboardingStep(
            step=step.key,
            position=at,
            on=day,
            evidence="【演示】台账记录",
            recorded_by_id=cast.id("demo-member"),
            recorded_at=_at(day),
        )
