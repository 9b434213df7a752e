"""A reviewer's actions: pledge, save, submit, recuse, abstain."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.calls.models.call import Call, Criterion
from lab.db import bump_version, transition
from lab.editing import tabs
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import OFFICE
from lab.proposals.core.notifications import involved_ids
from lab.rejected import Rejected
from lab.reviews.core.conflicts import without_conflict_with
from lab.reviews.core.frozen_rules import rules_of
from lab.reviews.core.locking import lock_round
from lab.reviews.models import Pledge, Recusal, ScoreItem, ScoreSheet
from lab.reviews.rules.declared_conflicts import DeclaredKind
from lab.reviews.rules.pledge import pledge_fingerprint
from lab.reviews.scoring.completeness import Answers, MissingItem, missing_items
from lab.web.links import About


def sign_pledge(call: Call, reviewer: Person) -> None:
    """Sign the pledge (签署承诺), once per round.

    Raises Rejected when it is signed already or review has ended.
    """
    lock_round(call, shared=True)
    signed = select(Pledge.id).where(Pledge.call_id == call.id, Pledge.reviewer_id == reviewer.id)
    if db.session.scalar(signed):
        raise Rejected("您已签署本轮评审承诺。")
    digest = pledge_fingerprint()
    db.session.add(
        Pledge(
            call_id=call.id,
            reviewer_id=reviewer.id,
            text_fingerprint=digest,
            signed_at=clock.now(),
        )
    )
    audit.record("review.pledge", call, detail={"text": digest})


def save_sheet(
    sheet: ScoreSheet,
    version: int | None,
    answers: Answers,
    *,
    invalid_input: Mapping[str, Any] | None = None,
    tab: EditorTab | None = None,
) -> None:
    """Save what was typed, complete or not (保存).

    `invalid_input` are texts that could not be read, as typed. Raises EditConflict when the form is
    stale, LateSave when a newer save of the page `tab` came first, Rejected when review has ended.
    """
    lock_round(sheet.proposal.call, shared=True)
    tabs.lock_for_save(sheet, version, tab)
    _write(sheet, answers, invalid_input or {})
    _record_save(sheet, version, tab)
    audit.record("review.save", sheet, detail={"scored": _scored(sheet)})


def submit_sheet(
    sheet: ScoreSheet, version: int | None, answers: Answers, *, tab: EditorTab | None = None
) -> list[MissingItem]:
    """Save the input and, when nothing is missing, submit the sheet (提交评审).

    Returns what is missing; then the sheet is saved but not submitted. Raises like `save_sheet`.
    """
    call = sheet.proposal.call
    lock_round(call, shared=True)
    tabs.lock_for_save(sheet, version, tab)
    _write(sheet, answers, {})
    _record_save(sheet, version, tab)
    missing = missing_items(rules_of(call).criteria, _stored(sheet, answers.same_confirmed))
    if missing:
        audit.record("review.save", sheet, detail={"scored": _scored(sheet)})
        return missing
    transition(sheet, "submit", submitted_at=clock.now())
    audit.record("review.submit", sheet, detail={"recommendation": sheet.recommendation})
    return []


def _record_save(sheet: ScoreSheet, version: int | None, tab: EditorTab | None) -> None:
    if tab is not None:
        tabs.record_save(tab, version, sheet.version)


def declare_recusal(sheet: ScoreSheet, reviewer: Person, kind: str, reason: str) -> None:
    """Declare a conflict with the proposal (回避); it stays on record after the assignment.

    `kind` is a DeclaredKind. Raises Rejected for another kind or after the end of review.
    """
    if kind not in set(DeclaredKind):
        raise Rejected("请选择回避情形。", "kind")
    lock_round(sheet.proposal.call)
    transition(sheet, "recuse", closed_reason=reason)
    db.session.add(
        Recusal(
            proposal_id=sheet.proposal_id,
            reviewer_id=reviewer.id,
            code=kind,
            reason=reason,
            declared_by_id=reviewer.id,
            declared_at=clock.now(),
        )
    )
    _notify_office(sheet, f"有评委申请回避“{sheet.proposal.title}”，请检查评委是否足够。")
    audit.record("review.recuse", sheet, detail={"kind": kind})


def abstain_from(sheet: ScoreSheet, reason: str) -> None:
    """Abstain without a conflict (弃评). Raises Rejected."""
    lock_round(sheet.proposal.call)
    transition(sheet, "abstain", closed_reason=reason)
    _notify_office(sheet, f"有评委弃评“{sheet.proposal.title}”，请检查评委是否足够。")
    audit.record("review.abstain", sheet, detail={"reason_length": len(reason)})


def _notify_office(sheet: ScoreSheet, text: str) -> None:
    # Not to colleagues who applied: that a reviewer stepped back is part of the blind review.
    proposal = sheet.proposal
    recipients = without_conflict_with(
        proposal.id, set(role_holder_ids(OFFICE)) - involved_ids(proposal)
    )
    notify(recipients, text, About.of(proposal.call, "round"))


def _write(sheet: ScoreSheet, answers: Answers, invalid_input: Mapping[str, Any]) -> None:
    items = {item.criterion_id: item for item in sheet.items}
    for criterion in sheet.proposal.call.criteria:
        item = items.get(criterion.id)
        if item is None:
            item = ScoreItem(criterion_id=criterion.id)
            sheet.items.append(item)
        _fill(item, criterion, answers)
    sheet.recommendation = answers.recommendation
    sheet.strengths, sheet.problems = answers.strengths, answers.problems
    sheet.comment, sheet.saved_at = answers.comment, clock.now()
    sheet.invalid_input = invalid_input
    bump_version(sheet)
    db.session.flush()  # the page that follows carries the version as it now is


def _fill(item: ScoreItem, criterion: Criterion, answers: Answers) -> None:
    if criterion.key in answers.scores:
        item.score = answers.scores[criterion.key]
    item.comment = answers.notes.get(criterion.key, item.comment or "")


def _stored(sheet: ScoreSheet, same_confirmed: bool) -> Answers:
    names = {criterion.id: criterion.key for criterion in sheet.proposal.call.criteria}
    scores: dict[str, Decimal | None] = {names[i.criterion_id]: i.score for i in sheet.items}
    return Answers(
        scores=scores,
        notes={names[item.criterion_id]: item.comment for item in sheet.items},
        recommendation=sheet.recommendation,
        strengths=sheet.strengths,
        problems=sheet.problems,
        comment=sheet.comment,
        same_confirmed=same_confirmed,
    )


def _scored(sheet: ScoreSheet) -> int:
    return sum(item.score is not None for item in sheet.items)
