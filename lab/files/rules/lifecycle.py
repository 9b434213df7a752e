"""Lifecycle of the pictures that are made of a file. Pure."""

from lab.workflow import State, StateMachine, Transition

PREVIEW = StateMachine(
    "preview",
    (
        State("queued", "正在生成", "yellow"),
        State("ready", "可预览", "green"),
        State("failed", "无法预览", "red"),
    ),
    (
        Transition("finish", "完成", ("queued",), "ready", ("total", "made_at")),
        Transition("fail", "失败", ("queued",), "failed", ("failure",)),
    ),
)
