"""Lifecycle of the confirmation of a joint application by its partner unit. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class ConfirmationStatus(StrEnum):
    """Where a request for the partner unit's confirmation stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    DROPPED = "dropped"
    RECALLED = "recalled"


_S = ConfirmationStatus
CONFIRMATION = StateMachine(
    "joint_confirmation",
    (
        State(_S.ASKED, "待联合单位确认", "blue"),
        State(_S.CONFIRMED, "联合单位已确认", "green"),
        State(_S.RETURNED, "联合单位退回修改", "yellow"),
        State(_S.DROPPED, "已作废"),
        State(_S.RECALLED, "已撤回"),
    ),
    (
        Transition(
            "confirm",
            "确认",
            (_S.ASKED,),
            _S.CONFIRMED,
            ("answered_at", "opinion", "content", "fingerprint"),
        ),
        Transition(
            "send_back",
            "退回修改",
            (_S.ASKED,),
            _S.RETURNED,
            ("answered_at", "reason", "content", "fingerprint"),
        ),
        Transition("drop", "作废", (_S.ASKED,), _S.DROPPED, ("answered_at",)),
        Transition("recall", "撤回提请", (_S.ASKED,), _S.RECALLED, ("answered_at",)),
    ),
)
ANSWERED = CONFIRMATION.group(_S.CONFIRMED, _S.RETURNED)  # by the partner unit
ENDED_UNANSWERED = CONFIRMATION.group(_S.DROPPED, _S.RECALLED)
CLOSED = CONFIRMATION.group_from(_S.CONFIRMED)
