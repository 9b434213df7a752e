"""Lifecycle of a score sheet. Pure."""

from lab.workflow import State, StateMachine, Transition

SHEET = StateMachine(
    "sheet",
    (
        State("draft", "待评审", "yellow"),
        State("submitted", "已提交", "green"),
        State("returned", "退回重评", "yellow"),
        State("recused", "已回避"),
        State("abstained", "已弃评"),
        State("cancelled", "已取消"),
    ),
    (
        Transition("submit", "提交评审", ("draft", "returned"), "submitted", ("submitted_at",)),
        Transition("return", "退回重评", ("submitted",), "returned", ("return_reason",)),
        Transition(
            "recuse", "回避", ("draft", "returned", "submitted"), "recused", ("closed_reason",)
        ),
        Transition("abstain", "弃评", ("draft", "returned"), "abstained", ("closed_reason",)),
        Transition("cancel", "取消分配", ("draft", "returned"), "cancelled", ("closed_reason",)),
        Transition("reassign", "重新分配", ("cancelled",), "draft"),
    ),
)
OWED = ("draft", "returned")
RECOMMENDATIONS = {"approve": "建议立项", "revise": "修改后立项", "decline": "不建议立项"}
