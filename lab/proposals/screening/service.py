"""The formality check: recorded on a submission, or on an overdue return."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.rules import check_items
from lab.db import expect_version, transition
from lab.extensions import db
from lab.proposals.core.content.versions import latest_version
from lab.proposals.core.editing import late_days, lock
from lab.proposals.core.notifications import involved_ids
from lab.proposals.joint import queries as joint_queries
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.rules.corrections import expand_ticked, parts_of
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.rules.screening import checklist
from lab.proposals.rules.screening.checklist import Mark, Ruling
from lab.proposals.screening.avoided import service as service_avoided
from lab.proposals.screening.drafts import service as service_drafts
from lab.proposals.screening.drafts.queries import ShownState
from lab.proposals.screening.letters.drafting import draft_check_letter
from lab.proposals.withdrawal import queries as withdrawal_queries
from lab.rejected import Rejected, reject_for_all

NOT_CONFIRMED_MESSAGE = (
    "联合单位尚未确认，不能办理合格。请先在联合申报页催办；也可以退回补正，由申报人重新提请确认。"
)


def record_check(
    proposal: Proposal,
    version: int | None,
    *,
    checker_id: int,
    marks: Sequence[Mark],
    outcome: str,
    reason: str = "",
    due_days: int | None = None,
    reopened: Collection[str] = (),
    shown: ShownState | None = None,
    matches: Mapping[int, int | None] | None = None,
) -> FormalityCheck:
    """Record a formality check and draft its letter; `outcome` is passed, returned or refused.

    The outcome takes effect when the letter is sent (`letters.announcement`). `due_days`: working
    days that a return gives from then. `reopened`: names of the fields, or step-… for whole steps,
    that a return opens. `matches`: entry of whom to avoid -> person, None for nobody of that name;
    a proposal passes with every entry matched. Raises Rejected with the field at fault when a rule
    of the outcome is broken or when the checker takes part in the proposal, EditConflict when the
    proposal changed since `version`, or its draft since `shown`.
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
    ruling = Ruling(outcome, reason, due_days, expand_ticked(reopened))
    service_avoided.require_other_checker(proposal, matches or {}, checker_id)
    reject_for_all(_problems(proposal, done, ruling, matches or {}))
    transition(proposal, "record_check")
    service_avoided.store_matches(proposal, matches or {}, checker_id)
    check = _store_check(proposal, done, ruling, checker_id)
    _draft_letter(proposal, check, done)
    detail = {"outcome": outcome, "due_days": check.due_days}
    audit.record("proposal.check", proposal, detail=detail)
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
    last = proposal.announced_checks[-1].checklist if proposal.announced_checks else []
    marks = [Mark(**plain) for plain in last]
    transition(proposal, "record_lapse")
    check = _store_check(proposal, marks, Ruling(checklist.REFUSED, reason), checker_id)
    _draft_letter(proposal, check, marks)
    audit.record("proposal.refuse_overdue", proposal, detail={"late_days": overdue})
    return check


def _problems(
    proposal: Proposal, marks: Sequence[Mark], ruling: Ruling, matches: Mapping[int, int | None]
) -> Iterator[Rejected]:
    """Iterate over all that keeps the outcome from being recorded."""
    if problem := checklist.find_problem(marks, ruling):
        yield Rejected(problem.message, problem.field)
    if ruling.outcome != checklist.PASSED:
        return
    if joint_queries.awaits_confirmation(proposal):
        yield Rejected(NOT_CONFIRMED_MESSAGE, "outcome")
    yield from service_avoided.missing_matches(proposal, matches)


def _require_no_request(proposal: Proposal) -> None:
    if withdrawal_queries.pending_request(proposal.id) is not None:
        raise Rejected("申报人已经申请撤回，请先答复撤回申请。")


def _draft_letter(proposal: Proposal, check: FormalityCheck, marks: Sequence[Mark]) -> None:
    """Draft the letter from which the applicants learn the outcome."""
    reopened_texts = [part.text for part in parts_of(check.reopened)]
    check.letter_id = draft_check_letter(proposal, check, marks, reopened_texts).id


def _items(proposal: Proposal) -> tuple[check_items.Item, ...]:
    """Return the call's list, locked until this check is recorded."""
    query = select(Call.check_items).where(Call.id == proposal.call_id)
    return check_items.from_plain(db.session.execute(query.with_for_update(read=True)).scalar_one())


def _store_check(
    proposal: Proposal, marks: Sequence[Mark], ruling: Ruling, checker_id: int
) -> FormalityCheck:
    now, returned = clock.now(), ruling.outcome == checklist.RETURNED
    check = FormalityCheck(
        version_number=latest_version(proposal.id),
        checklist=[asdict(mark) for mark in marks],
        outcome=ruling.outcome,
        reason=ruling.reason,
        due_days=ruling.due_days if returned else None,
        reopened=list(ruling.reopened) if returned else [],
        checked_by_id=checker_id,
        checked_at=now,
    )
    proposal.checks.append(check)
    service_drafts.delete_draft(proposal)
    return check
