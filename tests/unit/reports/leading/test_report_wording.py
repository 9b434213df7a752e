"""Figures and sentences read as an office would write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from lab.portfolio.rules import status_light
from lab.portfolio.rules.prorated_target import TargetMeasure
from lab.reports.content import cells, wording
from lab.reports.content.leading import FactFigure, FactGroup, LightCount, Summary, TroubledProject
from lab.reports.leading import builder as leading
from tests.support.documents.report_cases import demo_report, empty_report, facts_report


def lit(**counts: int) -> tuple[LightCount, ...]:
    return tuple(LightCount(color, count) for color, count in counts.items())  # type: ignore[arg-type]


def test_dates_carry_no_leading_zeros_and_stand_in_beijing_time() -> None:
    assert wording.full_date(date(2022, 7, 1)) == "2022年7月1日"
    assert wording.full_date(None) == "—"
    assert wording.full_time(datetime(2022, 12, 31, 17, 5, tzinfo=UTC)) == "2023年1月1日1时05分"


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        (("19146", "20000"), "个", (("19146", "20000"), "个")),
        (("9999.5", None), "元", (("9999.50", "—"), "元")),
        (("40", "85.5"), "%", (("40.00", "85.50"), "%")),
        (("123456.785", "200000"), "元", (("12.35", "20.00"), "万元")),
        (("150000000", "5000"), "元", (("15000.00", "0.50"), "万元")),
        (("490000", "300000000"), "元", (("49.00", "30000.00"), "万元")),
        (("3000000000", "900"), "元", (("3000000000.00", "900.00"), "元")),
        (("99999950", None), "元", (("1.00", "—"), "亿元")),
        (("9999.999", "0"), "元", (("1.00", "0.00"), "万元")),
        (("1E+4", None), "笔", (("10000", "—"), "笔")),
        ((None, None), "元", (("—", "—"), "元")),
    ],
)
def test_one_row_has_one_unit_and_only_money_is_scaled(
    values: tuple[str | None, ...], unit: str, expected: object
) -> None:
    figures = tuple(None if value is None else Decimal(value) for value in values)
    assert wording.amounts(figures, unit) == expected


def test_percent_has_two_decimals_half_up() -> None:
    assert wording.percent(Decimal("83.335")) == "83.34%"
    assert wording.percent(None) == "—"


def test_published_wording_stays_as_it_is() -> None:
    assert wording.received_text("近20个") == "近20个"
    forecast = FactFigure("代发工资金额", None, "预计每月100余万元", None)
    assert wording.fact_phrase(forecast) == "代发工资金额预计每月100余万元"
    assert wording.fact_phrase(FactFigure("活跃钱包数", None, None, "个")) == "活跃钱包未载明"


def test_the_opening_names_every_known_figure() -> None:
    assert wording.overall(facts_report()) == (
        "首批创新项目征集共收到申报项目近20个，立项12个。截至2022年12月31日，"
        "已落地4个，正在推进2个；其余6个项目的名称和进展未载明。"
    )


def test_unknown_figures_are_said_to_be_unknown() -> None:
    assert wording.overall(empty_report()) == (
        "首批创新项目征集共收到申报项目未载明。截至2022年12月31日，项目进展情况未载明。"
    )
    zero = replace(facts_report(), batches=(Summary("首批创新项目征集", 0, 0, 0, 0),))
    assert "申报项目0个，立项0个" in wording.overall(zero)


def test_lights_are_counted_and_missing_ones_named() -> None:
    assert wording.light_sentences(facts_report()) == ()
    own = Summary("第二批", 9, 5, 1, 4, lights=lit(green=3))
    (counted,) = wording.light_sentences(replace(facts_report(), batches=(own,)))
    assert counted == "项目亮灯情况：绿灯3个、黄灯0个、红灯0个，未评灯2个。"


def test_a_project_in_trouble_says_why_and_what_is_asked() -> None:
    trouble = TroubledProject("示范街区", "red", None, None, None, False)
    assert wording.trouble_state(trouble) == "红灯"
    assert wording.trouble_text(trouble) == "原因未载明。"
    asked = TroubledProject("示范街区", "red", date(2022, 9, 30), "进度落后。", "请协调园区", False)
    assert wording.trouble_state(asked) == "红灯，2022年9月月报"
    assert wording.trouble_text(asked) == "进度落后。请求协调：请协调园区。"


def test_a_title_is_broken_after_the_name_of_the_lab() -> None:
    assert wording.title_lines("北京邮银数字人民币创新实验室项目推进情况报告") == (
        "北京邮银数字人民币创新实验室",
        "项目推进情况报告",
    )
    assert wording.title_lines("项目推进情况报告") == ("项目推进情况报告",)


def test_invented_names_carry_the_mark_once() -> None:
    assert wording.marked("某项目", True) == "【演示】某项目"
    assert wording.marked("【演示】某项目", True) == "【演示】某项目"
    assert wording.marked("某项目", False) == "某项目"


def test_indicator_lines_are_grouped_by_scope_and_source() -> None:
    groups = cells.indicator_groups(demo_report())
    assert [group.heading for group in groups] == [
        "丽泽试验区　来源：公开报道",
        "全部项目　已审定，2022年12月",
    ]
    forecast = next(line for line in groups[0].lines if line.worded)
    assert (forecast.actual, forecast.target, forecast.completion) == (
        "预计每月100余万元",
        "—",
        "—",
    )


def test_unknown_cells_of_a_project_show_a_dash_or_say_so() -> None:
    line = cells.project_groups(facts_report())[0].lines[0]
    assert (line.number, line.unit, line.light_word, line.milestone) == (
        "—",
        "牵头单位未载明",
        "—",
        "—",
    )


def test_published_states_are_not_claimed_for_later_dates() -> None:
    report = facts_report()
    summary = replace(report.summary, as_of=date(2022, 12, 31))
    later = replace(report, cutoff=date(2026, 11, 22), batches=(summary,))
    assert "截至2022年12月31日，已落地4个" in wording.overall(later)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("", ""),
        ("　", ""),
        ("“暂停”。”", "“暂停”。”"),
        ("原因不明！ ", "原因不明！"),
        ("待协调，", "待协调，"),
        ("已报。。", "已报。"),
        ("（已处理。）", "（已处理。）"),
        ("请批示", "请批示。"),
    ],
)
def test_a_sentence_has_one_stop(typed: str, printed: str) -> None:
    assert wording.as_sentence(typed) == printed


def test_lines_that_somebody_typed_stay_lines() -> None:
    trouble = TroubledProject(
        "甲", "red", None, "（1）系统未接通。\n（2）终端不足", "请协调", False
    )
    assert wording.typed_lines(wording.trouble_text(trouble)) == (
        "（1）系统未接通。",
        "（2）终端不足。",
        "请求协调：请协调。",
    )


def test_lights_are_never_summed_over_batches() -> None:
    published = replace(facts_report().batches[0], lights=lit(red=1))
    own = Summary("第二批", 9, 2, 0, 2, lights=lit(green=1, yellow=1))
    demo = Summary("第二批", 9, 1, 0, 1, provenance="demo", lights=lit(red=1))
    report = replace(facts_report(), has_demo=True, batches=(published, own, demo))
    assert wording.light_sentences(report) == (
        "首批创新项目征集（公开报道）亮灯情况（本系统评定）：绿灯0个、黄灯0个、红灯1个，未评灯5个。",
        "第二批亮灯情况：绿灯1个、黄灯1个、红灯0个。",
        "第二批（演示数据）亮灯情况：绿灯0个、黄灯0个、红灯1个。",
    )
    alone = wording.light_sentences(replace(report, batches=(demo,)))
    assert alone == ("演示项目亮灯情况：绿灯0个、黄灯0个、红灯1个。",)


def test_a_published_zero_keeps_its_unit() -> None:
    group = FactGroup(None, (FactFigure("储备小企业贷款客户数", Decimal(0), None, "户"),))
    assert wording.fact_sentence(group) == "储备小企业贷款客户0户。"


def test_a_total_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        Summary("首批创新项目征集", 3, 3, 1, 1)


@pytest.mark.parametrize(
    ("override", "milestone", "brief"),
    [
        ("因合作方停工，等待复工", "x", "人工设为红灯：因合作方停工，等待复工"),
        (None, "签约，上线", "里程碑已逾期40天"),
    ],
)
def test_a_ground_is_shortened_without_doubling(
    override: str | None, milestone: str, brief: str
) -> None:
    facts = status_light.LightFacts(
        date(2022, 10, 10),
        "running",
        milestones=(status_light.Milestone(milestone, date(2022, 8, 31)),),
        override=status_light.Override("red", override) if override else None,
    )
    row = SimpleNamespace(light=status_light.evaluate_light(facts))
    assert leading._brief(row) == brief  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "brief"),
    [
        ({"actual": Decimal(60)}, "开立个人钱包数达到序时计划的60.00%"),
        ({"actual": Decimal(60), "ratio": True}, "开立个人钱包数完成率60.00%"),
        ({"reported": False}, "开立个人钱包数未报"),
    ],
)
def test_the_ground_of_an_indicator_says_what_it_is_held_against(
    changes: dict[str, Any], brief: str
) -> None:
    end = date(2022, 9, 30)
    measure = TargetMeasure(
        "开立个人钱包数", "个", ((end, Decimal(100)),), Decimal(50), date(2022, 7, 1), end
    )
    facts = status_light.LightFacts(end, "running", measures=(replace(measure, **changes),))
    row = SimpleNamespace(light=status_light.evaluate_light(facts))
    assert leading._brief(row) == brief  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2022, 7, 4), date(2022, 7, 31), "2022年7月"),
        (date(2022, 7, 4), date(2022, 10, 31), "2022年7月至10月"),
        (date(2022, 7, 4), date(2023, 1, 31), "2022年7月至2023年1月"),
        (None, date(2023, 1, 31), "2023年1月"),
    ],
)
def test_a_sum_of_months_names_its_span(first: date | None, last: date, said: str) -> None:
    assert wording.months(first, last) == said
