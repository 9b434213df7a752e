"""Lifecycles of a report and of a printed paper. Pure."""

from lab.workflow import Machine, State, Step

STATES = (
    State("queued", "生成中", "yellow"),
    State("ready", "可下载", "green"),
    State("failed", "生成失败", "red"),
)
STEPS = (
    Step("finish", "完成", ("queued",), "ready", ("file_hash", "file_name")),
    Step("fail", "失败", ("queued",), "failed", ("failure",)),
    # From ready only when the file is missing or altered; the frozen data are the same.
    Step("retry", "重新生成", ("failed", "ready"), "queued"),
)
REPORT = Machine("report", STATES, STEPS)
PAPER = Machine("paper", STATES, STEPS)
