"""The items of a call's formality check. Pure.

Office rule: every call has its own list, initially the default; it can be changed until the first
check of the call is recorded. A recorded check keeps the list it was done with.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

Plain = Mapping[str, str]
MAX_ITEMS = 20
LABEL_LIMIT, HINT_LIMIT = 40, 200


@dataclass(frozen=True)
class Item:
    """One line of the list: what must hold and how it is checked. `code` never changes."""

    code: str
    label: str
    hint: str = ""


DEFAULT = (
    Item("eligible", "申报主体符合征集范围"),
    Item("complete", "表格填写完整，内容前后一致"),
    Item("evidence", "附件齐全，能证明所述内容"),
    Item("opinion", "申报单位意见明确，签章齐全"),
    Item("ownership", "无知识产权争议"),
    Item("in_time", "在规定时间内提交"),
    Item("unique", "与在办、已立项项目不重复"),
    Item("compliance", "风险与合规分析覆盖反洗钱、个人信息、资金安全、消费者保护"),
)


@dataclass(frozen=True)
class ListProblem:
    """A problem with the list: the row (from 0, None: the list itself) and the message."""

    row: int | None
    message: str


def find_problem(items: Sequence[Item]) -> ListProblem | None:
    """Return the first rule that the list breaks, None when it is valid."""
    if not items:
        return ListProblem(None, "清单至少要有一项。")
    if len(items) > MAX_ITEMS:
        return ListProblem(None, f"清单最多{MAX_ITEMS}项，现有{len(items)}项。")
    labels = [item.label for item in items]
    for row, label in enumerate(labels):
        if label in labels[:row]:
            return ListProblem(row, f"与第{labels.index(label) + 1}项相同，请修改或删除。")
    return None


def next_code(used_codes: Collection[str]) -> str:
    """Return an unused code for a new item: item1, item2 …"""
    number = 1
    while f"item{number}" in used_codes:
        number += 1
    return f"item{number}"


def to_plain(items: Sequence[Item]) -> list[Plain]:
    """Return the list as it is stored."""
    return [asdict(item) for item in items]


def from_plain(rows: Sequence[Plain]) -> tuple[Item, ...]:
    """Return a list as it was stored. Raises TypeError for anything else."""
    return tuple(Item(**row) for row in rows)
