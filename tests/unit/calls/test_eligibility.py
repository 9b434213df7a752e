"""Who may apply to a call."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lab.calls.rules.eligibility import format_limit, reason_not_to_begin, reason_not_to_submit


def call(side: str = "any", joint: str = "normal", limit: int | None = None) -> Any:
    return SimpleNamespace(applicant_side=side, joint_rule=joint, unit_limit=limit)


@pytest.mark.parametrize(
    ("rules", "side", "counted", "why"),
    [
        (call(), "post", 99, ""),
        (call("post"), "post", 0, ""),
        (call("post"), "bank", 0, "本批次只接受邮政单位牵头申报，您所在单位属于银行。"),
        (call("bank"), "post", 0, "本批次只接受银行单位牵头申报，您所在单位属于邮政。"),
        (call(limit=2), "post", 1, ""),
        (call(limit=2), "post", 2, "本批次每个单位最多申报2个项目，您所在单位已提交2个。"),
        (call(joint="required"), "post", 0, ""),
    ],
)
def test_who_may_begin(rules: Any, side: str, counted: int, why: str) -> None:
    assert reason_not_to_begin(rules, side, counted) == why


JOINT = "本批次要求邮政与银行单位联合申报，请在联合申报单位中填写另一方的单位。"


@pytest.mark.parametrize(
    ("rules", "side", "partner", "others", "why"),
    [
        (call(), "post", "", 5, ""),
        (call(joint="none"), "post", "", 0, ""),
        (call(joint="required"), "post", "", 0, JOINT),
        (call(joint="required"), "post", "post", 0, JOINT),
        (call(joint="required"), "post", "bank", 0, ""),
        (
            call("bank"),
            "post",
            "bank",
            0,
            "本批次只接受银行单位牵头申报，所填申报单位属于邮政，请修改申报单位。",
        ),
        (call(limit=1), "bank", "post", 1, "本批次每个单位最多申报1个项目，申报单位已提交1个。"),
        (call(limit=1), "bank", "post", 0, ""),
    ],
)
def test_who_may_submit(rules: Any, side: str, partner: str, others: int, why: str) -> None:
    assert reason_not_to_submit(rules, side, partner, others) == why


def test_the_limit_as_text() -> None:
    assert (format_limit(None), format_limit(3)) == ("不限", "最多3个")
