"""Lifecycle of a score sheet. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class SheetStatus(StrEnum):
    """Where a score sheet stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RECUSED = "recused"
    ABSTAINED = "abstained"
    CANCELLED = "cancelled"


_S = SheetStatus
SHEET = StateMachine(
    "sheet",
    (
        State(_S.DRAFT, "待评审", "yellow"),
        State(_S.SUBMITTED, "已提交", "green"),
        State(_S.RETURNED, "退回重评", "yellow"),
        State(_S.RECUSED, "已回避"),
        State(_S.ABSTAINED, "已弃评"),
        State(_S.CANCELLED, "已取消"),
    ),
    (
        Transition("submit", "提交评审", (_S.DRAFT, _S.RETURNED), _S.SUBMITTED, ("submitted_at",)),
        Transition("return", "退回重评", (_S.SUBMITTED,), _S.RETURNED, ("return_reason",)),
        Transition(
            "recuse", "回避", (_S.DRAFT, _S.RETURNED, _S.SUBMITTED), _S.RECUSED, ("closed_reason",)
        ),
        Transition("abstain", "弃评", (_S.DRAFT, _S.RETURNED), _S.ABSTAINED, ("closed_reason",)),
        Transition("cancel", "取消分配", (_S.DRAFT, _S.RETURNED), _S.CANCELLED, ("closed_reason",)),
        Transition("reassign", "重新分配", (_S.CANCELLED,), _S.DRAFT),
    ),
)
OWED = SHEET.group(_S.DRAFT, _S.RETURNED)
ASSIGNED = SHEET.group(_S.DRAFT, _S.SUBMITTED, _S.RETURNED)  # owed or submitted
VISIBLE = SHEET.group(_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.ABSTAINED)  # to its reviewer
CLOSED = SHEET.group(_S.RECUSED, _S.ABSTAINED, _S.CANCELLED)
