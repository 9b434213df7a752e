"""Lifecycle of an import of units and people. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class ImportStatus(StrEnum):
    """The status of an import of units and people."""

    CHECKING = "checking"
    READY = "ready"
    FAILED = "failed"
    IMPORTED = "imported"
    ABANDONED = "abandoned"


_S = ImportStatus
PEOPLE_IMPORT = StateMachine(
    "people_import",
    (
        State(_S.CHECKING, "核对中", "blue"),
        State(_S.READY, "待确认", "yellow"),
        State(_S.FAILED, "未通过", "red"),
        State(_S.IMPORTED, "已建立", "green"),
        State(_S.ABANDONED, "已放弃"),
    ),
    (
        Transition("pass", "核对通过", (_S.CHECKING,), _S.READY, ("checked_at",)),
        Transition(
            "fail", "核对未通过", (_S.CHECKING, _S.READY), _S.FAILED, ("checked_at", "failure")
        ),
        Transition(
            "confirm", "确认建立", (_S.READY,), _S.IMPORTED, ("imported_by_id", "imported_at")
        ),
        Transition("abandon", "放弃", (_S.READY,), _S.ABANDONED, ("closed_at",)),
    ),
)
CHECKED = PEOPLE_IMPORT.group_from(_S.READY)
