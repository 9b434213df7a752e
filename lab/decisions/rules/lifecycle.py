"""Lifecycle of a decision. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class DecisionStatus(StrEnum):
    """The states of a decision."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    PUBLISHED = "published"


_S = DecisionStatus
DECISION = StateMachine(
    "decision",
    (
        State(_S.DRAFT, "拟定中"),
        State(_S.SUBMITTED, "待审定", "yellow"),
        State(_S.SENT_BACK, "退回重议", "red"),
        State(_S.APPROVED, "已审定", "blue"),
        State(_S.PUBLISHED, "已公布", "green"),
    ),
    (
        Transition(
            "submit",
            "提请审定",
            (_S.DRAFT, _S.SENT_BACK),
            _S.SUBMITTED,
            ("proposed_by_id", "proposed_at"),
        ),
        Transition(
            "send_back",
            "退回重议",
            (_S.SUBMITTED,),
            _S.SENT_BACK,
            ("note", "decided_by_id", "decided_at"),
        ),
        Transition(
            "approve", "同意", (_S.SUBMITTED,), _S.APPROVED, ("decided_by_id", "decided_at")
        ),
        Transition(
            "publish",
            "公布",
            (_S.APPROVED,),
            _S.PUBLISHED,
            ("published_at", "notice_starts_on", "notice_ends_on"),
        ),
    ),
)
EDITABLE = DECISION.group(_S.DRAFT, _S.SENT_BACK)
EVER_SUBMITTED = DECISION.group_from(_S.SUBMITTED)
PUT_FORWARD = DECISION.group(_S.SUBMITTED, _S.APPROVED, _S.PUBLISHED)  # the leading group sees it
DECIDED = DECISION.group_from(_S.SENT_BACK)
