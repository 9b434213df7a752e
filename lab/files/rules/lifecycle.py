"""The lifecycle of what the worker renders: documents, and the pictures of a file. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class RenderStatus(StrEnum):
    """Where a rendered document stands."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"


_S = RenderStatus


def rendered(
    name: str, evidence: tuple[str, ...], *, queued: str, ready: str, failed: str
) -> StateMachine:
    """Return the lifecycle of one kind of rendered document.

    `evidence`: the columns that a finished one has filled; `queued`, `ready`, `failed`: labels of
    the states.
    """
    return StateMachine(
        name,
        (
            State(_S.QUEUED, queued, "yellow"),
            State(_S.READY, ready, "green"),
            State(_S.FAILED, failed, "red"),
        ),
        (
            Transition("finish", "完成", (_S.QUEUED,), _S.READY, evidence),
            Transition("fail", "失败", (_S.QUEUED,), _S.FAILED, ("failure",)),
            # From ready only when the file is missing or altered; its source is the same.
            Transition("retry", "重新生成", (_S.FAILED, _S.READY), _S.QUEUED),
        ),
    )


PREVIEW = rendered(
    "preview", ("total", "made_at"), queued="正在生成", ready="可预览", failed="无法预览"
)
