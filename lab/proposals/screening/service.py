"""The formality check: recorded on a submission, or on an overdue return."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules import check_items
from lab.db import expect_version, transition
from lab.extensions import db
from lab.proposals.core.editing import late_days, lock
from lab.proposals.core.notifications import involved_ids, notify_applicants
from lab.proposals.core.versions import latest_version
from lab.proposals.core.visibility.contents import numbered_title
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.rules import checklist
from lab.proposals.rules.checklist import Mark, Ruling
from lab.proposals.rules.corrections import expand_ticked, parts_of
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.screening import letters, service_drafts
from lab.proposals.screening.queries_drafts import ShownState
from lab.proposals.withdrawal import queries as withdrawal_queries
from lab.rejected import Rejected
from lab.workdays import queries as workdays


def record_check(
    proposal: Proposal,
    version: int | None,
    *,
    checker_id: int,
    marks: Sequence[Mark],
    outcome: str,
    reason: str = "",
    due_on: date | None = None,
    reopened: Collection[str] = (),
    shown: ShownState | None = None,
) -> FormalityCheck:
    """Record a formality check; `outcome` is passed, returned or refused.

    `reopened`: names of the fields, or step-… for whole steps, that a return opens. Raises Rejected
    with the field at fault when a rule of the outcome is broken or when the checker takes part in
    the proposal, EditConflict when the proposal changed since `version`, or its draft since
    `shown`.
    """
    items = _items(proposal)
    lock(proposal)
    if version is not None:
        expect_version(proposal, version)
    if shown is not None:
        service_drafts.require_current(proposal, shown)
    if checker_id in involved_ids(proposal):
        raise Rejected("您参与了此项目，不能办理形式审查。")
    _require_no_request(proposal)
    done = checklist.complete_marks(items, marks)
    ruling = Ruling(outcome, reason, due_on, expand_ticked(reopened))
    if problem := checklist.find_problem(done, ruling, clock.today(), workdays.office_calendar()):
        raise Rejected(problem.message, problem.field)
    check = _store_check(proposal, done, ruling, checker_id)
    _announce(proposal, check, done)
    audit.record("proposal.check", proposal, detail={"outcome": outcome, "due_on": check.due_on})
    return check


def refuse_overdue(proposal: Proposal, *, checker_id: int, reason: str) -> FormalityCheck:
    """Refuse an overdue return; the marks stay those of the return.

    Raises Rejected while there is time, without a reason (field "reason"), and when the checker
    takes part in the proposal.
    """
    lock(proposal)
    if checker_id in involved_ids(proposal):
        raise Rejected("您参与了此项目，不能办理形式审查。")
    _require_no_request(proposal)
    overdue = late_days(proposal, clock.now())
    if proposal.status == ProposalStatus.RETURNED and not overdue:
        raise Rejected("补正期限还没有过，不能不予受理。")
    if not reason:
        raise Rejected("请写明理由，申报人会看到。", "reason")
    last = proposal.checks[-1].checklist if proposal.checks else []
    marks = [Mark(**plain) for plain in last]
    check = _store_check(proposal, marks, Ruling(checklist.REFUSED, reason), checker_id)
    _announce(proposal, check, marks)
    audit.record("proposal.refuse_overdue", proposal, detail={"late_days": overdue})
    return check


def _require_no_request(proposal: Proposal) -> None:
    if withdrawal_queries.pending_request(proposal.id) is not None:
        raise Rejected("申报人已经申请撤回，请先答复撤回申请。")


def _announce(proposal: Proposal, check: FormalityCheck, marks: Sequence[Mark]) -> None:
    """Notify owner and leader of the outcome at once, and draft the letter about it."""
    notify_applicants(proposal, _short_notice(proposal, check))
    reopened_texts = [part.text for part in parts_of(check.reopened)]
    letters.draft_check_letter(proposal, check, marks, reopened_texts)


def _items(proposal: Proposal) -> tuple[check_items.Item, ...]:
    """Return the call's list, locked until this check is recorded."""
    query = select(Call.check_items).where(Call.id == proposal.call_id)
    return check_items.from_plain(db.session.execute(query.with_for_update(read=True)).scalar_one())


def _store_check(
    proposal: Proposal, marks: Sequence[Mark], ruling: Ruling, checker_id: int
) -> FormalityCheck:
    now, returned = clock.now(), ruling.outcome == checklist.RETURNED
    extra: dict[str, Any] = {"closed_at": now} if ruling.outcome == checklist.REFUSED else {}
    transition(proposal, checklist.ACTIONS[ruling.outcome], **extra)
    check = FormalityCheck(
        version_number=latest_version(proposal.id),
        checklist=[asdict(mark) for mark in marks],
        outcome=ruling.outcome,
        reason=ruling.reason,
        due_on=ruling.due_on if returned else None,
        reopened=list(ruling.reopened) if returned else [],
        checked_by_id=checker_id,
        checked_at=now,
    )
    proposal.checks.append(check)
    service_drafts.delete_draft(proposal)
    return check


def _short_notice(proposal: Proposal, check: FormalityCheck) -> str:
    name = f"申报书{numbered_title(proposal)}"
    if check.outcome == checklist.PASSED:
        return f"{name}已通过形式审查，等待评审。"
    if check.outcome == checklist.REFUSED:
        return f"{name}不予受理。理由：{check.reason}"
    until = clock.cn_date(check.due_on) if check.due_on else ""
    note = workdays.due_note(check.due_on)
    return f"{name}被退回补正，请于{until}前改好后重新提交{note}。理由：{check.reason}"
