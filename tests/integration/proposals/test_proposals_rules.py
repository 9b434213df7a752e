"""What a proposal lacks and what comes next, as the pages say it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from lab.proposals.rules.completeness import REQUIRED, missing_items, step_states
from lab.proposals.rules.lifecycle import FINAL, PROPOSAL
from lab.proposals.rules.progress import next_step_for

DAY = date(2022, 7, 1)


def complete(**changes: Any) -> Any:
    """A complete proposal as the rules read it."""
    facts: dict[str, Any] = dict.fromkeys(REQUIRED, "已填")
    facts |= {
        "starts_on": DAY,
        "ends_on": date(2022, 12, 31),
        "milestones": [SimpleNamespace(due_on=DAY), SimpleNamespace(due_on=date(2022, 12, 31))],
        "targets": [SimpleNamespace(due_on=date(2023, 1, 31))],
        "smart_contract": False,
        "smart_contract_text": "",
        "owner_id": 1,
        "joint_unit_id": None,
        "partner_id": None,
    }
    return SimpleNamespace(**{**facts, **changes})


def sentences(**changes: Any) -> list[str]:
    return [item.message for item in missing_items(complete(**changes))]


def test_a_complete_proposal_lacks_nothing() -> None:
    assert sentences() == []


@pytest.mark.parametrize("name", REQUIRED)
def test_each_required_field_is_missed_by_name(name: str) -> None:
    found = missing_items(complete(**{name: None}))
    assert [item.field for item in found] == [name]
    assert name in found[0].step.fields


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"milestones": [SimpleNamespace(due_on=DAY)]}, "里程碑：至少填写2项，现有1项。"),
        ({"targets": []}, "预期指标：至少填写1项，现有0项。"),
        ({"ends_on": date(2022, 6, 30)}, "计划结束日期：应不早于计划开始日期。"),
        (
            {"milestones": [SimpleNamespace(due_on=DAY), SimpleNamespace(due_on=date(2023, 1, 1))]},
            "里程碑：第2项的完成日期应在计划起止日期之内。",
        ),
        (
            {"targets": [SimpleNamespace(due_on=date(2022, 6, 30))]},
            "预期指标：第1项的完成期限应不早于计划开始日期。",
        ),
        ({"joint_unit_id": 2}, "联合单位确认人：联合申报须由联合单位的一位人员确认，尚未选择。"),
        (
            {"joint_unit_id": 2, "partner_id": 1},
            "联合单位确认人：不能是填报人或负责人，请选联合单位的其他人员。",
        ),
        ({"smart_contract": True}, "智能合约使用说明：已选择使用智能合约，请说明用途。"),
    ],
)
def test_rows_dates_and_the_contract_are_checked(changes: dict[str, Any], sentence: str) -> None:
    assert sentences(**changes) == [sentence]


def test_content_that_failed_the_check_is_named_once() -> None:
    found = missing_items(complete(title=""), ["title"])
    assert [item.message for item in found] == ["项目名称：填写的内容没有通过检查，请改正。"]


def test_a_form_nobody_has_saved_shows_no_warnings_yet() -> None:
    found = missing_items(complete(plan=""))
    marks = [mark for _, mark in step_states(found, touched=(), current="basics")]
    assert marks == ["done", "done", "todo", "done", "done", "done"]
    marks = [mark for _, mark in step_states(found, touched=("plan",))]
    assert marks.count("warn") == 1 and marks[2] == "warn"
    assert [mark for _, mark in step_states(found, touched=(), current="plan")][2] == "current"


def test_every_state_but_the_final_ones_names_the_next_step() -> None:
    for code in PROPOSAL.codes:
        found = next_step_for(code, True, None, None)
        assert found.text and bool(found.turn) == (code not in FINAL), code
