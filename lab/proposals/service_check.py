"""The formality check: one verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from lab import audit, clock
from lab.canonical import canonical_json
from lab.db import expect_version, move
from lab.errors import Refused
from lab.proposals import check_letters, checklist
from lab.proposals.checklist import Mark
from lab.proposals.drafts import lock
from lab.proposals.models import FormalityCheck, Proposal
from lab.proposals.service import involved, latest_version, tell, title_of


def record_check(
    proposal: Proposal,
    version: int | None,
    *,
    checker_id: int,
    marks: Sequence[Mark],
    outcome: str,
    reason: str = "",
    due_on: date | None = None,
) -> FormalityCheck:
    """Record a formality check; `outcome` is passed, returned or refused.

    Raises Refused with the field at fault when a rule of the outcome is broken or when the
    checker takes part in the proposal, Clash when the proposal changed since `version`.
    """
    lock(proposal)
    if version is not None:
        expect_version(proposal, version)
    if checker_id in involved(proposal):
        raise Refused("您参与了此项目，不能办理形式审查。")
    if found := checklist.trouble(marks, outcome, reason, due_on, clock.today()):
        raise Refused(found.sentence, found.field)
    act, now = checklist.ACTS[outcome], clock.now()
    move(proposal, act, **({"closed_at": now} if outcome == checklist.REFUSED else {}))
    check = FormalityCheck(
        version_number=latest_version(proposal.id),
        checklist=canonical_json([asdict(mark) for mark in marks]),
        outcome=outcome,
        reason=reason,
        due_on=due_on if outcome == checklist.RETURNED else None,
        checked_by_id=checker_id,
        checked_at=now,
    )
    proposal.checks.append(check)
    tell(proposal, _letter(proposal, check))
    check_letters.draft(proposal, check, marks)
    audit.record("proposal.check", proposal, detail={"outcome": outcome, "due_on": check.due_on})
    return check


def _letter(proposal: Proposal, check: FormalityCheck) -> str:
    name = f"申报书{proposal.number}《{title_of(proposal)}》"
    if check.outcome == checklist.PASSED:
        return f"{name}已通过形式审查，等待评审。"
    if check.outcome == checklist.REFUSED:
        return f"{name}不予受理。理由：{check.reason}"
    until = clock.cn_date(check.due_on) if check.due_on else ""
    return f"{name}被退回补正，请于{until}前改好后重新提交。理由：{check.reason}"
