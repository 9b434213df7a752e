"""Lifecycle of an import: its dry run, then the confirmation. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class ImportStatus(StrEnum):
    """The status of an import."""

    CHECKING = "checking"
    READY = "ready"
    FAILED = "failed"
    IMPORTED = "imported"
    ABANDONED = "abandoned"


_S = ImportStatus


def import_machine(name: str, imported: str, confirm: str, abandon: str) -> StateMachine:
    """Return the lifecycle of one kind of import.

    `imported` is the label of the state in which everything is there, `confirm` and `abandon` are
    the labels of the actions.
    """
    return StateMachine(
        name,
        (
            State(_S.CHECKING, "核对中", "blue"),
            State(_S.READY, "待确认", "yellow"),
            State(_S.FAILED, "未通过", "red"),
            State(_S.IMPORTED, imported, "green"),
            State(_S.ABANDONED, "已放弃"),
        ),
        (
            Transition("pass", "核对通过", (_S.CHECKING,), _S.READY, ("checked_at",)),
            Transition(
                "fail", "核对未通过", (_S.CHECKING, _S.READY), _S.FAILED, ("checked_at", "failure")
            ),
            Transition(
                "confirm", confirm, (_S.READY,), _S.IMPORTED, ("imported_by_id", "imported_at")
            ),
            Transition("abandon", abandon, (_S.READY,), _S.ABANDONED, ("closed_at",)),
        ),
    )
