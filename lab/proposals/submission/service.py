"""Submission of a proposal."""

from __future__ import annotations

from datetime import datetime

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import BEFORE_REVIEW
from lab.calls.rules.timing import is_within_deadline
from lab.canonical import short
from lab.db import expect_version, transition
from lab.inbox.notices.service import notify, role_holder_ids
from lab.numbering.formats import proposal_number
from lab.numbering.sequences import allocate
from lab.policy import OFFICE
from lab.proposals.core import deadlines
from lab.proposals.core.content.versions import freeze_version
from lab.proposals.core.editing import due_on, late_days, lock
from lab.proposals.core.notifications import involved_ids, notify_partner
from lab.proposals.core.readiness import submission_blockers
from lab.proposals.core.signals import proposal_submitted
from lab.proposals.joint import service as joint_service
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.corrections import queue_rank
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.writing import admission
from lab.rejected import Rejected
from lab.web.links import About

# -- submission --------------------------------------------------------------------------------


def reason_not_to_submit_at(proposal: Proposal, moment: datetime, deadline: datetime | None) -> str:
    """Return why the proposal cannot be submitted at `moment`, "" when it can.

    `deadline`: as returned by `deadlines.submission_deadline`.

    Office rule: drafts while the call accepts them (see `deadlines`); a returned one even after the
    call has closed, but not once the call is under review. After its due date ends in Beijing it
    may still come, is marked late, and the office decides (see `late_days`).
    """
    call = proposal.call
    if proposal.status != ProposalStatus.RETURNED:
        return "" if is_within_deadline(call, deadline, moment) else "不在征集时间内，不能提交。"
    if call.status not in BEFORE_REVIEW:
        return "本批次已进入评审，不能再提交。"
    return ""


def submit(proposal: Proposal, person_id: int, *, pledged: bool, version: int | None = None) -> str:
    """Submit or resubmit and return the number, which is given at the first time only.

    Freezes the content as the next version with its fingerprint. Raises EditConflict when the
    content changed since `version` was shown, TransitionRejected in a state without submission,
    Rejected when it is late, incomplete, without the pledge (field "pledge") or, for a joint one,
    without a confirmation by the partner unit that holds. A return handed in after its due day is
    marked so.
    """
    lock(proposal)
    if version is not None:
        expect_version(proposal, version)
    proposal.machine.transition_for(proposal.status, "submit")
    now = clock.now()
    if late := reason_not_to_submit_at(proposal, now, deadlines.submission_deadline(proposal)):
        raise Rejected(late)
    admission.require_may_submit(proposal)
    if missing := submission_blockers(proposal):
        raise Rejected(f"还有{len(missing)}处需要补充，不能提交。")
    if not pledged:
        raise Rejected("请阅读并勾选诚信承诺。", "pledge")
    number = proposal.number or _new_number(proposal.call)
    answers = due_on(proposal)
    overdue = late_days(proposal, now)
    transition(proposal, "submit", number=number, submitted_at=now, pledged_at=now)
    proposal.first_submitted_at = proposal.first_submitted_at or now
    joint_service.drop_open_request(proposal, now)
    frozen = freeze_version(proposal, person_id, now)
    frozen.answers_due_on, frozen.late_days = answers, overdue
    proposal.queue_rank = queue_rank(frozen.number, overdue)
    proposal_submitted.send(proposal=proposal, version=frozen)
    notify(
        [person for person in role_holder_ids(OFFICE) if person not in involved_ids(proposal)],
        f"申报书{number}《{proposal.title}》{_lateness_text(overdue)}，请办理形式审查。",
        About.of(proposal),
    )
    text = f"联合申报的申报书{number}《{proposal.title}》已提交，等待形式审查。"
    notify_partner(proposal, text, About.of(proposal))
    audit.record(
        "proposal.submit",
        proposal,
        detail={
            "number": number,
            "version": frozen.number,
            "fingerprint": short(frozen.fingerprint),
            "late_days": overdue,
        },
    )
    return number


def _lateness_text(overdue: int) -> str:
    return f"已提交（逾期补正{overdue}天）" if overdue else "已提交"


def _new_number(call: Call) -> str:
    scope = f"{call.year}-{call.batch:02d}"
    return proposal_number(call.year, call.batch, allocate("proposal", scope))
