"""Lifecycle of a call. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class CallStatus(StrEnum):
    """Where a call stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    REVIEWING = "reviewing"
    ANNOUNCED = "announced"
    ARCHIVED = "archived"


_S = CallStatus
CALL = StateMachine(
    "call",
    (
        State(_S.DRAFT, "草稿"),
        State(_S.PUBLISHED, "已发布", "blue"),
        State(_S.OPEN, "征集中", "green"),
        State(_S.CLOSED, "已截止", "yellow"),
        State(_S.REVIEWING, "评审中", "blue"),
        State(_S.ANNOUNCED, "已公布", "green"),
        State(_S.ARCHIVED, "已归档"),
    ),
    (
        Transition("publish", "发布", (_S.DRAFT,), _S.PUBLISHED, ("published_at",)),
        Transition("open", "开始征集", (_S.PUBLISHED,), _S.OPEN),
        Transition("close", "截止征集", (_S.OPEN,), _S.CLOSED, ("closed_at",)),
        Transition("reopen", "延期", (_S.CLOSED,), _S.OPEN),
        Transition(
            "open_review",
            "开启评审",
            (_S.CLOSED,),
            _S.REVIEWING,
            ("rules_frozen", "rules_fingerprint", "review_opened_at"),
        ),
        Transition("announce", "公布结果", (_S.REVIEWING,), _S.ANNOUNCED, ("announced_at",)),
        Transition("archive", "归档", (_S.ANNOUNCED,), _S.ARCHIVED, ("archived_at",)),
    ),
)
EDITABLE = CALL.group(_S.DRAFT, _S.PUBLISHED, _S.OPEN)  # its particulars and explanations
CHECKLIST_EDITABLE = CALL.group(_S.DRAFT, _S.PUBLISHED, _S.OPEN, _S.CLOSED)
BEFORE_CLOSING = CALL.group(_S.PUBLISHED, _S.OPEN)
BEFORE_REVIEW = CALL.group(_S.PUBLISHED, _S.OPEN, _S.CLOSED)
COLLECTING = CALL.group(_S.OPEN, _S.CLOSED)  # submission has begun, review has not
ASSIGNABLE = CALL.group(_S.CLOSED, _S.REVIEWING)  # reviewers may be assigned
PUBLIC = CALL.group_from(_S.PUBLISHED)
SINCE_CLOSING = CALL.group_from(_S.CLOSED)
SINCE_REVIEW = CALL.group_from(_S.REVIEWING)
SINCE_RESULT = CALL.group_from(_S.ANNOUNCED)
