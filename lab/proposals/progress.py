"""Where a proposal stands: what comes next, by when, and whose turn it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

APPLICANT_TURN, OFFICE_TURN = "申报人", "实施办公室"


@dataclass(frozen=True)
class Next:
    """The next act in words, who does it ("" when nothing is left), and until when if known."""

    text: str
    turn: str = ""
    until: datetime | date | None = None


_FIXED = {
    "submitted": Next("等待形式审查", OFFICE_TURN),
    "accepted": Next("等待开启评审", OFFICE_TURN),
    "reviewing": Next("评委评审", "评委"),
    "reviewed": Next("汇总排序，报领导小组审定", "实施办公室、领导小组"),
    "approved": Next("已立项，签订任务书后实施"),
    "reserved": Next("列为备选，有名额时由实施办公室通知"),
    "declined": Next("本批次未立项，可在今后批次重新申报"),
    "refused": Next("不予受理，理由见申报书页面"),
    "withdrawn": Next("已撤回，不再办理"),
}


def what_next(
    status: str, accepting: bool, closes_at: datetime | None, due_on: date | None
) -> Next:
    """The next act for a proposal in this state.

    `accepting`: whether its call takes submissions now; `due_on`: last day of a return.
    Raises KeyError for a state that the lifecycle does not have.
    """
    if status == "draft":
        if accepting:
            return Next("填写并提交", APPLICANT_TURN, closes_at)
        return Next("不在征集时间内，不能提交")
    if status == "returned":
        return Next("补正后重新提交", APPLICANT_TURN, due_on)
    return _FIXED[status]
