"""Lifecycle of a request that waits for a second person. Pure."""

from lab.workflow import State, StateMachine, Transition

RELEASE = StateMachine(
    "release",
    (
        State("pending", "待复核", "yellow"),
        State("done", "已办理", "green"),
        State("refused", "不同意", "red"),
        State("withdrawn", "已撤回"),
        State("expired", "已过期"),
    ),
    (
        Transition("agree", "同意", ("pending",), "done", ("decided_at",)),
        Transition(
            "refuse",
            "不同意",
            ("pending",),
            "refused",
            ("decided_by_id", "decided_at", "answer"),
        ),
        Transition("withdraw", "撤回", ("pending",), "withdrawn", ("decided_by_id", "decided_at")),
        Transition("expire", "作过期处理", ("pending",), "expired", ("decided_at",)),
    ),
)
ENDED = tuple(code for code in RELEASE.codes if code != RELEASE.initial)
WORKING_DAYS = 5  # a request stands until the end of the fifth working day after it was made
