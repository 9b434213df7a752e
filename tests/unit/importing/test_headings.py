"""Headings of a workbook are matched with fields, as far as they can be told apart."""

from __future__ import annotations

import pytest

from lab.importing.rules.fields import TargetField
from lab.importing.rules.headings import heading_key, likely_heading_row, suggest

FIELDS = (
    TargetField("owner", "填报人", ("申报人", "申请人")),
    TargetField("title", "项目名称", ("课题名称",)),
    TargetField("unit", "申报单位", ("单位名称",)),
    TargetField("phone", "负责人电话", ("联系电话", "手机号码")),
    TargetField("leader", "负责人", ("项目负责人",)),
    TargetField("items", "预算"),
    TargetField("total", "预算合计", ("预算", "预算金额"), unit="元"),
    TargetField("ends", "计划结束日期", ("结束日期",)),
)


def preselected(*headings: str, **remembered: str) -> list[str]:
    found = suggest(dict(enumerate(headings, start=1)), FIELDS, remembered)
    return [found[column].field for column in sorted(found)]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("项目名称", "title"),
        ("项目名称*", "title"),
        (" 项 目 名 称 ：", "title"),
        ("项目名称（50字以内）", "title"),
        ("课题名称", "title"),
        ("申报人", "owner"),
        ("申请人姓名", "owner"),
        ("申报单位（盖章）", "unit"),
        ("联系电话", "phone"),
        ("手机号码", "phone"),
        ("预算金额（万元）", "total"),
        ("预算合计(元)", "total"),
        ("预算（万元）", "total"),
        ("预算【单位：元】", "total"),
        ("结束日期", "ends"),
        ("项目负责人", "leader"),
    ],
)
def test_a_heading_of_the_field_is_preselected(heading: str, field: str) -> None:
    assert preselected(heading) == [field]


@pytest.mark.parametrize(
    "heading", ["", "预算", "序号", "备注", "交易商户数", "联系人", "区县", "名称"]
)
def test_a_strange_heading_is_left_to_the_person(heading: str) -> None:
    assert preselected(heading) == [""]


def test_what_may_be_meant_is_offered_and_not_preselected() -> None:
    found = suggest({1: "单位", 2: "完工日期"}, FIELDS, {})
    assert found[1].field == "" and "unit" in found[1].offered
    assert found[2].field == "" and "ends" in found[2].offered


@pytest.mark.parametrize("heading", ["序号", "编号", "学号", "名次", "人"])
def test_one_character_in_common_offers_nothing(heading: str) -> None:
    fields = (TargetField("sign_in", "登录名", ("工号", "账号")), TargetField("name", "姓名"))
    assert suggest({1: heading}, fields, {})[1].offered == ()
    assert suggest({1: "工号"}, fields, {})[1].field == "sign_in"


def test_of_equal_headings_the_more_usual_name_is_preselected() -> None:
    fields = (TargetField("sign_in", "登录名", ("登录账号", "工号")), TargetField("name", "姓名"))
    found = suggest({1: "工号", 2: "姓名", 3: "登录账号"}, fields, {})
    assert [found[column].field for column in (1, 2, 3)] == ["", "name", "sign_in"]
    assert "sign_in" in found[1].offered


def test_each_field_is_preselected_once_at_its_best_heading() -> None:
    assert preselected("项目名称（简称）", "项目名称", "课题名称").count("title") == 1
    assert preselected("申请人", "申报人") == ["", "owner"]


def test_what_was_chosen_before_comes_first() -> None:
    remembered = {heading_key("承办人"): "owner", heading_key("申报人"): "", "项目名称": "unit"}
    assert preselected("承办人", "申报人", "项目名称", **remembered) == ["owner", "", "unit"]
    found = suggest({1: "承办人", 2: "电话"}, FIELDS, remembered)
    assert (found[1].remembered, found[2].remembered) == (True, False)


def test_a_field_that_is_gone_is_not_remembered() -> None:
    assert preselected("承办人", **{heading_key("承办人"): "no_such_field"}) == [""]


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([["项目名称", "申报人"], ["甲", "乙"]], 1),
        ([["2021年申报汇总表", ""], ["项目名称", "申报人"], ["甲", "乙"]], 2),
        ([["汇总表"], [], ["填表日期：2021年"], ["序号", "项目名称", "单位名称"]], 4),
        ([["基本情况", "", "联系"], ["项目名称", "申报人", "联系电话"]], 2),
        ([["标题"], ["甲", "乙", "丙"]], 2),
        ([["甲"], ["乙"]], 1),
        ([], 0),
    ],
)
def test_the_row_of_headings_is_found_below_titles(rows: list[list[str]], row: int) -> None:
    assert likely_heading_row(rows, FIELDS) == row
