"""Lifecycle of the pictures that are made of a file. Pure."""

from lab.workflow import Machine, State, Step

PREVIEW = Machine(
    "preview",
    (
        State("queued", "正在生成", "yellow"),
        State("ready", "可预览", "green"),
        State("failed", "无法预览", "red"),
    ),
    (
        Step("finish", "完成", ("queued",), "ready", ("total", "made_at")),
        Step("fail", "失败", ("queued",), "failed", ("failure",)),
    ),
)
