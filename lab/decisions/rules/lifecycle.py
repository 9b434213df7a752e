"""Lifecycle of a decision. Pure."""

from lab.workflow import State, StateMachine, Transition

DECISION = StateMachine(
    "decision",
    (
        State("draft", "拟定中"),
        State("submitted", "待审定", "yellow"),
        State("sent_back", "退回重议", "red"),
        State("approved", "已审定", "blue"),
        State("published", "已公布", "green"),
    ),
    (
        Transition(
            "submit",
            "提请审定",
            ("draft", "sent_back"),
            "submitted",
            ("proposed_by_id", "proposed_at"),
        ),
        Transition(
            "send_back",
            "退回重议",
            ("submitted",),
            "sent_back",
            ("note", "decided_by_id", "decided_at"),
        ),
        Transition("approve", "同意", ("submitted",), "approved", ("decided_by_id", "decided_at")),
        Transition(
            "publish",
            "公布",
            ("approved",),
            "published",
            ("published_at", "notice_starts_on", "notice_ends_on"),
        ),
    ),
)
MARKS = {"proposed": "拟立项", "reserve": "备选", "rejected": "不立项"}
