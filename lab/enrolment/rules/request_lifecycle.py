"""Lifecycle of a requested role. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class RequestStatus(StrEnum):
    """The status of a requested role."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


_R = RequestStatus
ROLE_REQUEST = StateMachine(
    "role_request",
    (
        State(_R.PENDING, "待办理", "yellow"),
        State(_R.GRANTED, "已授予", "green"),
        State(_R.REFUSED, "不同意", "red"),
    ),
    (
        Transition("grant", "授予", (_R.PENDING,), _R.GRANTED, ("decided_by_id", "decided_at")),
        Transition(
            "refuse",
            "不同意",
            (_R.PENDING,),
            _R.REFUSED,
            ("decided_by_id", "decided_at", "answer"),
        ),
    ),
)
DECIDED = ROLE_REQUEST.group_from(_R.GRANTED)
