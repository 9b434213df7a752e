"""Withdrawal of a proposal: who may withdraw when, and the lifecycle of a request. Pure.

Office rule: before the call's deadline the applicants withdraw themselves, as long as the formality
check has not accepted the proposal; afterwards they ask the office, and until review begins the
office agrees or refuses with a reason. The office may also withdraw on their behalf, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from lab.calls.rules.timing import Timed, is_within_deadline
from lab.proposals.rules.lifecycle import RETRACTABLE, WITHDRAWABLE
from lab.workflow import State, StateMachine, Transition

OWN, REQUEST, OFFICE = "own", "request", "office"
KINDS: Mapping[str, str] = MappingProxyType(
    {OWN: "自行撤回", REQUEST: "申请撤回", OFFICE: "实施办公室代为撤回"}
)


class WithdrawalStatus(StrEnum):
    """Where a withdrawal stands."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    DROPPED = "dropped"
    DONE = "done"


_S = WithdrawalStatus
WITHDRAWAL = StateMachine(
    "withdrawal",
    (
        State(_S.ASKED, "等待答复", "yellow"),
        State(_S.AGREED, "同意撤回", "green"),
        State(_S.REFUSED, "不同意撤回", "red"),
        State(_S.DROPPED, "已取消申请"),
        State(_S.DONE, "已办理"),
    ),
    (
        Transition(
            "agree", "同意撤回", (_S.ASKED,), _S.AGREED, ("answer", "decided_by_id", "decided_at")
        ),
        Transition(
            "refuse",
            "不同意撤回",
            (_S.ASKED,),
            _S.REFUSED,
            ("answer", "decided_by_id", "decided_at"),
        ),
        Transition(
            "drop", "取消撤回申请", (_S.ASKED,), _S.DROPPED, ("decided_by_id", "decided_at")
        ),
        Transition("carry_out", "办理撤回", (_S.ASKED,), _S.DONE, ("decided_by_id", "decided_at")),
    ),
)
ANSWERED = WITHDRAWAL.group(_S.AGREED, _S.REFUSED)  # by the office
CLOSED = WITHDRAWAL.group_from(_S.AGREED)


class Withdrawable(Protocol):
    """What the rules need to know of a proposal."""

    @property
    def status(self) -> str: ...
    @property
    def call(self) -> Timed: ...


def withdrawal_way(proposal: Withdrawable, deadline: datetime | None, now: datetime) -> str:
    """Return how the applicants may withdraw at `now`: OWN, REQUEST, or "" (not at all).

    `deadline`: the proposal's own deadline, from `core.deadlines.submission_deadline`.
    """
    if proposal.status in RETRACTABLE and is_within_deadline(proposal.call, deadline, now):
        return OWN
    return REQUEST if proposal.status in WITHDRAWABLE else ""
