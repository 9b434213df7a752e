"""Lifecycle of a proposal, and the groups of its states that rules treat alike. Pure."""

from enum import StrEnum

from lab.workflow import State, StateMachine, Transition


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
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
        State(_S.CHECKED, "审查完成，等待发函", "blue"),
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
        # The outcome of the check takes effect when its letter is sent.
        Transition("record_check", "办理形式审查", (_S.SUBMITTED,), _S.CHECKED),
        Transition("record_lapse", "逾期不予受理", (_S.RETURNED,), _S.CHECKED),
        Transition("pass_check", "形式审查合格", (_S.CHECKED,), _S.ACCEPTED),
        Transition("return_check", "退回补正", (_S.CHECKED,), _S.RETURNED),
        Transition("refuse", "不予受理", (_S.CHECKED,), _S.REFUSED, ("closed_at",)),
        Transition("resume_check", "撤回审查结论", (_S.CHECKED,), _S.SUBMITTED),
        Transition("resume_return", "撤回不予受理", (_S.CHECKED,), _S.RETURNED),
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
# The check is done, and who is to be avoided can still be corrected.
MATCH_CORRECTABLE = PROPOSAL.group(_S.CHECKED, _S.ACCEPTED, _S.REVIEWING)
BEFORE_CHECK = PROPOSAL.group(_S.DRAFT, _S.SUBMITTED, _S.RETURNED)  # a check is to come
# Submitted, and its applicants know of no outcome yet but a return.
IN_CHECK = PROPOSAL.group(_S.SUBMITTED, _S.CHECKED, _S.RETURNED)
BEFORE_OUTCOME = PROPOSAL.group(_S.DRAFT, *IN_CHECK)  # its people know of none but a return
RETRACTABLE = PROPOSAL.group(_S.SUBMITTED, _S.RETURNED)  # its own people may take it back in time
NOT_PASSED = PROPOSAL.group(_S.RETURNED, _S.REFUSED)  # the formality check found faults
PASSED_CHECK = PROPOSAL.group(
    *(_S.ACCEPTED, _S.REVIEWING, _S.REVIEWED, _S.APPROVED, _S.RESERVED, _S.DECLINED)
)
IN_OR_PAST_CHECK = PROPOSAL.group(_S.SUBMITTED, _S.CHECKED, _S.RETURNED, *PASSED_CHECK)
WITHDRAWABLE = PROPOSAL.group(_S.SUBMITTED, _S.RETURNED, _S.ACCEPTED)  # review has not begun
ASSIGNABLE = PROPOSAL.group(_S.ACCEPTED, _S.REVIEWING)  # reviewers may be assigned
RANKED = PROPOSAL.group(_S.REVIEWING, _S.REVIEWED, _S.APPROVED, _S.RESERVED, _S.DECLINED)
REVIEW_OVER = PROPOSAL.group(_S.REVIEWED, _S.APPROVED, _S.RESERVED, _S.DECLINED)
DECIDED = PROPOSAL.group(_S.APPROVED, _S.RESERVED, _S.DECLINED)
FINAL = PROPOSAL.group(_S.REFUSED, _S.APPROVED, _S.RESERVED, _S.DECLINED, _S.WITHDRAWN)
# Its own people may have changed the text since it was last submitted; nobody else reads that. A
# check is of the submitted text, but that of a lapse leaves what was written after the return.
UNSETTLED = PROPOSAL.group(_S.CHECKED, _S.RETURNED, _S.REFUSED, _S.WITHDRAWN)
OWN_TEXT = PROPOSAL.group(_S.DRAFT, *UNSETTLED)  # the text may differ from a submitted one
UNCOUNTED = PROPOSAL.group(_S.DRAFT, _S.REFUSED, _S.WITHDRAWN)  # takes no place of a unit's limit
