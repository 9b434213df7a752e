"""The formality check: what is looked at, and what an outcome needs. Pure.

Office rule: no scoring; each item is 合格 or 不合格 with a note. Passing needs every item to be
合格; a return needs a reason and a due date; a refusal needs a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

OK, FAIL = "ok", "fail"
RESULTS: Mapping[str, str] = MappingProxyType({OK: "合格", FAIL: "不合格", "": "未查"})
PASSED, RETURNED, REFUSED = "passed", "returned", "refused"
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {PASSED: "合格，进入待评审", RETURNED: "退回补正", REFUSED: "不予受理"}
)
ACTS: Mapping[str, str] = MappingProxyType(
    {PASSED: "pass_check", RETURNED: "return_check", REFUSED: "refuse"}
)
RETURN_WORKING_DAYS = 5


@dataclass(frozen=True)
class Item:
    """One line of the checklist."""

    code: str
    label: str


ITEMS = (
    Item("eligible", "申报主体符合征集范围"),
    Item("complete", "表格填写完整，内容前后一致"),
    Item("evidence", "附件齐全，能证明所述内容"),
    Item("opinion", "申报单位意见明确，签章齐全"),
    Item("ownership", "无知识产权争议"),
    Item("in_time", "在规定时间内提交"),
    Item("unique", "与在办、已立项项目不重复"),
    Item("compliance", "风险与合规分析覆盖反洗钱、个人信息、资金安全、消费者保护"),
)
LABELS: Mapping[str, str] = MappingProxyType({item.code: item.label for item in ITEMS})


@dataclass(frozen=True)
class Mark:
    """What the checker says of one item: result ok, fail or "" (not looked at), and a note."""

    code: str
    result: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.code not in LABELS or self.result not in RESULTS:
            raise ValueError(f"unknown mark {self.code} {self.result}")


@dataclass(frozen=True)
class Trouble:
    """Why an outcome cannot be recorded: the field at fault and the sentence."""

    field: str
    sentence: str


def trouble(
    marks: Collection[Mark], outcome: str, reason: str, due_on: date | None, today: date
) -> Trouble | None:
    """The first rule that the outcome breaks, None when it can be recorded."""
    if outcome not in OUTCOMES:
        return Trouble("outcome", "请选择审查结论。")
    if outcome == PASSED:
        return _open_item(marks)
    if not reason:
        return Trouble("reason", "请写明理由，申报人会看到。")
    if outcome == RETURNED and due_on is None:
        return Trouble("due_on", "请填写补正期限。")
    if outcome == RETURNED and due_on is not None and due_on < today:
        return Trouble("due_on", "补正期限不能早于今天。")
    return None


def _open_item(marks: Collection[Mark]) -> Trouble | None:
    results = {mark.code: mark.result for mark in marks}
    for item in ITEMS:
        result = results.get(item.code, "")
        if result != OK:
            return Trouble(
                item.code, f"“{item.label}”为{RESULTS[result]}，全部合格才能通过形式审查。"
            )
    return None
