"""Lifecycles of a report and of a printed paper. Pure."""

from lab.workflow import State, StateMachine, Transition

STATES = (
    State("queued", "生成中", "yellow"),
    State("ready", "可下载", "green"),
    State("failed", "生成失败", "red"),
)
TRANSITIONS = (
    Transition("finish", "完成", ("queued",), "ready", ("file_hash", "file_name")),
    Transition("fail", "失败", ("queued",), "failed", ("failure",)),
    # From ready only when the file is missing or altered; the frozen data are the same.
    Transition("retry", "重新生成", ("failed", "ready"), "queued"),
)
REPORT = StateMachine("report", STATES, TRANSITIONS)
PROPOSAL_DOCUMENT = StateMachine("paper", STATES, TRANSITIONS)
