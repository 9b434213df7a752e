"""Lifecycle of a proposal, and the groups of its states that rules treat alike. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    REVIEWING = "reviewing"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    RESERVED = "reserved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_S = ProposalStatus
PROPOSAL = StateMachine(
    "proposal",
    (
        State(_S.DRAFT, "草稿"),
        State(_S.SUBMITTED, "已提交", "blue"),
        State(_S.RETURNED, "退回补正", "yellow"),
        State(_S.REFUSED, "不予受理", "red"),
        State(_S.ACCEPTED, "待评审", "blue"),
        State(_S.REVIEWING, "评审中", "blue"),
        State(_S.REVIEWED, "已评审", "blue"),
        State(_S.APPROVED, "已立项", "green"),
        State(_S.RESERVED, "备选", "yellow"),
        State(_S.DECLINED, "未立项"),
        State(_S.WITHDRAWN, "已撤回"),
    ),
    (
        Transition(
            "submit", "提交", (_S.DRAFT, _S.RETURNED), _S.SUBMITTED, ("number", "submitted_at")
        ),
        Transition(
            "withdraw",
            "撤回",
            (_S.SUBMITTED, _S.RETURNED, _S.ACCEPTED),
            _S.WITHDRAWN,
            ("closed_at",),
        ),
        Transition("pass_check", "形式审查合格", (_S.SUBMITTED,), _S.ACCEPTED),
        Transition("return_check", "退回补正", (_S.SUBMITTED,), _S.RETURNED),
        Transition("refuse", "不予受理", (_S.SUBMITTED, _S.RETURNED), _S.REFUSED, ("closed_at",)),
        Transition("open_review", "进入评审", (_S.ACCEPTED,), _S.REVIEWING),
        Transition("close_review", "结束评审", (_S.REVIEWING,), _S.REVIEWED),
        Transition("approve", "立项", (_S.REVIEWED,), _S.APPROVED, ("closed_at",)),
        Transition("reserve", "列为备选", (_S.REVIEWED,), _S.RESERVED, ("closed_at",)),
        Transition("decline", "不立项", (_S.REVIEWED,), _S.DECLINED, ("closed_at",)),
    ),
)

WRITING = PROPOSAL.group(_S.DRAFT, _S.RETURNED)  # its own people may still edit it
NUMBERED = PROPOSAL.group_from(_S.SUBMITTED)  # submitted at least once
# In these the deadline decides what may be done: hand in, take back, hand in again.
TIMED = PROPOSAL.group(_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.WITHDRAWN)
BEFORE_CHECK = PROPOSAL.group(_S.DRAFT, _S.SUBMITTED, _S.RETURNED)  # no outcome of the check yet
IN_CHECK = PROPOSAL.group(_S.SUBMITTED, _S.RETURNED)  # submitted, without an outcome yet
NOT_PASSED = PROPOSAL.group(_S.RETURNED, _S.REFUSED)  # the formality check found faults
PASSED_CHECK = PROPOSAL.group(
    *(_S.ACCEPTED, _S.REVIEWING, _S.REVIEWED, _S.APPROVED, _S.RESERVED, _S.DECLINED)
)
IN_OR_PAST_CHECK = PROPOSAL.group(_S.SUBMITTED, _S.RETURNED, *PASSED_CHECK)
WITHDRAWABLE = PROPOSAL.group(_S.SUBMITTED, _S.RETURNED, _S.ACCEPTED)  # review has not begun
ASSIGNABLE = PROPOSAL.group(_S.ACCEPTED, _S.REVIEWING)  # reviewers may be assigned
RANKED = PROPOSAL.group(_S.REVIEWING, _S.REVIEWED, _S.APPROVED, _S.RESERVED, _S.DECLINED)
REVIEW_OVER = PROPOSAL.group(_S.REVIEWED, _S.APPROVED, _S.RESERVED, _S.DECLINED)
DECIDED = PROPOSAL.group(_S.APPROVED, _S.RESERVED, _S.DECLINED)
FINAL = PROPOSAL.group(_S.REFUSED, _S.APPROVED, _S.RESERVED, _S.DECLINED, _S.WITHDRAWN)
# Its own people may have changed the text since it was last submitted; nobody else reads that.
UNSETTLED = PROPOSAL.group(_S.RETURNED, _S.REFUSED, _S.WITHDRAWN)
OWN_TEXT = PROPOSAL.group(_S.DRAFT, *UNSETTLED)  # the text may differ from a submitted one
UNCOUNTED = PROPOSAL.group(_S.DRAFT, _S.REFUSED, _S.WITHDRAWN)  # takes no place of a unit's limit
