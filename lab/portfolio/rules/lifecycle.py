"""Lifecycle of a project. Pure."""

from lab.workflow import State, StateMachine, Transition

PROJECT = StateMachine(
    "project",
    (
        State("awaiting_charter", "待签任务书", "yellow"),
        State("running", "实施中", "blue"),
        State("paused", "暂停"),
        State("trial", "试运行", "blue"),
        State("landed", "已落地", "green"),
        State("awaiting_acceptance", "待验收", "yellow"),
        State("accepted", "已验收", "green"),
        State("closed", "已结项"),
        State("terminated", "已终止", "red"),
    ),
    (
        Transition(
            "start",
            "开始实施",
            ("awaiting_charter",),
            "running",
            ("charter_signed_at", "started_on"),
        ),
        Transition("pause", "暂停", ("running", "trial"), "paused", ("status_reason",)),
        Transition("resume", "恢复实施", ("paused",), "running"),
        Transition("trial", "转入试运行", ("running",), "trial"),
        Transition("land", "认定落地", ("running", "trial"), "landed", ("landed_note",)),
        Transition("apply_acceptance", "申请验收", ("landed",), "awaiting_acceptance"),
        Transition("accept", "通过验收", ("awaiting_acceptance",), "accepted", ("accepted_note",)),
        Transition("close", "结项", ("accepted",), "closed"),
        Transition(
            "terminate", "终止", ("running", "paused", "trial"), "terminated", ("status_reason",)
        ),
    ),
)
LIVE = (
    "awaiting_charter",
    "running",
    "paused",
    "trial",
    "landed",
    "awaiting_acceptance",
    "accepted",
)
IN_PROGRESS = ("running", "trial")
REPORTING = (*IN_PROGRESS, "landed")  # figures and words of each month are owed
LANDED = ("landed", "awaiting_acceptance", "accepted", "closed")
