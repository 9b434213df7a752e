"""What held on a day stays what held on that day, whatever is done later."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from lab import clock
from lab.demo import data as demo_data
from lab.demo import facts
from lab.extensions import db
from lab.indicators.approval import service as approval
from lab.indicators.models import EntryEvent
from lab.portfolio.charter import service as portfolio_editing
from lab.portfolio.charter.service import MemberInput, MilestoneInput
from lab.portfolio.core import history
from lab.portfolio.core.history import earliest_day
from lab.portfolio.core.state_log import assumed_note, state_log
from lab.portfolio.models.project import Project
from lab.portfolio.pages import queries as portfolio_queries
from lab.portfolio.pages.late_records import later_recorded
from lab.portfolio.status import service as project_status
from lab.portfolio.status.service import EffectiveFrom
from lab.rejected import Rejected
from lab.scenarios import queries as scenario_queries
from lab.scenarios import service as scenarios
from lab.scenarios.models import Merchant, OnboardingStep
from tests.support.builders.histories import assert_present_is_today, team_on
from tests.support.builders.projects import (
    approved_figures,
    approved_projects,
    ask_correction,
    at,
    picked,
    running_project,
    start,
)
from tests.support.builders.targets import set_targets
from tests.support.cast import Cast
from tests.support.status_lights import status_lights

SEPTEMBER = date(2022, 9, 30)
STEPS = ("contact", "account", "contract", "filing", "device", "trial", "live")


def test_facts_and_demonstration_have_their_histories(both_ctx: Flask) -> None:
    facts.load()
    demo_data.load()
    db.session.commit()
    assert_present_is_today(clock.today())


def test_a_past_list_shows_the_states_of_its_day(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = approved_projects(both_cast, 2)
    ids = [first.id, second.id]
    with at(2022, 7, 4):
        start(both_cast, first)
    with at(2022, 10, 10):
        project_status.pause_project(first, "场地装修")
        project_status.set_light(first, "red", "资金未到位")
        db.session.commit()
    with at(2022, 11, 1):
        project_status.resume_project(first)
        project_status.clear_light(first)
        db.session.commit()
        shown = {
            day: {row.id: row.state.code for row in portfolio_queries.list_rows_of(ids, day)}
            for day in (date(2022, 6, 30), date(2022, 7, 3), SEPTEMBER, date(2022, 10, 31))
        }
        assert shown[date(2022, 6, 30)] == {}
        assert shown[date(2022, 7, 3)][first.id] == "awaiting_charter"
        assert shown[SEPTEMBER] == {first.id: "running", second.id: "awaiting_charter"}
        assert shown[date(2022, 10, 31)][first.id] == "paused"
        assert portfolio_queries.list_rows_of(ids)[0].state.code == "running"
        assert status_lights(ids, date(2022, 10, 31))[first.id].manual
        assert not status_lights(ids, SEPTEMBER)[first.id].manual
        assert earliest_day(ids) == date(2022, 7, 1)
        assert_present_is_today(clock.today())


def test_a_state_of_an_earlier_day_needs_its_reason(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        for since, says in (
            (EffectiveFrom(date(2022, 10, 11), "笔误"), "晚于今天"),
            (EffectiveFrom(date(2022, 10, 1), " "), "请写明原因"),
            (EffectiveFrom(date(2022, 7, 3), "补记"), "早于现状态"),
        ):
            with pytest.raises(Rejected, match=says):
                project_status.pause_project(project, "停工", since)
            db.session.rollback()
        project_status.pause_project(
            project, "停工", EffectiveFrom(date(2022, 9, 26), "会议纪要补记")
        )
        db.session.commit()
        assert portfolio_queries.list_rows_of([project.id], SEPTEMBER)[0].state.code == "paused"
        (late,) = later_recorded([project.id], SEPTEMBER)
        assert late.description == "状态“暂停”"
        assert later_recorded([project.id], date(2022, 9, 25)) == ()


def told(project_id: int, day: date) -> tuple[object, ...]:
    """What the histories say of a day, without who says so."""
    states = history.states_on([project_id], day)
    override = history.overrides_on([project_id], day).get(project_id)
    page = scenario_queries.scenario_page([project_id], day)
    return (
        {key: (state.status, state.since) for key, state in states.items()},
        override and override.color,
        history.targets_on([project_id], day),
        {m.name: m.done_on for m in history.milestones_on([project_id], day).get(project_id, ())},
        set(team_on(project_id, day)),
        (page.total, page.live, page.funnel),
    )


def test_an_upgrade_tells_the_past_from_the_audit_log(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 8, 1):
        tell(project, done=date(2022, 7, 30))
        project_status.set_light(project, "red", "资金未到位")
        scenario = scenarios.add_scenario(project, name="商场")
        merchant = scenarios.add_merchant(scenario, name="连锁超市甲", outlets=5)
        for step in STEPS:
            record(merchant, step, date(2022, 7, 20), both_cast)
        db.session.commit()
    with at(2022, 9, 1):
        project_status.pause_project(
            project, "场地装修", EffectiveFrom(date(2022, 8, 25), "会议纪要补记")
        )
        record(merchant, "paused", date(2022, 8, 20), both_cast)
        team = [MemberInput(both_cast.applicant)]
        portfolio_editing.edit_team(project, project.version, MemberInput(both_cast.leader), team)
        db.session.commit()
    with at(2022, 10, 10):
        project_status.resume_project(project)
        project_status.clear_light(project)
        scenarios.end_pause(merchant)
        db.session.flush()
        scenarios.edit_merchant(merchant, merchant.version, name="连锁超市甲", outlets=9, note="")
        db.session.commit()
    days = [date(2022, month, day) for month in (7, 8, 9, 10) for day in (1, 4, 15, 30)]
    project_id = project.id
    before = [told(project_id, day) for day in days]
    db.session.remove()
    downgrade(revision="0023")
    upgrade()
    assert [told(project_id, day) for day in days] == before
    assert_present_is_today(clock.today())
    db.session.remove()
    downgrade(revision="0024")
    upgrade()
    assert db.session.scalar(select(func.count()).where(OnboardingStep.step == "paused")) == 1


def test_an_upgrade_gives_a_returned_correction_its_own_past(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        approved_figures(
            both_cast, project, SEPTEMBER, {"K01": 400, "K06": 10}, ticked=("K01", "K06")
        )
    with at(2022, 10, 11):
        correction = ask_correction(both_cast, project, "K01", SEPTEMBER, 410)
    with at(2022, 10, 12):
        approval.return_entries(project, picked([correction]), "请附依据", both_cast.leader)
        db.session.commit()
    before = entry_past()
    for lowest in ("0023", "0024"):
        db.session.remove()
        downgrade(revision=lowest)
        upgrade()
        assert entry_past() == before


def entry_past() -> list[tuple[int, str, datetime]]:
    rows = db.session.execute(
        select(EntryEvent.entry_id, EntryEvent.status, EntryEvent.at).order_by(
            EntryEvent.entry_id, EntryEvent.at, EntryEvent.id
        )
    )
    return [(row.entry_id, row.status, row.at) for row in rows]


def test_a_date_typed_twice_leaves_no_day_of_the_withdrawn_one(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    for typed, done in ((14, 10), (15, 5), (16, None), (17, 12)):
        with at(2022, 9, typed):
            tell(project, done=date(2022, 9, done) if done else None)
    with at(2022, 9, 20):
        told_on = {day: done_on(project, date(2022, 9, day)) for day in (4, 5, 9, 10, 11, 12, 16)}
    assert {day for day, done in told_on.items() if done} == {12, 16}
    assert set(told_on.values()) == {None, date(2022, 9, 12)}


def record(merchant: Merchant, step: str, on: date, cast: Cast) -> None:
    version = merchant.version
    scenarios.record_step(merchant, version, step=step, on=on, person_id=cast.member)


def done_on(project: Project, day: date) -> date | None:
    return history.milestones_on([project.id], day)[project.id][0].done_on


def tell(project: Project, *, done: date | None, progress: int = 0) -> None:
    first, *rest = project.milestones
    rows = [MilestoneInput(first.key, progress, done)]
    rows += [MilestoneInput(m.key, m.progress, m.done_on) for m in rest]
    portfolio_editing.edit_milestones(project, project.version, rows)
    db.session.commit()


def test_a_milestone_is_done_from_the_date_typed_for_it(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 9, 5):
        tell(project, done=None, progress=60)
    with at(2022, 9, 12):
        tell(project, done=date(2022, 9, 1))
    assert done_on(project, date(2022, 8, 31)) is None
    assert done_on(project, date(2022, 9, 6)) == date(2022, 9, 1)
    with at(2022, 9, 20):  # a later date corrects the days between
        tell(project, done=date(2022, 9, 10))
    assert done_on(project, date(2022, 9, 6)) is None
    assert done_on(project, date(2022, 9, 10)) == date(2022, 9, 10)
    with at(2022, 9, 22):  # opened again: from this act
        tell(project, done=None, progress=80)
    assert done_on(project, date(2022, 9, 21)) == date(2022, 9, 10)
    assert done_on(project, date(2022, 9, 22)) is None
    with at(2022, 9, 26):  # an earlier date covers the day of the reopening as well
        tell(project, done=date(2022, 9, 9))
        for day in (9, 10, 22, 26):
            assert done_on(project, date(2022, 9, day)) == date(2022, 9, 9)
        assert_present_is_today(clock.today())


def test_what_was_recorded_late_at_one_moment_is_told_by_name(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        rows = [MilestoneInput(m.key, 100, date(2022, 9, 20)) for m in project.milestones]
        portfolio_editing.edit_milestones(project, project.version, rows)
        db.session.commit()
    late = [record.description for record in later_recorded([project.id], SEPTEMBER)]
    assert late == ["里程碑“园区上线”已完成", "里程碑“完成系统对接”已完成"]


def test_targets_of_a_past_day_are_those_that_were_set(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    stages = [
        {"indicator": "K01", "target": Decimal(400), "due_on": date(2022, 9, 30)},
        {"indicator": "K01", "target": Decimal(1500), "due_on": date(2022, 12, 31)},
    ]
    with at(2022, 10, 10):
        set_targets(project, stages)
        db.session.commit()
        assert_present_is_today(clock.today())
    before = history.targets_on([project.id], SEPTEMBER)
    after = history.targets_on([project.id], date(2022, 10, 10))
    assert {code: on.target for (_, code), on in before.items()} == {"K01": 1200, "K06": 30}
    assert {code: on.target for (_, code), on in after.items()} == {"K01": 1500}
    assert after[project.id, "K01"].stages[0] == (date(2022, 9, 30), Decimal(400))


def test_a_team_of_a_past_day_keeps_who_left_it(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        leader, joins = MemberInput(both_cast.member), [MemberInput(both_cast.applicant, "对接")]
        portfolio_editing.edit_team(project, project.version, leader, joins)
        db.session.commit()
        assert_present_is_today(clock.today())
    before = team_on(project.id, SEPTEMBER)
    assert before[both_cast.leader][0] == "leader"
    now = team_on(project.id, date(2022, 10, 10))
    assert set(now) == {both_cast.member, both_cast.applicant}


def test_last_months_funnel_keeps_its_pause_and_outlets(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 9, 20):
        scenario = scenarios.add_scenario(project, name="商场")
        merchant = scenarios.add_merchant(scenario, name="连锁超市甲", outlets=5)
        for step in (*STEPS, "paused"):
            record(merchant, step, date(2022, 9, 15 if step == "paused" else 1), both_cast)
        db.session.commit()
    with at(2022, 10, 10):
        scenarios.end_pause(merchant)
        db.session.flush()
        scenarios.edit_merchant(merchant, merchant.version, name="连锁超市甲", outlets=9, note="")
        db.session.commit()
        shown = {
            day: scenario_queries.scenario_page([project.id], day)
            for day in (date(2022, 8, 31), date(2022, 9, 10), SEPTEMBER, clock.today())
        }
        assert shown[date(2022, 8, 31)].rows == ()
        assert shown[date(2022, 9, 10)].live.outlets == 5
        assert shown[SEPTEMBER].live.merchants == 0
        assert shown[SEPTEMBER].total.outlets == 5
        assert shown[clock.today()].live.outlets == 9
        with pytest.raises(Rejected, match="早于上次恢复"):
            record(merchant, "paused", date(2022, 10, 9), both_cast)
        record(merchant, "paused", clock.today(), both_cast)
        db.session.commit()
    assert scenario_queries.scenario_page([project.id], SEPTEMBER).live.merchants == 0


def test_a_slip_mended_the_same_day_never_counts(both_ctx: Flask, both_cast: Cast) -> None:
    (project,) = approved_projects(both_cast, 1)
    with at(2022, 10, 10):
        scenario = scenarios.add_scenario(project, name="商场")
        merchant = scenarios.add_merchant(scenario, name="连锁超市甲", outlets=500)
        db.session.commit()
        scenarios.edit_merchant(merchant, merchant.version, name="连锁超市甲", outlets=5, note="")
        db.session.commit()
        record(merchant, "contact", date(2022, 8, 1), both_cast)
        db.session.commit()
        for day in (date(2022, 8, 2), SEPTEMBER, clock.today()):
            assert scenario_queries.scenario_page([project.id], day).total.outlets == 5


def test_one_merchant_in_two_projects_counts_once(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = approved_projects(both_cast, 2)
    with at(2022, 10, 10):
        one = scenarios.add_scenario(first, name="商场")
        other = scenarios.add_scenario(second, name="商场")
        main = scenarios.add_merchant(one, name="连锁超市甲", outlets=5)
        again = scenarios.add_merchant(other, name="连锁超市甲", outlets=4, same_as=main)
        namesake = scenarios.add_merchant(other, name="便民店")
        db.session.flush()
        with pytest.raises(Rejected, match="本项目的“连锁超市甲”已与该户合并计数"):
            scenarios.link_merchant(namesake, namesake.version, main)
        scenarios.add_merchant(one, name="便民店")
        for merchant in (main, again):
            for step in STEPS:
                record(merchant, step, date(2022, 10, 1), both_cast)
        db.session.commit()
        page = scenario_queries.scenario_page([first.id, second.id])
        assert (page.live.merchants, page.live.outlets) == (1, 5)
        assert (page.total.merchants, page.total.outlets) == (3, 7)
        assert scenario_queries.live_totals([second.id]).outlets == 4
        with pytest.raises(Rejected, match="主责项目"):
            scenarios.link_merchant(namesake, namesake.version, again)
        scenarios.link_merchant(again, again.version, None)
        db.session.commit()
        assert scenario_queries.live_totals([first.id, second.id]).merchants == 2


def test_a_past_that_is_only_assumed_says_so(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    named = {project.id: project.name}
    with at(2022, 10, 10):
        assert assumed_note(named, SEPTEMBER) == ""
        tell(project, done=None, progress=60)
    db.session.remove()
    downgrade(revision="0023")
    upgrade()
    with at(2022, 10, 12):
        assert "没有记录，按已知的值推定" in assumed_note(named, date(2022, 10, 11))
        assert assumed_note(named, clock.today()) == ""
    (newest, *_) = state_log(next(iter(named)))
    assert (newest.label, newest.note) == ("实施中", "按审计日志补记")
