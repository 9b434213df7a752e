"""The formality check: what an outcome needs. Pure.

Office rule: no scoring; each item is 合格 or 不合格, 不合格 with a note that says what is wrong.
Passing needs every item to be 合格; a return needs a reason, a due date and what is to be mended;
a refusal needs a reason. What is looked at is the call's own list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lab import clock
from lab.calls.rules.check_items import DEFAULT, Item
from lab.clock import NO_TABLE, OfficeCalendar

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
    """What the checker says of one item: result ok, fail or "" (not looked at), and a note.

    `label` is the item as it stood in the list of that check; checks from before calls had
    lists of their own have none, theirs is the default's.
    """

    code: str
    result: str = ""
    note: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.result not in RESULTS:
            raise ValueError(f"unknown result {self.result}")

    @property
    def words(self) -> str:
        """The item in words."""
        return self.label or ITEM_LABELS.get(self.code, self.code)


@dataclass(frozen=True)
class Ruling:
    """The outcome and what goes with it; `reopened` are names of fields of the form."""

    outcome: str
    reason: str = ""
    due_on: date | None = None
    reopened: Collection[str] = ()


@dataclass(frozen=True)
class ChecklistProblem:
    """Why an outcome cannot be recorded: the field at fault and the sentence."""

    field: str
    message: str


def complete_marks(items: Sequence[Item], entered_marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """One mark for each item of the list, in its order; what was not marked is not looked at."""
    by_code = {mark.code: mark for mark in entered_marks}
    pairs = [(item, by_code.get(item.code, Mark(item.code))) for item in items]
    return tuple(Mark(item.code, mark.result, mark.note, item.label) for item, mark in pairs)


def find_problem(
    marks: Sequence[Mark], ruling: Ruling, today: date, calendar: OfficeCalendar = NO_TABLE
) -> ChecklistProblem | None:
    """The first rule that the outcome breaks, None when it can be recorded."""
    if ruling.outcome not in OUTCOMES:
        return ChecklistProblem("outcome", "请选择审查结论。")
    if ruling.outcome == PASSED:
        return _unchecked_item(marks)
    if problem := _item_without_note(marks):
        return problem
    if not ruling.reason:
        return ChecklistProblem("reason", "请写明理由，申报人会看到。")
    return _return(ruling, today, calendar) if ruling.outcome == RETURNED else None


def _return(ruling: Ruling, today: date, calendar: OfficeCalendar) -> ChecklistProblem | None:
    if ruling.due_on is None:
        return ChecklistProblem("due_on", "请填写补正期限。")
    if ruling.due_on < today:
        return ChecklistProblem("due_on", "补正期限不能早于今天。")
    if ruling.due_on > clock.add_working_days(today, MOST_RETURN_DAYS, calendar):
        return ChecklistProblem("due_on", f"补正期限最长{MOST_RETURN_DAYS}个工作日。")
    if not ruling.reopened:
        return ChecklistProblem("reopened", "请至少选择一项退回修改的内容。")
    return None


def _unchecked_item(marks: Iterable[Mark]) -> ChecklistProblem | None:
    for mark in marks:
        if mark.result != OK:
            result = RESULTS[mark.result]
            message = f"“{mark.words}”为{result}，全部合格才能通过形式审查。"
            return ChecklistProblem(mark.code, message)
    return None


def _item_without_note(marks: Iterable[Mark]) -> ChecklistProblem | None:
    for mark in marks:
        if mark.result == FAIL and not mark.note:
            return ChecklistProblem(mark.code + NOTE_SUFFIX, "请写明哪里不合格。")
    return None
