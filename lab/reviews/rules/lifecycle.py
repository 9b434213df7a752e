"""Lifecycle of a score sheet. Pure."""

from lab.workflow import Machine, State, Step

SHEET = Machine(
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
        Step("submit", "提交评审", ("draft", "returned"), "submitted", ("submitted_at",)),
        Step("return", "退回重评", ("submitted",), "returned", ("return_reason",)),
        Step("recuse", "回避", ("draft", "returned", "submitted"), "recused", ("closed_reason",)),
        Step("abstain", "弃评", ("draft", "returned"), "abstained", ("closed_reason",)),
        Step("cancel", "取消分配", ("draft", "returned"), "cancelled", ("closed_reason",)),
        Step("reassign", "重新分配", ("cancelled",), "draft"),
    ),
)
OWED = ("draft", "returned")
RECOMMENDATIONS = {"approve": "建议立项", "revise": "修改后立项", "decline": "不建议立项"}
