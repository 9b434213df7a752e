"""Lifecycle of the e-mail that goes with a letter to one person. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class MailStatus(StrEnum):
    """Where the e-mail to one recipient stands."""

    NONE = "none"
    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCLEAR = "unclear"


_S = MailStatus
# One row for each person and letter. A server's late answer may still settle what was in doubt.
MAIL = StateMachine(
    "mail",
    (
        State(_S.NONE, "不发邮件"),
        State(_S.WAITING, "待发", "blue"),
        State(_S.SENDING, "发送中", "blue"),
        State(_S.DELIVERED, "已送达服务器", "green"),
        State(_S.FAILED, "失败", "red"),
        State(_S.UNCLEAR, "结果不明", "yellow"),
    ),
    (
        Transition(
            "queue",
            "发送邮件",
            (_S.NONE, _S.FAILED, _S.UNCLEAR),
            _S.WAITING,
            ("queued_at", "email"),
        ),
        Transition("take", "交给邮件服务器", (_S.WAITING,), _S.SENDING, ("claimed_at",)),
        Transition("put_off", "稍后再发", (_S.SENDING,), _S.WAITING, ("next_try_at",)),
        Transition("deliver", "送达", (_S.SENDING, _S.UNCLEAR), _S.DELIVERED, ("delivered_at",)),
        Transition("fail", "记为失败", (_S.SENDING,), _S.FAILED, ("last_error",)),
        Transition("doubt", "记为结果不明", (_S.SENDING,), _S.UNCLEAR, ("last_error",)),
    ),
)
EVER_QUEUED = MAIL.group_from(_S.WAITING)
EVER_CLAIMED = MAIL.group_from(_S.SENDING)
UNSETTLED = MAIL.group(_S.WAITING, _S.SENDING)  # the portal has still to do with it
TROUBLED = MAIL.group(_S.FAILED, _S.UNCLEAR)  # the office decides
