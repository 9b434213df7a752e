"""Lifecycle of a proposal, and of the confirmation by its partner unit. Pure."""

from lab.workflow import State, StateMachine, Transition

PROPOSAL = StateMachine(
    "proposal",
    (
        State("draft", "草稿"),
        State("submitted", "已提交", "blue"),
        State("returned", "退回补正", "yellow"),
        State("refused", "不予受理", "red"),
        State("accepted", "待评审", "blue"),
        State("reviewing", "评审中", "blue"),
        State("reviewed", "已评审", "blue"),
        State("approved", "已立项", "green"),
        State("reserved", "备选", "yellow"),
        State("declined", "未立项"),
        State("withdrawn", "已撤回"),
    ),
    (
        Transition(
            "submit", "提交", ("draft", "returned"), "submitted", ("number", "submitted_at")
        ),
        Transition(
            "withdraw", "撤回", ("submitted", "returned", "accepted"), "withdrawn", ("closed_at",)
        ),
        Transition("pass_check", "形式审查合格", ("submitted",), "accepted"),
        Transition("return_check", "退回补正", ("submitted",), "returned"),
        Transition("refuse", "不予受理", ("submitted", "returned"), "refused", ("closed_at",)),
        Transition("open_review", "进入评审", ("accepted",), "reviewing"),
        Transition("close_review", "结束评审", ("reviewing",), "reviewed"),
        Transition("approve", "立项", ("reviewed",), "approved", ("closed_at",)),
        Transition("reserve", "列为备选", ("reviewed",), "reserved", ("closed_at",)),
        Transition("decline", "不立项", ("reviewed",), "declined", ("closed_at",)),
    ),
)
FINAL = ("refused", "approved", "reserved", "declined", "withdrawn")
RESULTS = ("approved", "reserved", "declined")
WRITING = ("draft", "returned")
# In these the deadline decides what may be done: hand in, take back, hand in again.
TIMED = ("draft", "submitted", "returned", "withdrawn")
# Its own people may have changed the text since it was last submitted; nobody else reads that.
UNSETTLED = ("returned", "refused", "withdrawn")

CONFIRMATION = StateMachine(
    "joint_confirmation",
    (
        State("asked", "待联合单位确认", "blue"),
        State("confirmed", "联合单位已确认", "green"),
        State("returned", "联合单位退回修改", "yellow"),
        State("dropped", "已作废"),
    ),
    (
        Transition(
            "confirm",
            "确认",
            ("asked",),
            "confirmed",
            ("answered_at", "opinion", "content", "fingerprint"),
        ),
        Transition(
            "send_back",
            "退回修改",
            ("asked",),
            "returned",
            ("answered_at", "reason", "content", "fingerprint"),
        ),
        Transition("drop", "作废", ("asked",), "dropped", ("answered_at",)),
    ),
)
