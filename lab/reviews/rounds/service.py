"""The office's actions in a round besides assigning: open it, remind, return a sheet.

`assignment.service` writes assignments, `service_closing` closes the round, `sheets.service` has
the reviewer's own actions.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, not_, select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.calls.pages import service as calls
from lab.canonical import canonical_json, short
from lab.db import transition
from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify
from lab.policy import Actor
from lab.proposals.models.proposal import FormalityCheck, Proposal
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.rules.screening import checklist
from lab.proposals.submission import review_transitions
from lab.rejected import Rejected
from lab.reviews.core.conflicts import conflicted_condition
from lab.reviews.core.locking import lock_call, lock_round
from lab.reviews.models import ScoreSheet, SheetHistory
from lab.reviews.rounds.reminders import about_reminder, reminded_today
from lab.reviews.rules.lifecycle import OWED
from lab.web.links import About


def sheets_of(call: Call) -> Select[Any]:
    """Return every sheet of the call, in the order of assignment."""
    return (
        select(ScoreSheet)
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .where(Proposal.call_id == call.id)
        .order_by(ScoreSheet.id)
    )


def invitation_text(call: Call) -> str:
    """Return the notice for a reviewer with something to review."""
    return f"“{call.title}”有分配给您的评审，请签署承诺后按期完成。"


def open_review(call: Call) -> None:
    """Freeze the rules and move every accepted proposal into review; notify those assigned.

    Raises Rejected without an accepted proposal, while the letter to one that passed its check has
    not been sent, and with weights that do not add up to 100.
    """
    lock_call(call)
    entering = set(
        db.session.scalars(
            select(Proposal.id).where(
                Proposal.call_id == call.id, Proposal.status == ProposalStatus.ACCEPTED
            )
        )
    )
    if not entering:
        raise Rejected("没有形式审查合格的申报书，不能开启评审。")
    _require_letters_sent(call)
    digest = calls.freeze_rules_for_review(call)
    review_transitions.enter_review(call)
    sheets = [s for s in db.session.scalars(sheets_of(call)) if s.status in OWED]
    for sheet in sheets:
        if sheet.proposal_id not in entering:
            transition(sheet, "cancel", closed_reason="申报书未进入评审")
    notify(
        {s.reviewer_id for s in sheets if s.status in OWED},
        invitation_text(call),
        About.of(call, "reviews"),
    )
    audit.record("round.open", call, detail={"proposals": len(entering), "rules": short(digest)})


def _require_letters_sent(call: Call) -> None:
    """What passed its check enters review with its letter; later it could no longer enter."""
    waiting = db.session.scalar(
        select(func.count())
        .select_from(FormalityCheck)
        .join(Proposal, Proposal.id == FormalityCheck.proposal_id)
        .where(
            Proposal.call_id == call.id,
            FormalityCheck.outcome == checklist.PASSED,
            FormalityCheck.announced_at.is_(None),
            FormalityCheck.recalled_at.is_(None),
        )
    )
    if waiting:
        raise Rejected(f"有{waiting}份申报书形式审查合格，函件还没有发出。请先发函，再开启评审。")


# -- reminding ---------------------------------------------------------------------------------


def remind(call: Call, reviewer: Person, by: Actor) -> int:
    """Remind a reviewer of owed sheets (催办); return how many.

    Proposals that `by` must keep out of are neither mentioned nor counted. Office rule: at most
    once per reviewer, round and Beijing day. Raises Rejected otherwise, and when nothing is owed.
    """
    lock_round(call)
    owed_count = db.session.scalar(
        select(func.count())
        .select_from(ScoreSheet)
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .where(
            Proposal.call_id == call.id,
            ScoreSheet.reviewer_id == reviewer.id,
            ScoreSheet.status.in_(OWED),
            not_(conflicted_condition(by)),
        )
    )
    if not owed_count:
        raise Rejected(f"{reviewer.name}没有未提交的评审，无需催办。")
    if reviewer.id in reminded_today(call):
        raise Rejected(f"今天已经催办过{reviewer.name}，每人每天最多催办一次。")
    text = f"催办：“{call.title}”您还有{owed_count}份评审未提交，请尽快完成。"
    notify([reviewer.id], text, about_reminder(call))
    audit.record("round.remind", call, detail={"reviewer": reviewer.key, "owed": owed_count})
    return int(owed_count)


# -- returning ---------------------------------------------------------------------------------


def return_sheet(sheet: ScoreSheet, reason: str) -> None:
    """Return a submitted sheet to its reviewer (退回重评); the sheet as it was is stored.

    Raises Rejected when review has ended, TransitionRejected for a sheet that is not submitted.
    """
    lock_round(sheet.proposal.call)
    content = canonical_json(sheet_snapshot(sheet))
    transition(sheet, "return", return_reason=reason)
    db.session.add(SheetHistory(sheet_id=sheet.id, content=content, reason=reason, at=clock.now()))
    text = f"您对“{sheet.proposal.title}”的评审被退回，请按说明修改后重新提交。"
    notify([sheet.reviewer_id], text, About.of(sheet))
    audit.record("round.return_sheet", sheet, detail={"reason_length": len(reason)})


def sheet_snapshot(sheet: ScoreSheet) -> dict[str, object]:
    """Return a sheet's content as plain values for canonical JSON."""
    return {
        "version": sheet.version,
        "submitted_at": sheet.submitted_at,
        "recommendation": sheet.recommendation,
        "strengths": sheet.strengths,
        "problems": sheet.problems,
        "comment": sheet.comment,
        "scores": {item.criterion.key: item.score for item in sheet.items},
        "notes": {item.criterion.key: item.comment for item in sheet.items},
    }
