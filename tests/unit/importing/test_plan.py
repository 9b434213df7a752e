"""A choice of columns is checked, its units converted, and stored so that it comes back."""

from __future__ import annotations

import json
from itertools import chain

import pytest

from lab.importing.rules.fields import ImportMode, TargetField
from lab.importing.rules.plan import ColumnPlan, factors, plan_from, plan_problems
from lab.importing.rules.units import converted, heading_unit
from lab.web.typed.units import UNITS, factor

FIELDS = (
    TargetField("title", "项目名称"),
    TargetField("items", "预算明细"),
    TargetField("total", "预算合计", unit="元", into=("items",)),
    TargetField("owner", "填报人"),
)
DRAFTS = ImportMode("drafts", "草稿", "可以空着。", ("owner", "title"))


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("预算(元)", "元"),
        ("预算（万元）", "万元"),
        ("预算【单位：万元】", "万元"),
        ("预算（人民币万元）", "万元"),
        ("开立数 (万 户)", "万户"),
        ("预算（不含税）（万元）", "万元"),
        ("预算", ""),
        ("预算（不含税）", ""),
        ("万元户", ""),
    ],
)
def test_the_unit_in_a_heading_is_read_on_its_own(heading: str, unit: str) -> None:
    assert heading_unit(heading) == unit


@pytest.mark.parametrize(
    ("found", "wanted", "by"),
    [
        ("万元", "元", 10_000),
        ("亿元", "万元", 10_000),
        ("千元", "元", 1000),
        ("元", "元", 1),
        ("", "元", 1),
        ("户", "元", None),
        ("元", "万元", None),
        ("万户", "户", 10_000),
    ],
)
def test_units_are_converted_or_refused(found: str, wanted: str, by: int | None) -> None:
    assert factor(found, wanted) == by
    assert all(unit in UNITS for unit in chain([wanted], [found] if found else []))


@pytest.mark.parametrize(
    ("text", "by", "number"),
    [
        ("12", 10_000, "120000"),
        ("12.5", 10_000, "125000"),
        ("0.1", 10_000, "1000"),
        ("1,200", 1000, "1200000"),
        ("12", 1, "12"),
        ("约12", 10_000, "约12"),
        ("", 10_000, ""),
        ("１２", 100, "1200"),
    ],
)
def test_numbers_are_converted_exactly(text: str, by: int, number: str) -> None:
    assert converted(text, by) == number


def test_a_field_has_one_column() -> None:
    found = plan_problems({1: "title", 3: "title", 4: "owner"}, {}, FIELDS, DRAFTS)
    assert found.columns == {3: "“项目名称”已由A列对应，请改选其中一列。"} and found.any


def test_two_fields_of_one_content_cannot_both_have_a_column() -> None:
    columns = {1: "title", 2: "owner", 3: "items", 4: "total"}
    assert list(plan_problems(columns, {}, FIELDS, DRAFTS).columns) == [4]


def test_a_unit_that_cannot_be_converted_is_named() -> None:
    columns, headings = {1: "title", 2: "owner", 3: "total"}, {3: "预算（户）"}
    found = plan_problems(columns, headings, FIELDS, DRAFTS)
    assert found.columns == {3: "标题写的单位是“户”，“预算合计”按“元”填写，不能换算。"}


def test_what_the_mode_needs_must_have_a_column() -> None:
    found = plan_problems({1: "total"}, {}, FIELDS, DRAFTS)
    assert found.whole == "按“草稿”导入，还缺这些列：填报人、项目名称。"
    assert not plan_problems({1: "title", 2: "owner"}, {}, FIELDS, DRAFTS).any


def test_a_plan_comes_back_from_its_json() -> None:
    columns, headings = {2: "title", 5: "total"}, {2: "名称", 5: "预算（万元）"}
    found = factors(columns, headings, FIELDS)
    plan = ColumnPlan("汇总", 3, None, "drafts", columns, headings, found)
    assert found == {"total": 10_000}
    assert plan_from(json.loads(json.dumps(plan.to_json()))) == plan
