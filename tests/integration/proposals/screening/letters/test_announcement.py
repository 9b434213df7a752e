"""Applicants learn the outcome of a check from its letter, which makes it take effect."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.inbox.letters import service as letters
from lab.inbox.rules.letter_wording import DUE_DAY, SENT_ON
from lab.policy import OFFICE, Actor
from lab.proposals.core import editing
from lab.proposals.core import queries as core_queries
from lab.proposals.core.visibility import contents, titles
from lab.proposals.pages.queries_page import proposal_page
from lab.proposals.screening import service as screening
from lab.proposals.search import queries as search_queries
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.web.request.selection import SelectedRow
from lab.workflow import TransitionRejected
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    check,
    letter_of,
    returned_proposal,
    send_letter,
    submitted_proposal,
)
from tests.support.cast import Cast, actor
from tests.support.records import notices_of

THURSDAY = datetime(2022, 7, 7, 2, tzinfo=clock.BEIJING)


@pytest.mark.parametrize(
    ("outcome", "after"),
    [("passed", "accepted"), ("returned", "returned"), ("refused", "refused")],
)
def test_an_outcome_takes_effect_and_is_told_with_its_letter(
    both_ctx: Flask, both_cast: Cast, outcome: str, after: str
) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    before = {
        person: notices_of(person)
        for person in (both_cast.applicant, both_cast.leader, both_cast.partner, both_cast.member)
    }
    check(proposal, both_cast, outcome, send=False)
    assert proposal.status == "checked"
    assert all(notices_of(person) == told for person, told in before.items())
    assert core_queries.check_rows(proposal.id, every=False) == ()
    assert core_queries.check_rows(proposal.id, every=True)[0].note == "函件尚未发送"
    send_letter(proposal, both_cast)
    assert proposal.status == after
    new = {person: notices_of(person)[len(told) :] for person, told in before.items()}
    assert all(len(told) == 1 for told in new.values()), new
    assert new[both_cast.applicant][0].startswith("来函：关于《")
    assert "联合申报的申报书" in new[both_cast.partner][0]
    assert core_queries.check_rows(proposal.id, every=False)[0].note == ""
    with pytest.raises(TransitionRejected):
        send_letter(proposal, both_cast)


def test_the_days_of_a_return_count_from_its_letter(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(THURSDAY):
        proposal = submitted_proposal(both_cast, open_call(both_cast))
        check(proposal, both_cast, "returned", send=False)
        body = letter_of(proposal).body
        assert DUE_DAY in body and SENT_ON in body and "5个工作日" in body
        assert editing.due_on(proposal) is None
    with clock.freeze(THURSDAY + timedelta(days=4)):  # Monday
        send_letter(proposal, both_cast)
        assert editing.due_on(proposal) == date(2022, 7, 18)
        body = letter_of(proposal).body
        assert "请于2022年7月18日24时前（自本函发出之日起5个工作日）" in body
        assert body.endswith("实施办公室\n2022年7月11日") and DUE_DAY not in body


def test_the_mark_for_the_last_day_stays_in_the_letter(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    check(proposal, both_cast, "returned", send=False)
    letter = letter_of(proposal)
    with pytest.raises(Rejected, match="请保留正文中的") as refused:
        letters.edit_letter(letter, letter.version, letter.subject, "请尽快补正。")
    assert refused.value.field == "body"
    db.session.rollback()
    letters.edit_letter(letter, letter.version, letter.subject, f"请于{DUE_DAY}前补正。")
    db.session.commit()
    send_letter(proposal, both_cast)
    until = editing.due_on(proposal)
    assert until and letter_of(proposal).body.startswith(f"请于{clock.cn_date(until)}")


def test_voiding_the_letter_takes_the_outcome_back(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    check(proposal, both_cast, "refused", send=False)
    letter = letter_of(proposal)
    letters.void_letter(letter, letter.version, both_cast.office, "结论有误。")
    db.session.commit()
    assert proposal.status == "submitted"
    assert core_queries.check_rows(proposal.id, every=False) == ()
    assert core_queries.check_rows(proposal.id, every=True)[0].note == "函件作废，结论已撤回"
    newest = select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(2)
    assert set(db.session.scalars(newest)) == {"letter.void", "proposal.recall_check"}
    check(proposal, both_cast, "passed")
    assert proposal.status == "accepted"


def test_a_lapse_that_is_taken_back_leaves_the_return(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast), due_on=clock.today())
    with clock.freeze(clock.now() + timedelta(days=2)):
        screening.refuse_overdue(proposal, checker_id=both_cast.office, reason="逾期。")
        db.session.commit()
        letter = letter_of(proposal)
        letters.void_letter(letter, letter.version, both_cast.office, "申报人已来电说明。")
        db.session.commit()
    assert proposal.status == "returned" and editing.due_on(proposal) == clock.today()


def test_a_lapse_tells_nobody_what_was_never_submitted(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast), due_on=clock.today())
    submitted = proposal.title
    changes = {"title": "【演示】没有提交的名称", "background": "没有提交的背景。"}
    drafts.save_draft(drafts.SaveDraft(proposal, None, changes))
    db.session.commit()
    office = actor(both_cast.office)
    with clock.freeze(clock.now() + timedelta(days=2)):
        screening.refuse_overdue(proposal, checker_id=both_cast.office, reason="逾期。")
        db.session.commit()
        assert proposal.status == "checked"
        assert contents.title_for(office, proposal) == submitted
        assert contents.title_for(actor(both_cast.applicant), proposal) == changes["title"]
        assert db.session.scalar(select(titles.shown_title(office))) == submitted
        assert not search_queries.search_proposals(office, {"q": "没有提交"})[0].items
        letter = letter_of(proposal)
        assert f"《{submitted}》" in letter.subject and "没有提交的" not in letter.body


def test_a_clerk_who_applied_learns_the_outcome_with_its_letter(
    both_ctx: Flask, both_cast: Cast
) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    check(proposal, both_cast, "passed", send=False)
    clerk = Actor(id=both_cast.applicant, roles=frozenset({OFFICE, "applicant"}))
    assert proposal_page(proposal, clerk).checks == ()
    assert [row.outcome for row in proposal_page(proposal, actor(both_cast.office)).checks]


def test_a_letter_whose_date_nothing_fills_in_is_not_sent(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    check(proposal, both_cast, "passed", send=False)
    letter = letter_of(proposal)
    letters.edit_letter(letter, letter.version, letter.subject, f"请于{DUE_DAY}前补正。")
    db.session.commit()
    with pytest.raises(Rejected, match=f"{letter.number}里的“{DUE_DAY}”没有日期可填"):
        letters.send_letter(letter, letter.version, both_cast.office)


def test_letters_sent_together_give_each_outcome_its_effect(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast)
    proposals = [submitted_proposal(both_cast, call) for _ in range(3)]
    for proposal, outcome in zip(proposals, ("passed", "returned", "refused"), strict=True):
        check(proposal, both_cast, outcome, send=False)
    rows = [SelectedRow(letter.key, letter.version) for letter in map(letter_of, proposals)]
    actor = Actor(id=both_cast.office2, roles=frozenset({OFFICE}))
    assert letters.send_letters(rows, actor) == (3, 0)
    db.session.commit()
    assert [p.status for p in proposals] == ["accepted", "returned", "refused"]
