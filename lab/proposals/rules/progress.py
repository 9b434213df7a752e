"""What comes next for a proposal, by when, and whose turn it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from lab import clock
from lab.proposals.rules.lifecycle import WITHDRAWABLE, ProposalStatus

APPLICANT_TURN, PARTNER_TURN, OFFICE_TURN = "申报人", "联合单位", "实施办公室"
REVIEWER_TURN, LEADING_TURN = "评委", "领导小组"
YOU = "您"


@dataclass(frozen=True)
class NextStep:
    """The next step as text, whose turn it is ("" when nothing is left), and the due time if known.

    `late`: the time is over and the step has not been taken.
    """

    text: str
    turn: str = ""
    until: datetime | date | None = None
    late: bool = False

    def turn_label(self, is_applicant: bool) -> str:
        """Return whose turn it is, addressed to a reader.

        `is_applicant`: an owner or leader of the proposal.
        """
        return YOU if is_applicant and self.turn == APPLICANT_TURN else self.turn


_FIXED: Mapping[str, NextStep] = {
    ProposalStatus.SUBMITTED: NextStep("等待形式审查", OFFICE_TURN),
    ProposalStatus.CHECKED: NextStep("实施办公室发函告知审查结论", OFFICE_TURN),
    ProposalStatus.ACCEPTED: NextStep("等待开启评审", OFFICE_TURN),
    ProposalStatus.REVIEWING: NextStep("评委评审", REVIEWER_TURN),
    ProposalStatus.REVIEWED: NextStep("汇总排序，审定立项名单", LEADING_TURN),
    ProposalStatus.APPROVED: NextStep("已立项，签订任务书后实施"),
    ProposalStatus.RESERVED: NextStep("列为备选，有名额时由实施办公室通知"),
    ProposalStatus.DECLINED: NextStep("本批次未立项，可在今后批次重新申报"),
    ProposalStatus.REFUSED: NextStep("不予受理，理由见申报书页面"),
    ProposalStatus.WITHDRAWN: NextStep("已撤回，不再办理"),
}


def next_step_for(
    status: str,
    accepting: bool,
    closes_at: datetime | None,
    due_on: date | None,
    *,
    now: datetime | None = None,
    withdrawing: bool = False,
    awaiting_partner: bool = False,
) -> NextStep:
    """Return the next step for a proposal in this state.

    `accepting`: whether its call accepts submissions now; `due_on`: due date of a return; `now`: to
    detect overdue steps; `withdrawing`: a withdrawal has been requested; `awaiting_partner`: the
    joint applicant has not confirmed yet. Raises KeyError for a state that the lifecycle does not
    have.
    """
    if withdrawing and status in WITHDRAWABLE:
        return NextStep("答复撤回申请", OFFICE_TURN)
    if status == ProposalStatus.DRAFT:
        return _draft(accepting, closes_at, awaiting_partner=awaiting_partner)
    if status == ProposalStatus.RETURNED:
        return _dated(NextStep("补正后重新提交", APPLICANT_TURN, due_on), now)
    if status == ProposalStatus.WITHDRAWN and accepting:
        return replace(_FIXED[status], text="已撤回，截止前可以重新申报")
    return _FIXED[status]


def _draft(accepting: bool, closes_at: datetime | None, *, awaiting_partner: bool) -> NextStep:
    if not accepting:
        return NextStep("不在征集时间内，不能提交")
    if awaiting_partner:
        return NextStep("确认联合申报", PARTNER_TURN, closes_at)
    return NextStep("填写并提交", APPLICANT_TURN, closes_at)


def _dated(step: NextStep, now: datetime | None) -> NextStep:
    return replace(step, late=now is not None and is_overdue(step.until, now))


def is_overdue(until: datetime | date | None, now: datetime) -> bool:
    """Return whether the time is over at `now`.

    A day lasts until its end in Beijing, a moment until just before it.
    """
    if until is None:
        return False
    if isinstance(until, datetime):
        return now >= until
    return now > clock.end_of_day(until)


def format_time_left(until: datetime | date | None, now: datetime) -> str:
    """Format the time left in Beijing days: 逾期3天, 今天到期, 还有5天; "" without a time."""
    if until is None:
        return ""
    day = clock.beijing(until).date() if isinstance(until, datetime) else until
    days = (day - clock.beijing(now).date()).days
    if is_overdue(until, now):
        return f"逾期{-days}天" if days < 0 else "已过截止时间"
    return {0: "今天到期", 1: "明天到期"}.get(days, f"还有{days}天")


def format_remaining(until: datetime, now: datetime) -> str:
    """Format the time until a moment, to the minute: 3天4小时, 5小时20分, 12分, 不到1分.

    "" when over.
    """
    if until <= now:
        return ""
    minutes = int((until - now).total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{rest}分" if rest else f"{hours}小时"
    return f"{rest}分" if rest else "不到1分"
