"""Actual against target, totals and trends: of the right projects, the right months, each once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask

from lab import clock
from lab.extensions import db
from lab.indicators.approval import service as approval
from lab.indicators.approval import service_correction, service_public_figures
from lab.indicators.core import entry_periods
from lab.indicators.entry import service as entry_service
from lab.indicators.entry.service import Cell
from lab.indicators.figures import lab_totals, target_progress
from lab.indicators.figures.history import figure_history
from lab.indicators.figures.trend import Trend, trend_of
from lab.indicators.rules import months
from lab.indicators.rules.total_rows import LabTotal
from lab.portfolio.charter import service as portfolio_editing
from lab.portfolio.charter.service import MilestoneInput
from lab.portfolio.models.project import Project
from lab.portfolio.status import service as portfolio
from lab.portfolio.status.service import EffectiveFrom
from tests.support.builders.calls import open_call
from tests.support.builders.projects import (
    OCTOBER,
    SEPTEMBER,
    approve,
    approved_figures,
    approved_projects,
    at,
    cells,
    confirm,
    entries,
    hand_in,
    picked,
    running_project,
    start,
)
from tests.support.builders.targets import set_targets
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of
from tests.support.status_lights import status_lights

JULY, AUGUST, NOVEMBER, DECEMBER = (
    months.month_end(date(2022, month, 1)) for month in (7, 8, 11, 12)
)


def working_projects(cast: Cast, count: int) -> list[Project]:
    found = approved_projects(cast, count)
    with at(2022, 7, 4):
        for project in found:
            start(cast, project)
    return found


def aim(project: Project, *rows: tuple[str, int, int], due: date = DECEMBER) -> None:
    """Targets as (indicator, base, target), all due on one day."""
    targets = [
        {"indicator": code, "base": Decimal(base), "target": Decimal(goal), "due_on": due}
        for code, base, goal in rows
    ]
    set_targets(project, targets)
    db.session.commit()


def total(code: str, day: date | None = None) -> LabTotal:
    found = lab_totals.lab_totals(day, provenance="real")
    return next(item for item in found if item.indicator.code == code)


def wallets(*projects: Project) -> Trend:
    ids = [project.id for project in projects]
    found = trend_of(ids, ["K01"], clock.today(), provenance="real")
    assert found is not None
    return found


def finish_milestones(project: Project) -> None:
    rows = [MilestoneInput(m.key, 100, clock.today()) for m in project.milestones]
    portfolio_editing.edit_milestones(project, project.version, rows)
    db.session.commit()


def test_an_average_is_of_projects_that_have_both_parts(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = working_projects(both_cast, 2)
    with at(2022, 10, 10):
        aim(first, ("K09", 0, 1000))
        aim(second, ("K09", 0, 1000), ("K10", 0, 100000))
        approved_figures(both_cast, first, SEPTEMBER, {"K09": 900})
        approved_figures(both_cast, second, SEPTEMBER, {"K09": 100, "K10": 3000})
        average = total("K11")
        assert average.latest.value == Decimal("30.00")
        assert (average.latest.reported, average.latest.missing) == (1, 1)
        assert average.year is not None and average.year.value == Decimal("30.00")


def test_a_rate_without_its_parts_is_listed_not_added(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = working_projects(both_cast, 2)
    with at(2022, 10, 10):
        for project, rate in ((first, 60), (second, 55)):
            aim(project, ("K13", 0, 80))
            approved_figures(both_cast, project, SEPTEMBER, {"K13": rate})
        rates = total("K13")
        assert rates.latest.value is None
        assert [own.value for own in rates.own] == [60, 55]


def test_published_figures_stand_with_their_own_date(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = working_projects(both_cast, 2)
    source, told = "来源：公开报道", "预计每月100余万元"
    with at(2023, 1, 10):
        for project, end in ((first, DECEMBER), (second, NOVEMBER)):
            service_public_figures.enter_public_figure(
                project, "K04", end, source_label=source, value=Decimal(7)
            )
            service_public_figures.enter_public_figure(
                project, "K20", DECEMBER, source_label=source, value=Decimal(4)
            )
        service_public_figures.enter_public_figure(
            first, "K15", DECEMBER, source_label=source, value_text=told, forecast=True
        )
        portfolio.terminate_project(first, "合作方退出")
        db.session.commit()
    with at(2026, 11, 1):
        facts = {t.indicator.code: t for t in lab_totals.lab_totals(provenance="fact")}
        assert trend_of([first.id, second.id], ["K20"], clock.today(), provenance="fact") is None
    assert (facts["K20"].latest.value, facts["K20"].period) == (8, DECEMBER)
    assert (facts["K20"].latest.carried, facts["K20"].latest.missing) == (0, 0)
    assert facts["K04"].latest.value is None  # of two dates
    assert [(own.value, own.end) for own in facts["K04"].own] == [(7, NOVEMBER), (7, DECEMBER)]
    assert [own.shown for own in facts["K15"].own] == [told]


def test_totals_are_of_the_batch_that_is_asked_for(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        project = running_project(cast)
        with at(2022, 10, 10):
            approved_figures(cast, project, SEPTEMBER, {"K01": 710, "K06": 6})
        with at(2022, 10, 11):
            empty = open_call(cast, batch=2).id
            of_first = lab_totals.lab_totals(provenance="real", call_id=project.call_id)
            assert of_first[0].latest.value == 710
            assert lab_totals.lab_totals(provenance="real", call_id=empty) == ()
        call = project.call_id
    with at(2022, 10, 12):
        office = client.as_(cast.office)
        page = text_of(office.get(f"/indicators?call={call}"))
        assert "710个" in page and "2022年10月12日10时00分前已登记的记录" in page
        early = text_of(office.get("/indicators?on=2022-06-30"))
        assert "最早的记录是2022年7月1日" in early and "710个" not in early


def test_a_flow_never_adds_published_to_own_figures(both_ctx: Flask, both_cast: Cast) -> None:
    project = working_projects(both_cast, 1)[0]
    with at(2022, 10, 10):
        aim(project, ("K09", 0, 1000))
        service_public_figures.enter_public_figure(
            project, "K09", AUGUST, source_label="来源：公开报道", value=Decimal(500)
        )
        approved_figures(both_cast, project, SEPTEMBER, {"K09": 100})
        assert (
            target_progress.target_progress([project.id], clock.today())[project.id][0].actual
            == 100
        )


def test_a_paused_month_needs_no_figure(both_ctx: Flask, both_cast: Cast) -> None:
    project = working_projects(both_cast, 1)[0]
    with at(2022, 7, 20):
        portfolio.pause_project(project, "场地停业")
    with at(2022, 12, 8):
        portfolio.resume_project(project)
        db.session.commit()
    with at(2022, 12, 20):
        sentences = [reason.message for reason in status_lights([project.id])[project.id].reasons]
    assert not any("2022年11月30日未报" in sentence for sentence in sentences)


def test_a_day_before_the_work_began_keeps_its_figures(both_ctx: Flask, both_cast: Cast) -> None:
    project = approved_projects(both_cast)[0]
    with at(2022, 10, 10):
        aim(project, ("K09", 0, 1000))
        approved_figures(both_cast, project, SEPTEMBER, {"K09": 80})
    with at(2022, 10, 17):
        start(both_cast, project)
        day_before = target_progress.target_progress([project.id], date(2022, 10, 16))[project.id][
            0
        ]
        assert day_before.actual == 80


def test_a_trend_starts_from_what_stood_before_its_span(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = working_projects(both_cast, 2)
    for project in (first, second):
        aim(project, ("K01", 0, 100000), due=date(2024, 12, 31))
    with at(2023, 10, 9):
        approved_figures(both_cast, first, JULY, {"K01": 5000})
        for count, end in enumerate(months.periods_between(JULY, date(2023, 9, 30))):
            approved_figures(both_cast, second, end, {"K01": 10 + count})
        line = wallets(first, second).lines[0]
        assert line.points[-1].value == total("K01").latest.value == 5024
        assert (line.points[-1].carried, line.points[-1].oldest) == (1, JULY)
        assert not any(line.carried)


def test_a_trend_has_every_month_and_marks_carried_ones(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 12, 8):
        approved_figures(both_cast, project, JULY, {"K01": 10, "K06": 1})
        approved_figures(both_cast, project, NOVEMBER, {"K01": 20, "K06": 1})
        found = wallets(project)
    assert [end.month for end in found.ends] == [7, 8, 9, 10, 11]
    assert found.lines[0].carried == (False, True, True, True, False)


def test_a_project_that_ended_is_carried_no_further(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = working_projects(both_cast, 2)
    with at(2022, 9, 8):
        for project in (first, second):
            approved_figures(both_cast, project, AUGUST, {"K01": 100, "K06": 6})
    with at(2022, 9, 20):
        portfolio.terminate_project(first, "合作方退出")
        db.session.commit()
    with at(2022, 10, 10):
        assert total("K01").latest.value == 100
        assert [p.value for p in lab_totals_of(first, second)] == [200, 100]


def test_an_end_recorded_late_takes_the_months_after_it_out(
    both_ctx: Flask, both_cast: Cast
) -> None:
    (project,) = working_projects(both_cast, 1)
    with at(2022, 10, 8):
        for end, value in ((AUGUST, 100), (SEPTEMBER, 120)):
            approved_figures(both_cast, project, end, {"K01": value, "K06": 6})
    with at(2022, 10, 10):
        assert total("K01").latest.value == 120
        portfolio.terminate_project(
            project, "合作方退出", EffectiveFrom(date(2022, 8, 20), "会议纪要补记")
        )
        db.session.commit()
        assert total("K01", date(2022, 8, 31)).latest.value == 100  # August saw the project
        late = total("K01").latest
        assert (late.value, late.missing) == (None, 0)


def lab_totals_of(*projects: Project) -> list[Any]:
    ids = [project.id for project in projects]
    figures = lab_totals.approved_figures(ids, clock.today(), "real")["K01"]
    ended = {projects[0].id: date(2022, 9, 20)}
    return [
        lab_totals.totals.project_total("K01", figures, end, (), ended)
        for end in (AUGUST, SEPTEMBER)
    ]


def test_an_indicator_no_longer_reported_turns_yellow(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 8, 5):
        finish_milestones(project)
        approved_figures(both_cast, project, JULY, {"K01": 300, "K06": 6})
    for day, end in ((date(2022, 9, 5), AUGUST), (date(2022, 10, 10), SEPTEMBER)):
        with at(day.year, day.month, day.day):
            typed = [Cell("K01", unavailable_reason="系统故障"), *cells({"K06": 30}, "已核对")]
            version, sure = entry_periods.version_of(project.id, end), frozenset({"K06"})
            entry_service.submit_figures(project, end, version, typed, sure, both_cast.member)
            db.session.commit()
            confirm(both_cast, project, end)
            approve(both_cast, project, end)
    with at(2022, 10, 11):
        (reason,) = status_lights([project.id])[project.id].reasons
        assert (reason.color, "未报" in reason.message) == ("yellow", True)


def test_a_forecast_or_a_withdrawn_figure_is_not_reported(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        finish_milestones(project)
        aim(project, ("K14", 0, 2), ("K15", 0, 1000000))
        typed = [*cells({"K14": 2}), Cell("K15", Decimal(1000000), forecast=True)]
        entry_service.submit_figures(project, SEPTEMBER, 0, typed, frozenset(), both_cast.member)
        db.session.commit()
        confirm(both_cast, project, SEPTEMBER)
        approve(both_cast, project, SEPTEMBER)
    with at(2022, 10, 17):
        assert unreported(project) == {"K15"}
        (figure,) = [e for e in entries(project, SEPTEMBER) if e.indicator == "K14"]
        fresh = service_correction.submit_correction(
            project,
            figure,
            figure.version,
            value=None,
            unavailable_reason="系统故障",
            reason="数据有误",
            person_id=both_cast.member,
        )
        db.session.commit()
        approval.confirm_entries(project, picked([fresh]), both_cast.leader)
        approval.approve_entries(project, picked([fresh]), both_cast.office)
        db.session.commit()
        assert unreported(project) == {"K14", "K15"}
        assert unreported(project, date(2022, 10, 16)) == {"K15"}


def unreported(project: Project, day: date | None = None) -> set[str]:
    held = target_progress.target_progress([project.id], day or clock.today())[project.id]
    return {item.code for item in held if not item.measure.reported}


def test_target_progress_says_what_its_figure_covers(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        aim(project, ("K01", 0, 1200), ("K10", 0, 3000000))
        for end, count_, amount in ((JULY, 100, 100000), (AUGUST, 120, 150000)):
            approved_figures(both_cast, project, end, {"K01": count_, "K10": amount, "K09": 5})
        count, paid = target_progress.target_progress([project.id], clock.today())[project.id]
        reasons = status_lights([project.id])[project.id].reasons
    assert (count.reported_for, count.carried, count.periods) == (AUGUST, True, 1)
    assert (paid.actual, paid.carried, paid.periods) == (Decimal(250000), False, 2)
    assert (paid.target, paid.due, paid.completion) == (3000000, DECEMBER, Decimal("8.33"))
    money = next(r.message for r in reasons if r.message.startswith("交易金额"))
    assert "起累计25.00万元，达到序时计划" in money
    wallets = next(r.message for r in reasons if r.message.startswith("开立个人钱包数"))
    assert "为120个，达到序时计划391个的30.68%" in wallets  # no fractions of a wallet


def test_a_month_that_waits_for_the_office_is_not_unreported(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        finish_milestones(project)
        for end in (JULY, AUGUST):
            hand_in(both_cast, project, end, {"K01": 100, "K06": 5})
    with at(2022, 10, 11):
        hand_in(both_cast, project, SEPTEMBER, {"K01": 900, "K06": 20}, ticked=["K01", "K06"])
    with at(2022, 10, 13):
        assert status_lights([project.id])[project.id].color == "green"
        before = status_lights([project.id], date(2022, 10, 10))[project.id]
        assert before.color == "green"  # due on the 13th: nothing is late yet


def test_every_page_computes_one_completion(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    targets = [
        {
            "indicator": "K09",
            "target": Decimal(1000),
            "starts_on": date(2022, 9, 1),
            "due_on": DECEMBER,
        }
    ]
    with at(2022, 11, 4):
        set_targets(project, targets)
        for end, value in ((AUGUST, 500), (SEPTEMBER, 100), (OCTOBER, 150)):
            approved_figures(both_cast, project, end, {"K09": value})
        row = figure_history(project.id).row("K09")
        (held,) = target_progress.target_progress([project.id], clock.today())[project.id]
        assert row is not None
        assert (row.actual, row.completion) == ("250笔", Decimal("25.00"))
        assert (held.actual, held.completion) == (Decimal(250), Decimal("25.00"))
        assert row.span == "自2022年9月起，2期合计"


def test_an_expected_figure_is_nowhere_counted_as_reached(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        aim(project, ("K15", 0, 1000000), ("K14", 0, 2))
        typed = [*cells({"K14": 1}), Cell("K15", Decimal(1000000), forecast=True)]
        entry_service.submit_figures(project, SEPTEMBER, 0, typed, frozenset(), both_cast.member)
        db.session.commit()
        confirm(both_cast, project, SEPTEMBER)
        approve(both_cast, project, SEPTEMBER)
        row = figure_history(project.id).row("K15")
        assert row is not None and row.completion is None
        assert "预计" in row.expected


def test_the_row_of_a_flow_shows_what_its_percent_is_of(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        project = running_project(cast)
        key = project.key
        with at(2022, 11, 4):
            aim(project, ("K09", 0, 1000), ("K01", 0, 1200))
            for end, value in ((SEPTEMBER, 100), (OCTOBER, 150)):
                approved_figures(cast, project, end, {"K09": value, "K01": 300})
    with at(2022, 11, 5):
        page = text_of(client.as_(cast.leading).get(f"/projects/{key}"))
    table = page[page.index("指标完成情况") :]
    row = table[table.index("交易笔数") :][:80]
    assert "250笔" in row and "25.00%" in row


def test_sums_of_last_year_are_headed_by_their_year(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    with app.app_context():
        project = running_project(cast)
        with at(2023, 1, 6):
            aim(project, ("K09", 0, 1000), due=date(2023, 12, 31))
            approved_figures(cast, project, DECEMBER, {"K09": 4})
    with at(2023, 1, 15):
        page = text_of(client.as_(cast.leading).get("/indicators"))
        assert "2022年累计" in page and "本年累计" not in page
    with at(2022, 12, 31):
        assert "本年累计" in text_of(client.as_(cast.leading).get("/indicators"))
