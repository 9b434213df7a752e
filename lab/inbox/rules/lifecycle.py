"""Lifecycle of a letter. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class LetterStatus(StrEnum):
    """Where a letter stands."""

    DRAFT = "draft"
    SENT = "sent"
    VOID = "void"


_S = LetterStatus
LETTER = StateMachine(
    "letter",
    (
        State(_S.DRAFT, "待发送", "yellow"),
        State(_S.SENT, "已发送", "green"),
        State(_S.VOID, "已作废"),
    ),
    (
        Transition("send", "发送", (_S.DRAFT,), _S.SENT, ("sent_by_id", "sent_at")),
        Transition(
            "void", "作废", (_S.DRAFT,), _S.VOID, ("voided_by_id", "voided_at", "void_reason")
        ),
    ),
)
