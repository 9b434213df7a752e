"""Actions on withdrawals: withdraw, request, answer, withdraw for the applicants, reuse."""

from __future__ import annotations

from typing import Any

from lab import audit, clock
from lab.db import bump_version, expect_version, transition
from lab.extensions import db
from lab.files.storing import storage
from lab.files.storing.service import path_of
from lab.files.storing.serving import log_damage
from lab.files.storing.uploads import ReceivedUpload
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import OFFICE
from lab.proposals.core import deadlines
from lab.proposals.core import files as core_files
from lab.proposals.core.editing import lock
from lab.proposals.core.notifications import involved_ids, notify_applicants, notify_partner
from lab.proposals.core.visibility.contents import numbered_title
from lab.proposals.joint import service as joint_service
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.withdrawal import ProposalWithdrawal
from lab.proposals.rules import withdrawal
from lab.proposals.withdrawal import queries
from lab.proposals.writing import field_values
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.web.links import About

WITHDRAW_ACTION = "withdraw"
NOT_NEEDED = "截止时间之前可以直接撤回，不用申请。"
ALREADY_REQUESTED = "已经申请撤回，请等待实施办公室答复。"
NO_REQUEST = "没有等待答复的撤回申请。"


def _name(proposal: Proposal) -> str:
    return f"申报书{numbered_title(proposal)}"


def _dismiss_partner(proposal: Proposal) -> None:
    """Tell the partner unit's people, of whom no answer is waited for any more."""
    notify_partner(proposal, f"联合申报的{_name(proposal)}已撤回。", About.of(proposal))
    joint_service.drop_open_request(proposal, clock.now())


def _notify_office(proposal: Proposal, text: str) -> None:
    office = [person for person in role_holder_ids(OFFICE) if person not in involved_ids(proposal)]
    notify(office, text, About.of(proposal))


def _new(proposal: Proposal, kind: str, person_id: int, reason: str = "") -> ProposalWithdrawal:
    row = ProposalWithdrawal(
        proposal_id=proposal.id,
        kind=kind,
        reason=reason,
        asked_by_id=person_id,
        asked_at=clock.now(),
    )
    row.begin()
    db.session.add(row)
    return row


def _close(row: ProposalWithdrawal, action: str, person_id: int, answer: str = "") -> None:
    transition(row, action, answer=answer, decided_by_id=person_id, decided_at=clock.now())


def withdrawal_way(proposal: Proposal) -> str:
    """Return how the applicants may withdraw now: see `withdrawal.withdrawal_way`."""
    return withdrawal.withdrawal_way(proposal, deadlines.submission_deadline(proposal), clock.now())


def withdraw_own(proposal: Proposal, person_id: int) -> None:
    """Take a proposal back for its applicants before the deadline, without asking.

    Number and text stay. Raises Rejected when the way is to ask the office, TransitionRejected in a
    state without withdrawal.
    """
    lock(proposal)
    proposal.machine.transition_for(proposal.status, WITHDRAW_ACTION)
    if withdrawal_way(proposal) != withdrawal.OWN:
        raise Rejected("已过截止时间或已通过形式审查，不能直接撤回，请提交撤回申请。")
    # A request from before the deadline was put off is answered by this.
    row = queries.pending_request(proposal.id) or _new(proposal, withdrawal.OWN, person_id)
    _close(row, "carry_out", person_id)
    transition(proposal, WITHDRAW_ACTION, closed_at=clock.now())
    notify_applicants(proposal, f"{_name(proposal)}已撤回。")
    _dismiss_partner(proposal)
    _notify_office(proposal, f"{_name(proposal)}已由申报人撤回。")
    audit.record("proposal.withdraw", proposal, detail={"number": proposal.number})


def request_withdrawal(proposal: Proposal, person_id: int, reason: str) -> None:
    """Request a withdrawal from the office (申请撤回). One request at a time.

    Raises Rejected when the applicants may withdraw themselves, or have a pending request.
    """
    lock(proposal)
    proposal.machine.transition_for(proposal.status, WITHDRAW_ACTION)
    if withdrawal_way(proposal) == withdrawal.OWN:
        raise Rejected(NOT_NEEDED)
    if queries.pending_request(proposal.id) is not None:
        raise Rejected(ALREADY_REQUESTED)
    _new(proposal, withdrawal.REQUEST, person_id, reason)
    bump_version(proposal)
    _notify_office(proposal, f"{_name(proposal)}申请撤回，请答复。理由：{reason}")
    notify_applicants(proposal, f"{_name(proposal)}已申请撤回，请等待实施办公室答复。")
    audit.record("proposal.ask_withdrawal", proposal, detail={"reason_length": len(reason)})


def _require_request(proposal: Proposal) -> ProposalWithdrawal:
    row = queries.pending_request(proposal.id)
    if row is None:
        raise Rejected(NO_REQUEST)
    return row


def cancel_request(proposal: Proposal, person_id: int) -> None:
    """Cancel the applicants' request. Raises Rejected when there is none."""
    lock(proposal)
    _close(_require_request(proposal), "drop", person_id)
    bump_version(proposal)
    _notify_office(proposal, f"{_name(proposal)}的撤回申请已由申报人取消。")
    audit.record("proposal.drop_withdrawal", proposal, detail={"number": proposal.number})


def decide_request(
    proposal: Proposal, version: int | None, person_id: int, *, agree: bool, answer: str
) -> None:
    """Answer a request for the office, with a reason.

    Raises Rejected when there is none (any more), EditConflict when the proposal changed since
    `version`.
    """
    lock(proposal)
    row = _require_request(proposal)
    expect_version(proposal, version)
    _close(row, "agree" if agree else "refuse", person_id, answer)
    if agree:
        transition(proposal, WITHDRAW_ACTION, closed_at=clock.now())
        _dismiss_partner(proposal)
    else:
        bump_version(proposal)
    outcome = "同意撤回" if agree else "不同意撤回"
    notify_applicants(proposal, f"{_name(proposal)}：实施办公室{outcome}。理由：{answer}")
    audit.record("proposal.decide_withdrawal", proposal, detail={"agreed": agree})


def withdraw_for(proposal: Proposal, version: int | None, person_id: int, reason: str) -> None:
    """Withdraw on the applicants' behalf, before review.

    Raises Rejected while their own request waits for its answer, EditConflict when the proposal
    changed since `version`.
    """
    lock(proposal)
    proposal.machine.transition_for(proposal.status, WITHDRAW_ACTION)
    if queries.pending_request(proposal.id) is not None:
        raise Rejected("申报人已经申请撤回，请直接答复申请。")
    expect_version(proposal, version)
    _close(_new(proposal, withdrawal.OFFICE, person_id, reason), "carry_out", person_id)
    transition(proposal, WITHDRAW_ACTION, closed_at=clock.now())
    notify_applicants(proposal, f"{_name(proposal)}已由实施办公室代为撤回。理由：{reason}")
    _dismiss_partner(proposal)
    audit.record("proposal.withdraw_for", proposal, detail={"reason_length": len(reason)})


# -- beginning anew ----------------------------------------------------------------------------


def reuse_as_draft(proposal: Proposal, person_id: int) -> tuple[Proposal, tuple[str, ...]]:
    """Create a draft from the text and attachments of a withdrawn proposal (以此为底稿重新申报).

    In the same call, owned by the same person; a repeated call returns the same draft.

    Returns the draft and a message for each attachment that could not be copied. Raises Rejected
    after the deadline.
    """
    lock(proposal)
    row = queries.newest_withdrawal(proposal.id) or _on_record(proposal)
    if row.reused_as is not None:
        return row.reused_as, ()
    if not deadlines.is_before_deadline(proposal, clock.now()):
        raise Rejected("征集已经截止，不能重新申报。")
    draft = drafts.new_draft(proposal.call, proposal.owner, is_demo=proposal.is_demo)
    values, invalid_input = field_values.current_values(proposal)
    messages = _copy(draft, proposal, values, invalid_input, person_id)
    row.taken_up_id = draft.id
    return draft, messages


def _on_record(proposal: Proposal) -> ProposalWithdrawal:
    """Create the record of a withdrawal from before withdrawals were recorded."""
    row = _new(proposal, withdrawal.OWN, proposal.owner_id)
    row.asked_at = proposal.closed_at or row.asked_at
    _close(row, "carry_out", proposal.owner_id)
    return row


def _copy(
    draft: Proposal,
    source: Proposal,
    values: dict[str, Any],
    invalid_input: dict[str, Any],
    person_id: int,
) -> tuple[str, ...]:
    uploads, lost = [], []
    for file in (row.file for row in core_files.active_files(source)):
        try:
            # They were examined when they were first handed in.
            with storage.open_verified(path_of(file), file.sha256) as source_file:
                uploads.append(
                    ReceivedUpload(file.name, storage.store_file(source_file), file.active)
                )
        except storage.FileDamaged as damaged:
            number = log_damage(file.key, damaged)
            lost.append(f"附件“{file.name}”没有复制，请重新上传（事件编号 {number}）。")
    messages = drafts.save_draft(
        drafts.SaveDraft(
            draft,
            None,
            values,
            invalid_input=invalid_input,
            uploads=uploads,
            person_id=person_id,
            action="proposal.reuse",
        )
    )
    return (*messages, *lost)
