"""Who the people to avoid are, corrected after the check: what it ends, and what it leaves."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.screening.avoided import service
from lab.rejected import Rejected
from lab.reviews.recusal.queries import reasons_for
from lab.reviews.rounds import service as rounds_service
from tests.support.builders import reviews
from tests.support.builders.calls import close, open_call
from tests.support.builders.proposals import avoiding, check, submitted_proposal
from tests.support.cast import Cast


def barred(proposal: Proposal, person_id: int) -> list[str]:
    return [reason.code for reason in reasons_for(proposal.id, person_id)]


def under_review(cast: Cast) -> tuple[Proposal, int]:
    """A proposal whose only entry was matched with reviewer2, assigned to the two others."""
    call = open_call(cast)
    proposal = submitted_proposal(cast, call, avoided=[avoiding(cast.reviewer2, "曾共事")])
    check(proposal, cast, "passed")
    close(call)
    reviews.assign(call, cast, [proposal], [cast.reviewer, cast.reviewer3])
    rounds_service.open_review(call)
    db.session.commit()
    return proposal, proposal.avoided[0].id


def correct(proposal: Proposal, cast: Cast, matches: dict[int, int | None]) -> int:
    version = proposal.version
    ended = service.correct_matches(proposal, version, matches, cast.office)
    db.session.commit()
    return ended


def test_a_match_is_corrected_until_review_ends(both_ctx: Flask, both_cast: Cast) -> None:
    cast = both_cast
    proposal, entry = under_review(cast)
    assert barred(proposal, cast.reviewer2) == ["avoided"]
    with pytest.raises(Rejected, match="与现在相同"):
        service.correct_matches(proposal, proposal.version, {entry: cast.reviewer2}, 1)
    db.session.rollback()
    before = proposal.version
    assert correct(proposal, cast, {entry: None}) == 0
    assert barred(proposal, cast.reviewer2) == []
    assert correct(proposal, cast, {entry: cast.stranger}) == 0
    assert "avoided" in barred(proposal, cast.stranger)
    with pytest.raises(EditConflict):
        service.correct_matches(proposal, before, {entry: None}, cast.office)
    db.session.rollback()
    lines = db.session.scalars(
        select(AuditEvent.detail)
        .where(AuditEvent.action == "proposal.match_avoided")
        .order_by(AuditEvent.seq)
    )
    assert [line.parsed() for line in lines] == [
        {"entry": entry, "person_found": True},
        {"entry": entry, "person_found": False, "person_found_before": True},
        {"entry": entry, "person_found": True, "person_found_before": False},
    ]
    db.session.rollback()
    with db.engine.begin() as raw:
        raw.execute(update(Proposal).values(status=ProposalStatus.REVIEWED))
    db.session.expire_all()
    with pytest.raises(Rejected, match="评审已经结束"):
        correct(proposal, cast, {entry: None})
    db.session.rollback()


@pytest.mark.parametrize(("scored", "ends"), [(False, "cancelled"), (True, "recused")])
def test_a_reviewer_found_later_loses_the_proposal(
    both_ctx: Flask, both_cast: Cast, scored: bool, ends: str
) -> None:
    cast = both_cast
    proposal, entry = under_review(cast)
    call = proposal.call
    assigned = call.version
    if scored:
        reviews.score(proposal, cast.reviewer)
    assert correct(proposal, cast, {entry: cast.reviewer}) == 1
    sheet = reviews.sheet_of(proposal, cast.reviewer)
    assert sheet.status == ends and "申请回避" in sheet.closed_reason
    assert reviews.sheet_of(proposal, cast.reviewer3).status == "draft"
    assert barred(proposal, cast.reviewer) == ["avoided"] and call.version > assigned
    told = select(Notice.text).where(Notice.person_id == cast.office)
    assert any("有评委须回避" in text for text in db.session.scalars(told))
    with pytest.raises(Rejected, match="不能评审"):
        reviews.assign(call, cast, [proposal], [cast.reviewer])
    db.session.rollback()
