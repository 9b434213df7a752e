"""Drafts of checks, what a return opens and overdue returns, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from lab import clock
from lab.db import EditConflict
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.proposals.core import editing as core_editing
from lab.proposals.core import queries as core_queries
from lab.proposals.models.check_drafts import CheckDraft
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.corrections import FIRST_SUBMISSION, LATE_CORRECTION
from lab.proposals.rules.screening import checklist
from lab.proposals.screening import queries as screening_queries
from lab.proposals.screening import service as screening_service
from lab.proposals.screening.drafts import queries as queries_drafts
from lab.proposals.screening.drafts import service as service_drafts
from lab.proposals.screening.drafts.queries import ShownState
from lab.proposals.submission import service as proposals
from lab.proposals.withdrawal import service as withdrawal
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.workflow import TransitionRejected
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    ALL_OK,
    check,
    confirm,
    returned_proposal,
    send_letter,
    submitted_proposal,
)
from tests.support.cast import Cast
from tests.support.concurrency import at_once
from tests.support.records import newest_action


def test_a_stale_check_draft_is_an_edit_conflict(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    one, two = EditorTab(both_cast.office, "check"), EditorTab(both_cast.office2, "check")
    first = service_drafts.save_draft(proposal, ShownState(1, 0), {"reason": ["甲\x00\ud800"]}, one)
    db.session.commit()
    assert (first.version, newest_action()) == (1, "proposal.check_draft")
    service_drafts.save_draft(proposal, ShownState(1, 1), {"reason": ["乙"]}, two)
    db.session.commit()
    with pytest.raises(EditConflict):
        service_drafts.save_draft(proposal, ShownState(1, 1), {"reason": ["丙"]}, one)
    db.session.rollback()
    with pytest.raises(EditConflict):
        service_drafts.save_draft(proposal, ShownState(2, 2), {"reason": ["丙"]}, one)
    db.session.rollback()
    kept = queries_drafts.find_draft(proposal, 1)
    assert queries_drafts.typed_content(kept) == {"reason": ["乙"]}
    with pytest.raises(EditConflict):
        screening_service.record_check(
            proposal,
            None,
            checker_id=both_cast.office,
            marks=ALL_OK,
            outcome="refused",
            reason="与在办项目重复。",
            shown=ShownState(1, 1),
        )


def test_fifty_saves_at_once_keep_one_draft_and_lose_none_unseen(
    both_app: Flask, both_cast: Cast
) -> None:
    with both_app.app_context():
        proposal_id = submitted_proposal(both_cast, open_call(both_cast)).id

    def save(number: int) -> bool:
        proposal = db.session.get_one(Proposal, proposal_id)
        sender = EditorTab(both_cast.office, "check", f"tab{number:08d}", 1)
        try:
            service_drafts.save_draft(proposal, ShownState(1, 0), {"reason": [str(number)]}, sender)
            db.session.commit()
        except EditConflict:
            db.session.rollback()
            return False
        return True

    assert at_once(both_app, 50, save).count(True) == 1
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CheckDraft)) == 1


def test_a_check_draft_goes_with_the_outcome(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    sender = EditorTab(both_cast.office, "check")
    service_drafts.save_draft(proposal, ShownState(1, 0), {"reason": ["甲"]}, sender)
    db.session.commit()
    check(proposal, both_cast, "returned", due_on=clock.today())
    assert queries_drafts.find_draft(proposal, 1) is None
    with pytest.raises(TransitionRejected):
        service_drafts.save_draft(proposal, ShownState(1, 0), {"reason": ["乙"]}, sender)


def test_read_only_fields_are_refused_however_sent(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast), reopened=["title", "step-risks"])
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {"title": "改后", "demonstration": "改后的示范。"})
    )
    db.session.commit()
    for values, invalid_input, remove in (
        ({"place": "别处"}, {}, ""),
        ({"budget_fen": 100}, {}, ""),
        ({}, {"budget": [{"item": "物料", "amount_fen": "一百", "note": ""}]}, ""),
        ({}, {}, "anyfile"),
    ):
        with pytest.raises(Rejected, match="没有退回，不能修改"):
            drafts.save_draft(
                drafts.SaveDraft(proposal, None, values, invalid_input=invalid_input, remove=remove)
            )
        db.session.rollback()
    assert (proposal.title, proposal.place) == ("改后", "东城区示范园区")
    found = core_editing.returned_state(proposal)
    assert found is not None
    words = ["基本信息：项目名称", "风险与示范（整个步骤）"]
    assert [part.text for part in found.parts] == words
    shown = core_queries.check_rows(proposal.id, every=False)[0]
    assert [part.text for part in shown.parts] == words


def test_the_database_requires_fields_and_day_of_a_return(both_ctx: Flask, both_cast: Cast) -> None:
    returned_proposal(both_cast, open_call(both_cast))
    for sql in (
        "UPDATE formality_check SET reopened = '[]'",
        "UPDATE proposal_version SET late_days = 2",
        "UPDATE proposal_version SET late_days = -1, answers_due_on = '2022-07-01'",
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(text(sql))
        db.session.rollback()


def test_an_overdue_return_whose_withdrawal_is_asked_for_is_kept(
    both_ctx: Flask, both_cast: Cast
) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast), due_on=clock.today())
    with clock.freeze(clock.now() + timedelta(days=90)):
        withdrawal.request_withdrawal(proposal, both_cast.applicant, "不再实施。")
        db.session.commit()
        with pytest.raises(Rejected, match="请先答复撤回申请"):
            screening_service.refuse_overdue(proposal, checker_id=both_cast.office, reason="逾期。")
    assert proposal.status == "returned"


def test_an_overdue_return_is_refused_by_a_person_with_a_reason(
    both_ctx: Flask, both_cast: Cast
) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast), due_on=clock.today())
    with pytest.raises(Rejected, match="还没有过"):
        screening_service.refuse_overdue(proposal, checker_id=both_cast.office, reason="逾期。")
    with clock.freeze(clock.now() + timedelta(days=1)):
        with pytest.raises(Rejected) as refused:
            screening_service.refuse_overdue(proposal, checker_id=both_cast.office, reason="")
        assert refused.value.field == "reason"
        screening_service.refuse_overdue(proposal, checker_id=both_cast.office, reason="逾期。")
        db.session.commit()
        assert (proposal.status, newest_action()) == ("checked", "proposal.refuse_overdue")
        send_letter(proposal, both_cast)
    assert proposal.status == "refused" and proposal.closed_at is not None
    last = core_queries.check_rows(proposal.id, every=False)[0]
    assert (last.outcome, last.reason) == ("refused", "逾期。")
    assert {mark.result for _, mark in last.marks} == {checklist.OK}


def test_the_facts_beside_the_items_come_from_what_was_submitted(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast)
    other = submitted_proposal(both_cast, call)
    submitted_proposal(both_cast, call, title="另一个名称【演示】")
    proposal = returned_proposal(both_cast, call, due_on=clock.today())
    with clock.freeze(clock.now() + timedelta(days=3)):
        drafts.save_draft(
            drafts.SaveDraft(
                proposal, None, {"leader_phone": "010-20000000", "mode": "改后的模式。"}
            )
        )
        db.session.commit()
        confirm(proposal)
        proposals.submit(proposal, both_cast.applicant, pledged=True)
        db.session.commit()
    assert [row.queue_rank for row in (other, proposal)] == [FIRST_SUBMISSION, LATE_CORRECTION]
    sent = screening_queries.load_submission(proposal)
    assert (sent.number, sent.facts.late_days, sent.facts.same_title) == (2, 3, (other.number,))
    assert [change.label for change in sent.changes or ()] == ["项目模式"]
    assert [change.label for change in sent.private_changes] == ["负责人电话"]
    assert screening_queries.load_submission(other).changes is None
