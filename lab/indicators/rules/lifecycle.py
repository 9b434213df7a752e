"""Lifecycle of an indicator entry. Pure."""

from lab.workflow import State, StateMachine, Transition

ENTRY = StateMachine(
    "entry",
    (
        State("draft", "草稿"),
        State("submitted", "待组长确认", "yellow"),
        State("confirmed", "待办公室核定", "yellow"),
        State("approved", "已核定", "green"),
        State("returned", "退回", "red"),
        State("superseded", "已更正"),
    ),
    (
        Transition("submit", "提交", ("draft", "returned"), "submitted", ("entered_by_id",)),
        Transition(
            "confirm", "确认", ("submitted",), "confirmed", ("confirmed_by_id", "confirmed_at")
        ),
        Transition(
            "approve", "核定", ("confirmed",), "approved", ("approved_by_id", "approved_at")
        ),
        Transition("return", "退回", ("submitted", "confirmed"), "returned", ("return_reason",)),
        Transition("supersede", "更正", ("approved",), "superseded"),
    ),
)
OPEN = ("draft", "submitted", "confirmed", "returned")

EDITABLE = ("draft", "returned")
