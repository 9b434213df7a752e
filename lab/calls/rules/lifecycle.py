"""Lifecycle of a call. Pure."""

from lab.workflow import State, StateMachine, Transition

CALL = StateMachine(
    "call",
    (
        State("draft", "草稿"),
        State("published", "已发布", "blue"),
        State("open", "征集中", "green"),
        State("closed", "已截止", "yellow"),
        State("reviewing", "评审中", "blue"),
        State("announced", "已公布", "green"),
        State("archived", "已归档"),
    ),
    (
        Transition("publish", "发布", ("draft",), "published", ("published_at",)),
        Transition("open", "开始征集", ("published",), "open"),
        Transition("close", "截止征集", ("open",), "closed", ("closed_at",)),
        Transition("reopen", "延期", ("closed",), "open"),
        Transition(
            "open_review",
            "开启评审",
            ("closed",),
            "reviewing",
            ("rules_frozen", "rules_fingerprint", "review_opened_at"),
        ),
        Transition("announce", "公布结果", ("reviewing",), "announced", ("announced_at",)),
        Transition("archive", "归档", ("announced",), "archived", ("archived_at",)),
    ),
)
