"""When a project turns yellow or red, and what the page says about it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lab.portfolio.rules.lifecycle import PROJECT
from lab.portfolio.rules.prorated_target import TargetMeasure
from lab.portfolio.rules.status_light import (
    Issue,
    Light,
    LightFacts,
    Milestone,
    Override,
    ReportState,
    evaluate_light,
)
from tests.support.builders.targets import START, TODAY, wallet_measure


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def judge(**facts: Any) -> Light:
    return evaluate_light(LightFacts(TODAY, facts.pop("state", "running"), **facts))


@pytest.mark.parametrize(
    ("due", "progress", "color"),
    [
        (8, 0, "green"),
        (7, 0, "yellow"),
        (7, 1, "green"),
        (0, 0, "yellow"),
        (0, 50, "green"),
        (-1, 50, "yellow"),
        (-15, 99, "yellow"),
        (-16, 99, "red"),
    ],
)
def test_an_open_milestone_turns_yellow_then_red(due: int, progress: int, color: str) -> None:
    assert judge(milestones=(Milestone("签约", days(due), None, progress),)).color == color


def test_a_milestone_that_was_done_late_is_no_longer_late() -> None:
    assert judge(milestones=(Milestone("签约", days(-40), days(-1), 100),)).color == "green"


@pytest.mark.parametrize(
    ("actual", "color"),
    [
        ("100", "green"),
        ("90", "green"),
        ("89.99", "yellow"),
        ("85", "yellow"),
        ("70", "yellow"),
        ("69.99", "red"),
        ("0", "red"),
        (None, "green"),  # handed in and waiting
    ],
)
def test_an_indicator_is_measured_against_its_plan(actual: str | None, color: str) -> None:
    assert judge(measures=(wallet_measure(actual),)).color == color


def test_an_exact_boundary_is_not_lost_to_rounding() -> None:
    third = wallet_measure("30", target="100", start=date(2022, 9, 30), end=date(2022, 10, 2))
    assert judge(measures=(third,)).color == "green"


def test_nothing_is_asked_before_the_plan_begins() -> None:
    later = START - timedelta(days=1)
    assert judge(measures=(wallet_measure("0", as_of=later),)).color == "green"


@pytest.mark.parametrize("actual", [None, "100", "5"])
def test_a_month_without_a_figure_is_yellow(actual: str | None) -> None:
    assert judge(measures=(wallet_measure(actual, reported=False),)).color == "yellow"


@pytest.mark.parametrize(
    ("measure", "sentence"),
    [
        (
            wallet_measure("85", flow=True),
            "自2022年7月1日起累计85个，达到序时计划100个的85.00%。",
        ),
        (wallet_measure("60", target="80", ratio=True), "为60个，目标80个，完成率75.00%。"),
        (
            wallet_measure("4", "11", formatter=lambda value: f"{value:.0f}个"),
            "为4个，达到序时计划5.5个的72.73%。",
        ),
        (
            wallet_measure("649", "1663.38", formatter=lambda value: f"{value:.0f}个"),
            "为649个，达到序时计划832个的78.03%。",
        ),
        (
            wallet_measure("95", "60", base=Decimal(100)),
            "为95个，达到序时计划80个（基数100个）的25.00%。",
        ),
        (
            wallet_measure("85", formatter=lambda value: f"{value}元整"),
            "为85元整，达到序时计划100.00元整的85.00%。",
        ),
    ],
)
def test_a_ground_quotes_the_figure_it_is_computed_from(
    measure: TargetMeasure, sentence: str
) -> None:
    (reason,) = judge(measures=(measure,)).reasons
    assert reason.message == f"开立个人钱包数截至2022年9月30日{sentence}"


@pytest.mark.parametrize(
    ("late", "missed", "color"),
    [
        (0, 0, "green"),
        (1, 0, "yellow"),
        (7, 1, "yellow"),
        (8, 1, "red"),
        (0, 2, "red"),
        (0, 1, "green"),
    ],
)
def test_a_late_report_turns_the_light(late: int, missed: int, color: str) -> None:
    assert judge(report=ReportState(late, missed)).color == color


@pytest.mark.parametrize(
    ("kind", "opened", "color"),
    [
        ("coordination", -7, "green"),
        ("coordination", -8, "yellow"),
        ("blocked", 0, "red"),
        ("compliance", 0, "red"),
    ],
)
def test_an_open_issue_turns_the_light(kind: Any, opened: int, color: str) -> None:
    assert judge(issues=(Issue("商场接口", days(opened), kind),)).color == color


def test_the_worst_reason_decides_and_comes_first() -> None:
    found = judge(
        milestones=(Milestone("签约", days(-3)),),
        measures=(wallet_measure("85"), wallet_measure("69")),
        report=ReportState(2),
        issues=(Issue("商场接口", days(-9)),),
    )
    assert (found.color, found.label) == ("red", "红灯")
    assert [reason.message for reason in found.reasons] == [
        "开立个人钱包数截至2022年9月30日为69个，达到序时计划100个的69.00%。",
        "里程碑“签约”应于2022年9月27日完成，已逾期3天。",
        "开立个人钱包数截至2022年9月30日为85个，达到序时计划100个的85.00%。",
        "协调事项“商场接口”已9天未办结。",
        "进展报告已逾期2天。",
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"milestones": (Milestone("签约", days(7)),)},
            "里程碑“签约”应于2022年10月7日完成，还有7天，尚无进展。",
        ),
        (
            {"milestones": (Milestone("签约", TODAY),)},
            "里程碑“签约”应于2022年9月30日完成，今天到期，尚无进展。",
        ),
        (
            {"measures": (wallet_measure(None, reported=False),)},
            "开立个人钱包数截至2022年9月30日未报。",
        ),
        ({"report": ReportState(9, 2)}, "连续2期未报进展。"),
        ({"issues": (Issue("接口", TODAY, "blocked"),)}, "“接口”受阻，项目无法推进。"),
        ({"issues": (Issue("广告", TODAY, "compliance"),)}, "“广告”存在合规风险。"),
    ],
)
def test_each_reason_reads_as_a_sentence(facts: dict[str, Any], sentence: str) -> None:
    assert [reason.message for reason in judge(**facts).reasons] == [sentence]


@pytest.mark.parametrize("state", PROJECT.codes)
def test_projects_that_do_not_run_are_grey_however_late(state: str) -> None:
    found = judge(state=state, milestones=(Milestone("签约", days(-99)),))
    grey = ("awaiting_charter", "paused", "closed", "terminated")
    assert found.color == ("grey" if state in grey else "red")


def test_a_project_without_any_basis_is_grey_and_says_so() -> None:
    found = judge()
    assert (found.color, found.reasons[0].message) == (
        "grey",
        "没有里程碑、指标和报告，暂不评灯。",
    )


def test_a_manual_light_keeps_the_computed_one() -> None:
    late = (Milestone("签约", days(-99)),)
    found = judge(milestones=late, override=Override("yellow", "已与商场约定新日期"))
    assert (found.color, found.computed, found.manual) == ("yellow", "red", True)
    assert found.label == "黄灯（人工）"
    assert found.reasons[0].message == "人工设为黄灯：已与商场约定新日期"
    assert len(found.reasons) == 2
    with pytest.raises(ValueError, match="reason"):
        Override("green", " ")


@pytest.mark.parametrize("state", ["closed", "terminated"])
def test_a_light_set_by_hand_ends_with_the_project(state: str) -> None:
    found = evaluate_light(LightFacts(TODAY, state, override=Override("red", "资金未到位")))
    assert (found.color, found.manual) == ("grey", False)
