"""Lifecycle of an imported sheet. Pure."""

from lab.workflow import State, StateMachine, Transition

IMPORT = StateMachine(
    "proposal_import",
    (
        State("checking", "核对中", "blue"),
        State("ready", "待确认", "yellow"),
        State("failed", "未通过", "red"),
        State("imported", "已导入", "green"),
        State("abandoned", "已放弃"),
    ),
    (
        Transition("pass", "核对通过", ("checking",), "ready", ("checked_at",)),
        Transition(
            "fail", "核对未通过", ("checking", "ready"), "failed", ("checked_at", "failure")
        ),
        Transition(
            "confirm", "确认导入", ("ready",), "imported", ("imported_by_id", "imported_at")
        ),
        Transition("abandon", "放弃导入", ("ready",), "abandoned", ("closed_at",)),
    ),
)
