"""Withdrawal of a proposal: who may take it back when, and the life of a request. Pure.

Office rule: before the deadline of the call the applicants withdraw on their own, as long as the
formality check has not accepted the proposal; after it, or once accepted, they ask the office, and
until review begins the office agrees or refuses with a reason. The office may also withdraw on
their behalf, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from lab.calls.rules.timing import Timed, is_within_deadline
from lab.workflow import State, StateMachine, Transition

OWN, REQUEST, OFFICE = "own", "request", "office"
KINDS: Mapping[str, str] = MappingProxyType(
    {OWN: "自行撤回", REQUEST: "申请撤回", OFFICE: "实施办公室代为撤回"}
)
WITHDRAWAL = StateMachine(
    "withdrawal",
    (
        State("asked", "等待答复", "yellow"),
        State("agreed", "同意撤回", "green"),
        State("refused", "不同意撤回", "red"),
        State("dropped", "已取消申请"),
        State("done", "已办理"),
    ),
    (
        Transition(
            "agree", "同意撤回", ("asked",), "agreed", ("answer", "decided_by_id", "decided_at")
        ),
        Transition(
            "refuse",
            "不同意撤回",
            ("asked",),
            "refused",
            ("answer", "decided_by_id", "decided_at"),
        ),
        Transition("drop", "取消撤回申请", ("asked",), "dropped", ("decided_by_id", "decided_at")),
        Transition("carry_out", "办理撤回", ("asked",), "done", ("decided_by_id", "decided_at")),
    ),
)
DECIDED = tuple(code for code in WITHDRAWAL.codes if code != WITHDRAWAL.initial)
OWN_STATES = ("submitted", "returned")
ASK_STATES = (*OWN_STATES, "accepted")


class Withdrawable(Protocol):
    """What the rules read of a proposal."""

    @property
    def status(self) -> str: ...
    @property
    def call(self) -> Timed: ...


def way(proposal: Withdrawable, until: datetime | None, now: datetime) -> str:
    """How its applicants may take the proposal back at `now`: OWN, REQUEST, or "" (not at all).

    `until`: the proposal's own deadline, as `deadlines.taken_until` has it.
    """
    if proposal.status in OWN_STATES and is_within_deadline(proposal.call, until, now):
        return OWN
    return REQUEST if proposal.status in ASK_STATES else ""
