"""The outcome of a formality check takes effect with its letter.

Office rule: the applicant learns the outcome from the letter. Until it is sent the proposal stands
at 审查完成，等待发函; the days of a return are counted from the day of sending. A letter that is
voided instead takes the outcome back, and the proposal waits for its check again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.db import transition
from lab.extensions import db
from lab.inbox.models.letters import Letter
from lab.inbox.rules.letter_wording import DUE_DAY
from lab.proposals.core.editing import lock
from lab.proposals.core.notifications import notify_partner
from lab.proposals.core.visibility.contents import numbered_title
from lab.proposals.joint import service as joint_service
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.rules.screening import checklist
from lab.web.links import About
from lab.workdays import queries as workdays


def announce_outcome(_sender: Any, *, letter: Letter) -> None:
    """Give the outcome that a letter tells of its effect, and fix the last day of a return."""
    check = _pending_check(letter)
    if check is None:
        return
    proposal = _locked_proposal(check)
    now = clock.now()
    if check.outcome == checklist.RETURNED:
        check.due_on = workdays.count_working_days(clock.today(), check.due_days or 0).day
        until = clock.cn_date(check.due_on) + workdays.due_note(check.due_on)
        letter.body = letter.body.replace(DUE_DAY, until)
    check.announced_at = now
    extra: dict[str, Any] = {"closed_at": now} if check.outcome == checklist.REFUSED else {}
    transition(proposal, checklist.ACTIONS[check.outcome], **extra)
    notify_partner(proposal, _partner_notice(proposal, check), About.of(proposal))
    if check.outcome == checklist.REFUSED:
        joint_service.drop_open_request(proposal, now)
    detail = {"outcome": check.outcome, "due_on": check.due_on}
    audit.record("proposal.announce_check", proposal, detail=detail)


def take_back_outcome(_sender: Any, *, letter: Letter) -> None:
    """Take back the outcome whose letter was voided; its marks stay on record."""
    check = _pending_check(letter)
    if check is None:
        return
    proposal = _locked_proposal(check)
    check.recalled_at = clock.now()
    waits_for_correction = check.outcome == checklist.REFUSED and _is_answer_missing(proposal)
    transition(proposal, "resume_return" if waits_for_correction else "resume_check")
    audit.record("proposal.recall_check", proposal, detail={"outcome": check.outcome})


def _pending_check(letter: Letter) -> FormalityCheck | None:
    """Return the check that this letter tells of; None for one with another subject.

    Letters that were drafted when a check still took effect at once have none.
    """
    return db.session.scalar(
        select(FormalityCheck).where(
            FormalityCheck.letter_id == letter.id, FormalityCheck.announced_at.is_(None)
        )
    )


def _locked_proposal(check: FormalityCheck) -> Proposal:
    proposal = db.session.get_one(Proposal, check.proposal_id)
    lock(proposal)
    assert proposal.status == ProposalStatus.CHECKED, proposal.status
    return proposal


def _is_answer_missing(proposal: Proposal) -> bool:
    """Whether the refusal was of a return that nobody answered."""
    refused = proposal.checks[-1]
    return any(
        check.outcome == checklist.RETURNED and check.version_number == refused.version_number
        for check in proposal.announced_checks
    )


def _partner_notice(proposal: Proposal, check: FormalityCheck) -> str:
    name = f"联合申报的申报书{numbered_title(proposal)}"
    if check.outcome == checklist.PASSED:
        return f"{name}已通过形式审查，等待评审。"
    if check.outcome == checklist.REFUSED:
        return f"{name}不予受理。理由：{check.reason}"
    until = clock.cn_date(check.due_on) if check.due_on else ""
    return f"{name}被退回补正，牵头单位应于{until}前重新提交。理由：{check.reason}"
