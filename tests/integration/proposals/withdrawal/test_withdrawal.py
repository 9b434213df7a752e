"""Withdrawal to the second of the deadline, the office's answer, beginning anew; both databases."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from lab import clock
from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.withdrawal import ProposalWithdrawal
from lab.proposals.screening import service as screening_service
from lab.proposals.submission import review_transitions
from lab.proposals.submission import service as proposals
from lab.proposals.withdrawal import queries as withdrawal_queries
from lab.proposals.withdrawal import service as withdrawal_service
from lab.proposals.writing import field_values
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.workflow import TransitionRejected
from tests.support.builders.calls import CLOSES, NOON, call_until_five, open_call
from tests.support.builders.files import pdf
from tests.support.builders.proposals import (
    ALL_OK,
    accepted_proposal,
    confirm,
    filled_draft,
    returned_proposal,
    submitted_proposal,
)
from tests.support.cast import Cast
from tests.support.concurrency import at_once

SECOND = timedelta(seconds=1)
REASON = "合作方退出，方案需要重做。"


def submitted(cast: Cast) -> Proposal:
    call = call_until_five(cast)
    with clock.freeze(NOON + timedelta(minutes=2)):
        return submitted_proposal(cast, call)


def notices(person_id: int) -> list[str]:
    rows = select(Notice.text).where(Notice.person_id == person_id).order_by(Notice.id)
    return list(db.session.scalars(rows))


def test_applicants_withdraw_alone_until_the_deadline(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted(both_cast)
    with clock.freeze(CLOSES):
        with pytest.raises(Rejected, match="提交撤回申请"):
            withdrawal_service.withdraw_own(proposal, both_cast.applicant)
        db.session.rollback()
    with clock.freeze(CLOSES - SECOND):
        with pytest.raises(Rejected, match="可以直接撤回"):
            withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
        db.session.rollback()
        withdrawal_service.withdraw_own(proposal, both_cast.leader)
        db.session.commit()
    assert (proposal.status, proposal.number) == ("withdrawn", "SB-2022-01-001")
    row = withdrawal_queries.withdrawals(proposal.id)[0]
    assert (row.label, row.asked_by, row.decided_at) == ("自行撤回", "组长甲", CLOSES - SECOND)
    assert "已由申报人撤回" in notices(both_cast.office)[-1]


def test_an_accepted_proposal_is_withdrawn_by_request(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = accepted_proposal(both_cast, open_call(both_cast))
    with pytest.raises(Rejected, match="提交撤回申请"):
        withdrawal_service.withdraw_own(proposal, both_cast.applicant)
    db.session.rollback()
    withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
    db.session.commit()
    assert proposal.status == "accepted"
    withdrawal_service.decide_request(
        proposal, proposal.version, both_cast.office, agree=True, answer="同意。"
    )
    db.session.commit()
    assert proposal.status == "withdrawn"
    for who in (both_cast.applicant, both_cast.leader):
        assert "实施办公室同意撤回。理由：同意。" in notices(who)[-1]


def test_a_refused_withdrawal_request_may_be_repeated(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted(both_cast)
    with clock.freeze(CLOSES + SECOND):
        withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
        db.session.commit()
        assert REASON in notices(both_cast.office)[-1]
        with pytest.raises(Rejected, match="已经申请撤回"):
            withdrawal_service.request_withdrawal(proposal, both_cast.leader, REASON)
        db.session.rollback()
        withdrawal_service.decide_request(
            proposal, proposal.version, both_cast.office, agree=False, answer="理由不足。"
        )
        db.session.commit()
        assert proposal.status == "submitted"
        withdrawal_service.request_withdrawal(proposal, both_cast.leader, REASON)
        withdrawal_service.cancel_request(proposal, both_cast.applicant)
        db.session.commit()
    rows = withdrawal_queries.withdrawals(proposal.id)
    assert [row.state.code for row in rows] == ["dropped", "refused"]
    assert "已由申报人取消" in notices(both_cast.office)[-1]


def test_the_answer_needs_an_open_request_and_the_newest_page(
    both_ctx: Flask, both_cast: Cast
) -> None:
    proposal = accepted_proposal(both_cast, open_call(both_cast))
    old = proposal.version
    with pytest.raises(Rejected, match="没有等待答复"):
        withdrawal_service.decide_request(
            proposal, old, both_cast.office, agree=True, answer="同意。"
        )
    with pytest.raises(Rejected, match="没有等待答复"):
        withdrawal_service.cancel_request(proposal, both_cast.applicant)
    withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
    db.session.commit()
    with pytest.raises(EditConflict):
        withdrawal_service.decide_request(
            proposal, old, both_cast.office, agree=True, answer="同意。"
        )


def test_the_office_withdraws_with_a_reason(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = accepted_proposal(both_cast, open_call(both_cast))
    withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
    with pytest.raises(Rejected, match="直接答复"):
        withdrawal_service.withdraw_for(proposal, proposal.version, both_cast.office, "来函撤回。")
    withdrawal_service.cancel_request(proposal, both_cast.applicant)
    db.session.commit()
    withdrawal_service.withdraw_for(proposal, proposal.version, both_cast.office, "来函撤回。")
    db.session.commit()
    assert proposal.status == "withdrawn"
    assert "代为撤回。理由：来函撤回。" in notices(both_cast.leader)[-1]


def test_what_is_over_can_no_longer_be_withdrawn(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    proposal, draft = accepted_proposal(both_cast, call), filled_draft(both_cast, call)
    review_transitions.enter_review(call)
    db.session.flush()
    for target in (proposal, draft):
        with pytest.raises(TransitionRejected):
            withdrawal_service.withdraw_own(target, both_cast.applicant)
        with pytest.raises(TransitionRejected):
            withdrawal_service.request_withdrawal(target, both_cast.applicant, REASON)
    db.session.rollback()


def test_a_request_is_answered_before_check_and_review(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    with clock.freeze(NOON + timedelta(minutes=2)):
        ready, waiting = accepted_proposal(both_cast, call), submitted_proposal(both_cast, call)
    with clock.freeze(CLOSES):
        withdrawal_service.request_withdrawal(ready, both_cast.applicant, REASON)
        withdrawal_service.request_withdrawal(waiting, both_cast.applicant, REASON)
        db.session.commit()
        with pytest.raises(Rejected, match="先答复撤回申请"):
            screening_service.record_check(
                waiting, None, checker_id=both_cast.office, marks=ALL_OK, outcome="passed"
            )
        db.session.rollback()
        with pytest.raises(Rejected, match="有1份申报书的撤回申请还没有答复"):
            review_transitions.enter_review(call)
        withdrawal_service.cancel_request(ready, both_cast.applicant)
        assert review_transitions.enter_review(call) == 1
        db.session.rollback()


def test_an_extension_lets_applicants_withdraw_themselves(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted(both_cast)
    with clock.freeze(CLOSES):
        withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
        db.session.commit()
    with clock.freeze(CLOSES - SECOND):
        withdrawal_service.withdraw_own(proposal, both_cast.applicant)
        db.session.commit()
    rows = withdrawal_queries.withdrawals(proposal.id)
    assert [(row.kind, row.state.code) for row in rows] == [("request", "done")]


def test_the_database_keeps_one_open_request_and_its_evidence(
    both_ctx: Flask, both_cast: Cast
) -> None:
    proposal = accepted_proposal(both_cast, open_call(both_cast))
    withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
    db.session.commit()
    second = (
        "INSERT INTO proposal_withdrawal (proposal_id, kind, reason, asked_by_id, asked_at, "
        "answer, version, status) SELECT proposal_id, kind, reason, asked_by_id, asked_at, "
        "answer, version, status FROM proposal_withdrawal"
    )
    unanswered = "UPDATE proposal_withdrawal SET status = 'agreed', decided_at = asked_at"
    undecided = "UPDATE proposal_withdrawal SET status = 'done'"
    for statement in (second, unanswered, undecided):
        with pytest.raises(IntegrityError):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_fifty_requests_at_once_make_one(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        number = accepted_proposal(both_cast, open_call(both_cast)).id

    def ask(_place: int) -> str:
        try:
            withdrawal_service.request_withdrawal(
                db.session.get_one(Proposal, number), both_cast.applicant, REASON
            )
            db.session.commit()
        except Rejected:
            return "refused"
        return "asked"

    answers = at_once(both_app, 50, ask)
    assert answers.count("asked") == 1
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ProposalWithdrawal)) == 1


# -- beginning anew ----------------------------------------------------------------------------


def test_withdrawn_text_is_reused_until_the_deadline(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    with clock.freeze(NOON + timedelta(minutes=2)):
        old = filled_draft(both_cast, call)
        upload = FileStorage(io.BytesIO(pdf()), "意向书.pdf")
        drafts.save_draft(
            drafts.SaveDraft(old, None, {}, uploads=[upload], person_id=both_cast.applicant)
        )
        db.session.commit()
        confirm(old)
        proposals.submit(old, both_cast.applicant, pledged=True)
        withdrawal_service.withdraw_own(old, both_cast.applicant)
        db.session.commit()
    with clock.freeze(CLOSES):
        with pytest.raises(Rejected, match="已经截止"):
            withdrawal_service.reuse_as_draft(old, both_cast.applicant)
        db.session.rollback()
    with clock.freeze(CLOSES - SECOND):
        new, refused = withdrawal_service.reuse_as_draft(old, both_cast.leader)
        db.session.commit()
    assert refused == () and (new.status, new.number) == ("draft", None)
    assert (new.owner_id, new.call_id) == (old.owner_id, old.call_id)
    assert field_values.current_values(new) == field_values.current_values(old)
    mine, kept = new.files[0].file, old.files[0].file
    assert (mine.name, mine.sha256) == (kept.name, kept.sha256)
    assert mine.storage_name != kept.storage_name
    assert (old.status, old.number) == ("withdrawn", "SB-2022-01-001")
    assert (new.missing_count, len(old.targets)) == (0, 2)


def test_fifty_reuse_clicks_make_one_draft_and_one_audit_line(
    both_app: Flask, both_cast: Cast
) -> None:
    with both_app.app_context():
        old = submitted_proposal(both_cast, open_call(both_cast))
        withdrawal_service.withdraw_own(old, both_cast.applicant)
        db.session.commit()
        number = old.id

    def take_up(_place: int) -> str:
        draft, _ = withdrawal_service.reuse_as_draft(
            db.session.get_one(Proposal, number), both_cast.applicant
        )
        db.session.commit()
        return draft.key

    assert len(set(at_once(both_app, 50, take_up))) == 1
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Proposal)) == 2
        lines = select(func.count()).where(AuditEvent.action == "proposal.reuse")
        assert db.session.scalar(lines) == 1


def test_text_can_be_reused_after_the_new_draft_is_deleted(
    both_ctx: Flask, both_cast: Cast
) -> None:
    old = returned_proposal(both_cast, open_call(both_cast))
    withdrawal_service.withdraw_own(old, both_cast.applicant)
    db.session.commit()
    first, _ = withdrawal_service.reuse_as_draft(old, both_cast.applicant)
    db.session.commit()
    gone = first.key
    drafts.delete_draft(first)
    db.session.commit()
    again, _ = withdrawal_service.reuse_as_draft(old, both_cast.applicant)
    assert again.key != gone and again.title == old.title


def test_each_withdrawal_action_leaves_one_audit_line(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    proposal = accepted_proposal(both_cast, call)
    before = db.session.scalar(select(func.max(AuditEvent.seq)))
    withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
    withdrawal_service.cancel_request(proposal, both_cast.applicant)
    withdrawal_service.request_withdrawal(proposal, both_cast.applicant, REASON)
    db.session.flush()
    withdrawal_service.decide_request(
        proposal, proposal.version, both_cast.office, agree=True, answer="同意。"
    )
    withdrawal_service.reuse_as_draft(proposal, both_cast.applicant)
    db.session.commit()
    lines = select(AuditEvent.action).where(AuditEvent.seq > before).order_by(AuditEvent.seq)
    assert list(db.session.scalars(lines)) == [
        "proposal.ask_withdrawal",
        "proposal.drop_withdrawal",
        "proposal.ask_withdrawal",
        "proposal.decide_withdrawal",
        "proposal.reuse",
    ]
