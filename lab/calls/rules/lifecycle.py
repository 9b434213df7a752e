"""Lifecycle of a call. Pure."""

from lab.workflow import Machine, State, Step

CALL = Machine(
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
        Step("publish", "发布", ("draft",), "published", ("published_at",)),
        Step("open", "开始征集", ("published",), "open"),
        Step("close", "截止征集", ("open",), "closed", ("closed_at",)),
        Step("reopen", "延期", ("closed",), "open"),
        Step(
            "open_review",
            "开启评审",
            ("closed",),
            "reviewing",
            ("rules_frozen", "rules_fingerprint", "review_opened_at"),
        ),
        Step("announce", "公布结果", ("reviewing",), "announced", ("announced_at",)),
        Step("archive", "归档", ("announced",), "archived", ("archived_at",)),
    ),
)
