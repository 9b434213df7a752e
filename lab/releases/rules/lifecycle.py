"""Lifecycle of a request that needs a second person. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class ReleaseStatus(StrEnum):
    """The states of a request that needs a second person."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_S = ReleaseStatus
RELEASE = StateMachine(
    "release",
    (
        State(_S.PENDING, "待复核", "yellow"),
        State(_S.DONE, "已办理", "green"),
        State(_S.REFUSED, "不同意", "red"),
        State(_S.WITHDRAWN, "已撤回"),
        State(_S.EXPIRED, "已过期"),
    ),
    (
        Transition("agree", "同意", (_S.PENDING,), _S.DONE, ("decided_at",)),
        Transition(
            "refuse",
            "不同意",
            (_S.PENDING,),
            _S.REFUSED,
            ("decided_by_id", "decided_at", "answer"),
        ),
        Transition(
            "withdraw", "撤回", (_S.PENDING,), _S.WITHDRAWN, ("decided_by_id", "decided_at")
        ),
        Transition("expire", "作过期处理", (_S.PENDING,), _S.EXPIRED, ("decided_at",)),
    ),
)
ENDED = RELEASE.group_from(_S.DONE)
DECIDED = RELEASE.group(_S.DONE, _S.REFUSED)  # by the second person
CALLED_OFF = RELEASE.group(_S.REFUSED, _S.WITHDRAWN)  # by a person, the asker or the second one
WORKING_DAYS = 5  # a request stays open until the end of the fifth working day after it was made
