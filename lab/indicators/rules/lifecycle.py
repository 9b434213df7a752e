"""Lifecycle of an indicator entry. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class EntryStatus(StrEnum):
    """Where a figure of an indicator stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


_S = EntryStatus
ENTRY = StateMachine(
    "entry",
    (
        State(_S.DRAFT, "草稿"),
        State(_S.SUBMITTED, "待组长确认", "yellow"),
        State(_S.CONFIRMED, "待办公室核定", "yellow"),
        State(_S.APPROVED, "已核定", "green"),
        State(_S.RETURNED, "退回", "red"),
        State(_S.SUPERSEDED, "已更正"),
    ),
    (
        Transition("submit", "提交", (_S.DRAFT, _S.RETURNED), _S.SUBMITTED, ("entered_by_id",)),
        Transition(
            "confirm", "确认", (_S.SUBMITTED,), _S.CONFIRMED, ("confirmed_by_id", "confirmed_at")
        ),
        Transition(
            "approve", "核定", (_S.CONFIRMED,), _S.APPROVED, ("approved_by_id", "approved_at")
        ),
        Transition("return", "退回", (_S.SUBMITTED, _S.CONFIRMED), _S.RETURNED, ("return_reason",)),
        Transition("supersede", "更正", (_S.APPROVED,), _S.SUPERSEDED),
    ),
)
EDITABLE = ENTRY.group(_S.DRAFT, _S.RETURNED)
OPEN = ENTRY.group(_S.DRAFT, _S.SUBMITTED, _S.CONFIRMED, _S.RETURNED)  # not approved yet
WAITING = ENTRY.group(_S.SUBMITTED, _S.CONFIRMED)  # for the leader or the office
BLOCKS_LOCKING = ENTRY.group(_S.SUBMITTED, _S.CONFIRMED, _S.RETURNED)
HANDED_IN = ENTRY.group(_S.SUBMITTED, _S.CONFIRMED, _S.APPROVED)
# Evidence of entry, confirmation and approval stays once a correction has replaced the figure.
EVER_ENTERED = ENTRY.group(_S.SUBMITTED, _S.CONFIRMED, _S.APPROVED, _S.SUPERSEDED)
EVER_CONFIRMED = ENTRY.group(_S.CONFIRMED, _S.APPROVED, _S.SUPERSEDED)
EVER_APPROVED = ENTRY.group(_S.APPROVED, _S.SUPERSEDED)
