"""End the assignments of reviewers who turn out to be people to avoid."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from lab.db import bump_version, transition
from lab.extensions import db
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import OFFICE
from lab.proposals.core.notifications import involved_ids
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.conflicts import without_conflict_with
from lab.reviews.models import ScoreSheet
from lab.reviews.rules.lifecycle import ASSIGNED, SheetStatus
from lab.web.links import About

REASON = "经核对为申报人申请回避的人员"


def end_assignments(_sender: Any, proposal: Proposal, people: Collection[int], **_rest: Any) -> int:
    """Take the proposal from these people (ids) where they review it; return from how many.

    Part of the correction of a match, which has locked the call and writes the audit line. A sheet
    that is owed is withdrawn unseen, as where an assignment is cancelled; a submitted one is put
    aside as after a reviewer's own declaration, and counts no more.
    """
    sheets = db.session.scalars(
        select(ScoreSheet)
        .where(
            ScoreSheet.proposal_id == proposal.id,
            ScoreSheet.reviewer_id.in_(sorted(people)),
            ScoreSheet.status.in_(ASSIGNED),
        )
        .order_by(ScoreSheet.id)
        .execution_options(populate_existing=True)
    ).all()
    for sheet in sheets:
        action = "recuse" if sheet.status == SheetStatus.SUBMITTED else "cancel"
        transition(sheet, action, closed_reason=REASON)
    if sheets:
        bump_version(proposal.call)  # the assignment's page that somebody has open is stale
        _notify_office(proposal)
    return len(sheets)


def _notify_office(proposal: Proposal) -> None:
    office = set(role_holder_ids(OFFICE)) - involved_ids(proposal)
    text = f"有评委须回避“{proposal.title}”，请检查评委是否足够。"
    notify(without_conflict_with(proposal.id, office), text, About.of(proposal.call, "round"))
