"""Random histories of a laboratory, acted out by the real services day after day.

Batches of every provenance go their way from July 2022 to spring 2023: figures are handed in,
returned, approved late and corrected; projects pause with earlier dates, land, close or are ended;
milestones are done, moved and opened again; targets are set anew and in stages; lights are set by
hand; merchants go up the steps, pause twice, leave, and belong to two projects. What a service
refuses is simply not done. One seed gives one history.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.db import EditConflict
from lab.demo import facts
from lab.extensions import db
from lab.indicators.approval import service as approval
from lab.indicators.approval import service_correction, service_public_figures
from lab.indicators.core import entry_periods
from lab.indicators.entry import service as indicators
from lab.indicators.entry.service import IncompleteFigures
from lab.indicators.models import Entry
from lab.indicators.rules import months
from lab.portfolio.charter import service as portfolio_editing
from lab.portfolio.charter.service import MemberInput, MilestoneInput
from lab.portfolio.models.project import Project
from lab.portfolio.status import service as portfolio
from lab.portfolio.status.service import EffectiveFrom
from lab.rejected import Rejected
from lab.scenarios import service as scenarios
from lab.scenarios.models import Merchant, Scenario
from lab.workflow import TransitionRejected
from tests.recomputation.figures import Figures
from tests.support.builders.calls import open_call
from tests.support.builders.projects import decide, entries, picked, publish
from tests.support.builders.proposals import submitted_proposal
from tests.support.builders.targets import set_targets
from tests.support.cast import Cast

FIRST, LAST = date(2022, 7, 1), date(2023, 4, 20)
STEPS = (
    *("contact", "account", "contract", "filing", "device", "joint_test", "trial", "live"),
    "trading",
)
TARGETS = (*("K01", "K04", "K06", "K08", "K09", "K10", "K12", "K13", "K14", "K15", "K17", "K22"),)


class History:
    """One laboratory; `run` acts it out."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self._cast, self._random = cast, Random(seed)
        self._figures = Figures(self._random)
        self._batch = 1
        self.done: dict[str, int] = {}

    def run(self, last: date = LAST) -> datetime:
        """ProjectAction everything out; the moment at which it ended."""
        day = FIRST
        openings = [self._approve_real, self._approve_demo, self._load_facts]
        openings += [self._approve_real] * self._random.randint(0, 1)
        self._random.shuffle(openings)
        first, *later = sorted(openings, key=lambda act: act != self._approve_real)
        self._at(day, first)
        dates = {self._between(FIRST, date(2022, 12, 20)): act for act in later}
        while day < last:
            day += timedelta(days=self._random.randint(1, 9))
            for on in [on for on in dates if on <= day]:
                self._at(day, dates.pop(on))
            for _ in range(self._random.randint(1, 5)):
                self._at(day, self._random.choices(ACTS, WEIGHTS)[0].__get__(self))
        return _moment(day)

    def _at(self, day: date, act: Callable[[], None]) -> None:
        """Do it on a day; what is refused leaves no trace."""
        with clock.freeze(_moment(day)):
            try:
                act()
                db.session.commit()
                name = act.__name__
                self.done[name] = self.done.get(name, 0) + 1
            except IncompleteFigures:
                db.session.commit()
            except (Rejected, TransitionRejected, EditConflict):
                db.session.rollback()

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self._random.randint(0, max((last - first).days, 0)))

    def _recent(self, days: int = 40) -> date:
        return clock.today() - timedelta(days=self._random.randint(0, days))

    # -- batches -------------------------------------------------------------------------------

    def _approve_real(self) -> None:
        self._approve(is_demo=False)

    def _approve_demo(self) -> None:
        self._approve(is_demo=True)

    def _approve(self, is_demo: bool) -> None:
        self._batch += 1
        call = open_call(self._cast, batch=self._batch, title=f"第{self._batch}批征集")
        count = self._random.randint(2, 3)
        titles = [f"第{self._batch}批第{n}项" for n in range(1, count + 2)]
        proposals = [submitted_proposal(self._cast, call, title=title) for title in titles]
        call.is_demo = is_demo
        for proposal in proposals:
            proposal.is_demo = is_demo
        marks = [(proposal, "proposed") for proposal in proposals[:count]]
        publish(decide(self._cast, call, marks))

    def _load_facts(self) -> None:
        facts.load()

    def _enter_more_facts(self) -> None:
        """A figure of a report that was found late, of an earlier period."""
        project = self._random.choice(self._projects("fact"))
        code = self._random.choice(("K01", "K04", "K09", "K12", "K21"))
        end = months.month_end(self._between(date(2022, 6, 1), clock.today()))
        if entries(project, end):
            raise Rejected("published already")
        service_public_figures.enter_public_figure(
            project,
            code,
            end,
            source_label="来源：公开报道",
            value=Decimal(self._random.randint(0, 500)),
        )

    # -- projects ------------------------------------------------------------------------------

    def _projects(self, kind: str = "") -> list[Project]:
        found = list(db.session.scalars(select(Project).order_by(Project.id)))
        if kind == "fact":
            found = [p for p in found if p.source_label]
        if not found:
            raise Rejected("nothing there")
        return found

    def _project(self) -> Project:
        """Mostly one of a team, seldom a published one."""
        found = self._projects()
        own = [p for p in found if not p.source_label]
        return self._random.choice(own if self._random.random() < 0.93 else found)

    def _since(self) -> EffectiveFrom | None:
        if self._random.random() < 0.5:
            return None
        return EffectiveFrom(self._recent(), "补录")

    def _begin(self) -> None:
        project = self._project()
        portfolio.sign_charter(project, self._cast.leader)
        portfolio.start_project(project, self._recent(25), "补录")

    def _step_on(self) -> None:
        project, since = self._project(), self._since()
        acts: list[Callable[[], None]] = [
            lambda: portfolio.start_trial(project, since),
            lambda: portfolio.mark_landed(project, "已上线", since),
            lambda: portfolio.request_acceptance(project),
            lambda: portfolio.accept_project(project, "通过", since),
            lambda: portfolio.close_project(project),
            lambda: portfolio.terminate_project(project, "终止", since),
        ]
        self._random.choice(acts)()

    def _pause(self) -> None:
        portfolio.pause_project(self._project(), "场地停业", self._since())

    def _resume(self) -> None:
        portfolio.resume_project(self._project(), self._since())

    def _set_light(self) -> None:
        color = self._random.choice(("green", "yellow", "red", "grey"))
        portfolio.set_light(self._project(), color, "领导小组意见")

    def _clear_light(self) -> None:
        portfolio.clear_light(self._project())

    def _edit_milestones(self) -> None:
        project = self._project()
        if not project.milestones:
            raise Rejected("none there")
        milestone = self._random.choice(project.milestones)
        done = self._recent(60) if self._random.random() < 0.6 else None
        row = MilestoneInput(milestone.key, self._random.choice((0, 30, 80)), done)
        portfolio_editing.edit_milestones(project, project.version, [row])

    def _edit_team(self) -> None:
        project = self._project()
        other = self._random.choice((self._cast.member, self._cast.partner))
        leader, members = MemberInput(self._cast.leader), [MemberInput(other)]
        portfolio_editing.edit_team(project, project.version, leader, members)

    def _set_targets(self) -> None:
        project = self._project()
        codes = self._random.sample(TARGETS, self._random.randint(1, 4))
        start = self._between(date(2022, 6, 1), clock.today())
        rows = [row for code in codes for row in self._figures.target(code, start)]
        set_targets(project, rows)

    # -- figures -------------------------------------------------------------------------------

    def _hand_in(self) -> None:
        project = self._project()
        ended = months.last_ended(clock.today())
        end = self._random.choice(months.periods_back(ended, 4)[-self._random.randint(1, 4) :])
        codes = {target.indicator for target in project.targets}
        codes |= set(self._random.sample(TARGETS, self._random.randint(0, 4)))
        cells = [self._figures.cell(project.id, code, end) for code in sorted(codes)]
        version = entry_periods.version_of(project.id, end)
        ticked = frozenset(cell.code for cell in cells)
        indicators.submit_figures(project, end, version, cells, ticked, self._cast.member)

    def _entries(self, status: str) -> tuple[Project, list[Entry]]:
        """Some entries in this state, of one project."""
        query = select(Entry).where(Entry.status == status, Entry.source_label == "")
        found = list(db.session.scalars(query.order_by(Entry.id)))
        if not found:
            raise Rejected("none there")
        of = self._random.choice(found)
        mine = [e for e in found if (e.project_id, e.period_end) == (of.project_id, of.period_end)]
        if self._random.random() < 0.2:
            mine = mine[: self._random.randint(1, len(mine))]
        return of.project, mine

    def _confirm(self) -> None:
        project, mine = self._entries("submitted")
        approval.confirm_entries(project, picked(mine), self._cast.leader)

    def _approve_figures(self) -> None:
        project, mine = self._entries("confirmed")
        approval.approve_entries(project, picked(mine), self._cast.office)

    def _return(self) -> None:
        status = self._random.choice(("submitted", "confirmed"))
        project, mine = self._entries(status)
        approval.return_entries(project, picked(mine), "请核对", self._cast.office)

    def _correct(self) -> None:
        project, mine = self._entries("approved")
        entry = self._random.choice(mine)
        value = Decimal(self._random.randint(0, 400))
        wanted: dict[str, Any] = {"value": value}
        if self._random.random() < 0.1:
            wanted = {"value": None, "unavailable_reason": "原数有误，无法核实"}
        service_correction.submit_correction(
            project,
            entry,
            entry.version,
            reason="核对后更正",
            person_id=self._cast.member,
            **wanted,
        )

    # -- merchants -----------------------------------------------------------------------------

    def _scenario(self) -> Scenario:
        found = list(db.session.scalars(select(Scenario).order_by(Scenario.id)))
        if not found or self._random.random() < 0.3:
            return scenarios.add_scenario(
                self._project(), name=f"商场{self._random.randint(1, 4)}", is_benchmark=True
            )
        return self._random.choice(found)

    def _merchants(self) -> list[Merchant]:
        found = list(db.session.scalars(select(Merchant).order_by(Merchant.id)))
        if not found:
            raise Rejected("none there")
        return found

    def _add_merchant(self) -> None:
        there = list(db.session.scalars(select(Merchant).order_by(Merchant.id)))
        same = self._random.choice(there) if there and self._random.random() < 0.3 else None
        merchant = scenarios.add_merchant(
            self._scenario(),
            name=f"商户{self._random.randint(1, 30)}",
            outlets=self._random.randint(1, 9),
            same_as=same,
        )
        self._walk(merchant)

    def _walk_on(self) -> None:
        self._walk(self._random.choice(self._merchants()))

    def _walk(self, merchant: Merchant) -> None:
        """Several steps with their dates, as far as they are possible."""
        there = {item.step for item in merchant.steps}
        ahead = [step for step in STEPS if step not in there]
        day = max((item.on for item in merchant.steps), default=self._recent(120))
        for step in ahead[: self._random.randint(0, 9)]:
            if step == "joint_test" and self._random.random() < 0.4:
                continue
            day = self._between(day, clock.today()) if self._random.random() < 0.5 else day
            self._record(merchant, step, day)

    def _record(self, merchant: Merchant, step: str, day: date) -> None:
        scenarios.record_step(
            merchant, merchant.version, step=step, on=day, person_id=self._cast.member
        )

    def _stop(self) -> None:
        merchant = self._random.choice(self._merchants())
        step = self._random.choice(("paused", "paused", "exited"))
        self._record(merchant, step, self._recent(30))

    def _go_on(self) -> None:
        scenarios.end_pause(self._random.choice(self._merchants()))

    def _edit_merchant(self) -> None:
        merchant = self._random.choice(self._merchants())
        scenarios.edit_merchant(
            merchant,
            merchant.version,
            name=merchant.name,
            outlets=self._random.randint(1, 20),
            note=merchant.note,
        )

    def _link(self) -> None:
        found = self._merchants()
        merchant, main = self._random.choice(found), self._random.choice([*found, None])
        scenarios.link_merchant(merchant, merchant.version, main)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(2), UTC)


_ACTS: dict[Any, int] = {
    History._begin: 6,
    History._step_on: 5,
    History._pause: 2,
    History._resume: 4,
    History._set_light: 2,
    History._clear_light: 2,
    History._edit_milestones: 6,
    History._edit_team: 1,
    History._set_targets: 5,
    History._hand_in: 20,
    History._confirm: 14,
    History._approve_figures: 14,
    History._return: 3,
    History._correct: 5,
    History._enter_more_facts: 2,
    History._add_merchant: 8,
    History._walk_on: 5,
    History._stop: 4,
    History._go_on: 3,
    History._edit_merchant: 3,
    History._link: 3,
}
ACTS, WEIGHTS = list(_ACTS), list(_ACTS.values())
