"""Lifecycles of a letter, and of the e-mail that goes with it to one person. Pure."""

from lab.workflow import State, StateMachine, Transition

LETTER = StateMachine(
    "letter",
    (
        State("draft", "待发送", "yellow"),
        State("sent", "已发送", "green"),
        State("void", "已作废"),
    ),
    (
        Transition("send", "发送", ("draft",), "sent", ("sent_by_id", "sent_at")),
        Transition(
            "void", "作废", ("draft",), "void", ("voided_by_id", "voided_at", "void_reason")
        ),
    ),
)
# One row for each person and letter. A server's late answer may still settle what was in doubt.
MAIL = StateMachine(
    "mail",
    (
        State("none", "不发邮件"),
        State("waiting", "待发", "blue"),
        State("sending", "发送中", "blue"),
        State("delivered", "已送达服务器", "green"),
        State("failed", "失败", "red"),
        State("unclear", "结果不明", "yellow"),
    ),
    (
        Transition(
            "queue", "发送邮件", ("none", "failed", "unclear"), "waiting", ("queued_at", "email")
        ),
        Transition("take", "交给邮件服务器", ("waiting",), "sending", ("claimed_at",)),
        Transition("put_off", "稍后再发", ("sending",), "waiting", ("next_try_at",)),
        Transition("deliver", "送达", ("sending", "unclear"), "delivered", ("delivered_at",)),
        Transition("fail", "记为失败", ("sending",), "failed", ("last_error",)),
        Transition("doubt", "记为结果不明", ("sending",), "unclear", ("last_error",)),
    ),
)
TROUBLED = ("failed", "unclear")
