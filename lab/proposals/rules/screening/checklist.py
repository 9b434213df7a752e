"""The formality check: what an outcome requires. Pure.

Office rule: no scoring; each item is 合格 or 不合格, 不合格 with a note on what is wrong. Passing
requires every item to be 合格; a return requires a reason, working days, which count from its
letter, and the fields to correct; a refusal requires a reason. The items are the call's own list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lab.calls.rules.check_items import DEFAULT, Item

OK, FAIL = "ok", "fail"
RESULTS: Mapping[str, str] = MappingProxyType({OK: "合格", FAIL: "不合格", "": "未查"})
PASSED, RETURNED, REFUSED = "passed", "returned", "refused"
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {PASSED: "合格，进入待评审", RETURNED: "退回补正", REFUSED: "不予受理"}
)
ACTIONS: Mapping[str, str] = MappingProxyType(
    {PASSED: "pass_check", RETURNED: "return_check", REFUSED: "refuse"}
)
RETURN_WORKING_DAYS, MOST_RETURN_DAYS = 5, 20
NOTE_SUFFIX = "_note"  # the field of an item's note is called by its code and this

ITEMS = DEFAULT
ITEM_LABELS: Mapping[str, str] = MappingProxyType({item.code: item.label for item in ITEMS})


@dataclass(frozen=True)
class Mark:
    """The checker's verdict on one item: result ok, fail or "" (not checked), and a note.

    `label` is the item's text at the time of the check; checks from before calls had their own
    lists have none and use the default's.
    """

    code: str
    result: str = ""
    note: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.result not in RESULTS:
            raise ValueError(f"unknown result {self.result}")

    @property
    def label_text(self) -> str:
        """The item as text."""
        return self.label or ITEM_LABELS.get(self.code, self.code)


@dataclass(frozen=True)
class Ruling:
    """Outcome of a formality check, with its details.

    `due_days`: working days that a return gives, counted from the day its letter is sent;
    `reopened` are form field names.
    """

    outcome: str
    reason: str = ""
    due_days: int | None = None
    reopened: Collection[str] = ()


@dataclass(frozen=True)
class ChecklistProblem:
    """Why an outcome cannot be recorded: the field at fault and the message."""

    field: str
    message: str


def complete_marks(items: Sequence[Item], entered_marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return one mark per item of the list, in order; items without one are not checked yet."""
    by_code = {mark.code: mark for mark in entered_marks}
    pairs = [(item, by_code.get(item.code, Mark(item.code))) for item in items]
    return tuple(Mark(item.code, mark.result, mark.note, item.label) for item, mark in pairs)


def find_problem(marks: Sequence[Mark], ruling: Ruling) -> ChecklistProblem | None:
    """Return the first rule that the outcome breaks, None when it can be recorded."""
    if ruling.outcome not in OUTCOMES:
        return ChecklistProblem("outcome", "请选择审查结论。")
    if ruling.outcome == PASSED:
        return _unchecked_item(marks)
    if problem := _item_without_note(marks):
        return problem
    if not ruling.reason:
        return ChecklistProblem("reason", "请写明理由，申报人会看到。")
    return _return(ruling) if ruling.outcome == RETURNED else None


def _return(ruling: Ruling) -> ChecklistProblem | None:
    if ruling.due_days is None:
        return ChecklistProblem("due_days", "请选择补正期限。")
    if not 1 <= ruling.due_days <= MOST_RETURN_DAYS:
        return ChecklistProblem("due_days", f"补正期限为1至{MOST_RETURN_DAYS}个工作日。")
    if not ruling.reopened:
        return ChecklistProblem("reopened", "请至少选择一项退回修改的内容。")
    return None


def _unchecked_item(marks: Iterable[Mark]) -> ChecklistProblem | None:
    for mark in marks:
        if mark.result != OK:
            result = RESULTS[mark.result]
            message = f"“{mark.label_text}”为{result}，全部合格才能通过形式审查。"
            return ChecklistProblem(mark.code, message)
    return None


def _item_without_note(marks: Iterable[Mark]) -> ChecklistProblem | None:
    for mark in marks:
        if mark.result == FAIL and not mark.note:
            return ChecklistProblem(mark.code + NOTE_SUFFIX, "请写明哪里不合格。")
    return None
