"""Lifecycle of an uploaded workbook whose columns are matched. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class UploadStatus(StrEnum):
    """The status of an upload."""

    READING = "reading"
    MAPPING = "mapping"
    FAILED = "failed"


_S = UploadStatus
UPLOAD = StateMachine(
    "import_upload",
    (
        State(_S.READING, "读取中", "blue"),
        State(_S.MAPPING, "待对应", "yellow"),
        State(_S.FAILED, "不能读取", "red"),
    ),
    (
        Transition("read", "已读取", (_S.READING,), _S.MAPPING, ("layout",)),
        Transition("fail", "不能读取", (_S.READING,), _S.FAILED, ("failure",)),
    ),
)
