"""Proposals: drafts, submission, deadlines, numbers, formality check, on both databases."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from lab import clock
from lab.audit.models import AuditEvent
from lab.calls.pages import service as calls
from lab.canonical import fingerprint
from lab.db import EditConflict
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.proposals.core import queries as core_queries
from lab.proposals.models.proposal import FormalityCheck, Proposal, ProposalVersion
from lab.proposals.rules.screening import checklist
from lab.proposals.rules.screening.checklist import Mark
from lab.proposals.screening import service as screening_service
from lab.proposals.submission import review_transitions
from lab.proposals.submission import service as proposals
from lab.proposals.withdrawal import service as withdrawal_service
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.workflow import TransitionRejected
from tests.support.builders.calls import CLOSES, NOON, call_until_five, close, open_call
from tests.support.builders.proposals import (
    ALL_OK,
    accepted_proposal,
    avoiding,
    check,
    confirm,
    content_values,
    empty_draft,
    filled_draft,
    returned_proposal,
    submitted_proposal,
    unconfirmed_draft,
)
from tests.support.cast import Cast, person


def audit_actions() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_draft_takes_the_persons_unit_and_is_made_once(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    first = empty_draft(both_cast, call)
    assert (first.unit_id, first.side, first.number) == (both_cast.post_branch, "post", None)
    assert empty_draft(both_cast, call).id == first.id
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 1


def test_typed_content_is_stored_and_rows_can_be_changed(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = filled_draft(both_cast, open_call(both_cast))
    db.session.expire_all()
    assert proposal.side == "joint"
    assert [t.target for t in proposal.targets] == [Decimal(1200), Decimal(30)]
    due = date(2022, 11, 30)
    swapped = [
        {"indicator": "K06", "base": Decimal(5), "target": Decimal(40), "due_on": due},
        {"indicator": "K10", "base": Decimal(0), "target": Decimal("99.50"), "due_on": due},
    ]
    drafts.save_draft(
        drafts.SaveDraft(proposal, proposal.version, {"targets": swapped, "people": []})
    )
    db.session.commit()
    db.session.expire_all()
    assert [(t.indicator, t.target, t.position) for t in proposal.targets] == [
        ("K06", Decimal(40), 0),
        ("K10", Decimal("99.5"), 1),
    ]
    assert proposal.people == []


def test_reviewers_to_avoid_stand_in_the_order_first_named(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast)
    first, second = both_cast.reviewer, both_cast.reviewer3
    for named in ([first, second], [second, first]):
        avoided = [avoiding(person_id, "曾共事") for person_id in named]
        proposal = unconfirmed_draft(both_cast, call, avoided=avoided)
        db.session.expire_all()
        assert [row.name for row in proposal.avoided] == [person(who).name for who in named]


def test_a_stale_save_conflicts_and_changes_nothing(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = filled_draft(both_cast, open_call(both_cast))
    old = proposal.version
    drafts.save_draft(drafts.SaveDraft(proposal, old, {"background": "先保存的文字"}))
    db.session.commit()
    with pytest.raises(EditConflict):
        drafts.save_draft(drafts.SaveDraft(proposal, old, {"background": "后到的文字"}))
    db.session.rollback()
    assert db.session.get_one(Proposal, proposal.id).background == "先保存的文字"


def test_an_incomplete_proposal_says_what_is_missing(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = empty_draft(both_cast, open_call(both_cast))
    with pytest.raises(Rejected, match=r"还有\d+处需要补充"):
        proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.rollback()
    assert proposal.status == "draft"


def test_without_the_pledge_nothing_is_submitted(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = filled_draft(both_cast, open_call(both_cast))
    with pytest.raises(Rejected, match="诚信承诺") as refused:
        proposals.submit(proposal, both_cast.applicant, pledged=False)
    assert refused.value.field == "pledge"


def test_content_that_failed_the_check_stops_the_submission(
    both_ctx: Flask, both_cast: Cast
) -> None:
    proposal = filled_draft(both_cast, open_call(both_cast))
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {}, invalid_input={"background": "长" * 801})
    )
    db.session.commit()
    with pytest.raises(Rejected, match="还有1处"):
        proposals.submit(proposal, both_cast.applicant, pledged=True)
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"background": "改短了。"}))
    confirm(proposal)
    proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.commit()
    assert proposal.status == "submitted"


@pytest.mark.parametrize(("second", "taken"), [(-1, True), (0, False), (1, False)])
def test_the_deadline_is_exact_to_the_second_in_beijing(
    both_ctx: Flask, both_cast: Cast, second: int, taken: bool
) -> None:
    call = call_until_five(both_cast)
    with clock.freeze(NOON + timedelta(hours=1)):
        proposal = filled_draft(both_cast, call)
    with clock.freeze(CLOSES + timedelta(seconds=second)):
        if taken:
            assert proposals.submit(proposal, both_cast.applicant, pledged=True)
        else:
            with pytest.raises(Rejected, match="不在征集时间内"):
                proposals.submit(proposal, both_cast.applicant, pledged=True)


@pytest.mark.parametrize(("second", "late"), [(-1, 0), (0, 1)])
def test_a_late_correction_is_marked_from_the_first_second(
    both_ctx: Flask, both_cast: Cast, second: int, late: int
) -> None:
    call = call_until_five(both_cast)
    with clock.freeze(CLOSES - timedelta(hours=1)):
        proposal = returned_proposal(both_cast, call, due_on=date(2022, 7, 5))
    midnight = clock.from_beijing(datetime(2022, 7, 6))
    with clock.freeze(midnight + timedelta(seconds=second)):
        proposals.submit(proposal, both_cast.applicant, pledged=True)
        db.session.commit()
    first, answer = db.session.scalars(select(ProposalVersion).order_by(ProposalVersion.number))
    assert proposal.status == "submitted"
    assert (first.answers_due_on, first.late_days) == (None, 0)
    assert (answer.answers_due_on, answer.late_days) == (date(2022, 7, 5), late)


def test_a_correction_ends_once_review_opens(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    proposal = returned_proposal(both_cast, call)
    accepted_proposal(both_cast, call)
    close(call)
    calls.freeze_rules_for_review(call)
    assert "已进入评审" in proposals.reason_not_to_submit_at(proposal, clock.now(), None)


def test_numbers_follow_submission_and_survive_a_return(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    late, early = filled_draft(both_cast, call), filled_draft(both_cast, call)
    assert proposals.submit(early, both_cast.applicant, pledged=True) == "SB-2022-01-001"
    db.session.commit()
    assert proposals.submit(late, both_cast.applicant, pledged=True) == "SB-2022-01-002"
    db.session.commit()
    check(early, both_cast, "returned", due_on=clock.today())
    drafts.save_draft(drafts.SaveDraft(early, None, {"background": "补充了依据。"}))
    confirm(early)
    assert proposals.submit(early, both_cast.applicant, pledged=True) == "SB-2022-01-001"
    db.session.commit()
    assert [v.number for v in core_queries.version_rows(early.id)] == [2, 1]
    assert core_queries.reviewer_view(early.id, 1).texts["background"] == "园区缴费以现金为主。"
    assert core_queries.reviewer_view(early.id, 2).texts["background"] == "补充了依据。"
    assert core_queries.latest_versions([early.id, late.id]) == {early.id: 2, late.id: 1}


def test_a_submitted_version_carries_its_fingerprint(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    row = db.session.scalars(select(ProposalVersion)).one()
    assert row.fingerprint == fingerprint(json.loads(row.content))
    assert json.loads(row.content)["number"] == proposal.number


def test_what_reviewers_read_does_not_depend_on_hidden_persons(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call, texts = open_call(both_cast), []
    for owner, phone, avoided in (
        (both_cast.applicant, "010-1111111", both_cast.reviewer),
        (both_cast.leader, "010-2222222", both_cast.reviewer2),
    ):
        values = content_values(
            both_cast,
            leader_phone=phone,
            avoided=[avoiding(avoided, "有合作")],
            leader_id=both_cast.member,
            people=[],
        )
        proposal = drafts.create_draft(call, person(owner), title=values["title"])
        drafts.save_draft(drafts.SaveDraft(proposal, None, values))
        confirm(proposal)
        # Both have the same number: it is the same proposal with other hidden persons.
        proposal.number = f"SB-2022-01-{100 + len(texts):03d}"
        proposals.submit(proposal, owner, pledged=True)
        db.session.commit()
        text = db.session.scalar(
            select(ProposalVersion.content).where(ProposalVersion.proposal_id == proposal.id)
        )
        assert text is not None
        texts.append(text.replace(proposal.number, "SB"))
    assert texts[0] == texts[1]


def test_a_version_that_does_not_exist_is_not_found(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    with pytest.raises(NoResultFound):
        core_queries.reviewer_view(proposal.id, 2)


def test_submission_and_outcome_are_notified(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast))
    told: dict[int, list[str]] = {}
    about = select(Notice).where(Notice.about_key == proposal.key).order_by(Notice.id)
    for row in db.session.scalars(about):
        told.setdefault(row.person_id, []).append(row.text)
    assert "请办理形式审查" in told[both_cast.office][0]
    bank = {both_cast.partner, both_cast.member}
    assert set(told) == {
        *(both_cast.office, both_cast.office2, both_cast.applicant, both_cast.leader),
        *bank,
    }
    for person_id in bank:
        assert "已提交，等待形式审查" in told[person_id][-2]
        assert "附件缺少合作意向书。" in told[person_id][-1]


def test_each_action_leaves_one_audit_line(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    before = len(audit_actions())
    proposal = accepted_proposal(both_cast, call)
    withdrawal_service.withdraw_for(proposal, proposal.version, both_cast.office, "申报人来函。")
    db.session.commit()
    assert audit_actions()[before:] == [
        "proposal.create",
        "proposal.save",
        "proposal.ask",
        "proposal.confirm",
        "proposal.submit",
        "proposal.check",
        "proposal.announce_check",
        "letter.send",
        "proposal.withdraw_for",
    ]


@pytest.mark.parametrize(
    ("outcome", "reason", "due", "field"),
    [
        ("returned", "", True, "reason"),
        ("returned", "缺附件", False, "due_days"),
        ("refused", "", False, "reason"),
        ("returned", "缺附件", True, "reopened"),
        ("", "缺附件", False, "outcome"),
    ],
)
def test_return_and_refusal_need_their_reasons(
    both_ctx: Flask, both_cast: Cast, outcome: str, reason: str, due: bool, field: str
) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    with pytest.raises(Rejected) as refused:
        screening_service.record_check(
            proposal,
            proposal.version,
            checker_id=both_cast.office,
            marks=ALL_OK,
            outcome=outcome,
            reason=reason,
            due_days=5 if due else None,
        )
    assert refused.value.field == field
    assert db.session.scalar(select(func.count()).select_from(FormalityCheck)) == 0


def test_one_failed_item_keeps_a_proposal_from_passing(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    marks = [*ALL_OK[:-1], Mark(ALL_OK[-1].code, checklist.FAIL, "未写资金安全")]
    with pytest.raises(Rejected, match="不合格"):
        screening_service.record_check(
            proposal, None, checker_id=both_cast.office, marks=marks, outcome="passed"
        )


def test_nobody_checks_a_proposal_they_take_part_in(both_ctx: Flask, both_cast: Cast) -> None:
    members = [{"person_id": both_cast.office, "duty": "协调"}]
    proposal = submitted_proposal(both_cast, open_call(both_cast), people=members)
    with pytest.raises(Rejected, match="您参与了此项目"):
        screening_service.record_check(
            proposal, None, checker_id=both_cast.office, marks=ALL_OK, outcome="passed"
        )


def test_review_takes_accepted_proposals_and_sets_results(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    chosen = [accepted_proposal(both_cast, call) for _ in range(3)]
    waiting = submitted_proposal(both_cast, call)
    assert review_transitions.enter_review(call) == 3
    assert review_transitions.enter_review(call) == 0
    assert review_transitions.leave_review(call) == 3
    for proposal, mark in zip(chosen, ("approve", "reserve", "decline"), strict=True):
        review_transitions.announce_result(proposal, mark)
    with pytest.raises(TransitionRejected):
        review_transitions.announce_result(waiting, "approve")
    assert [p.status for p in chosen] == ["approved", "reserved", "declined"]
    assert all(p.closed_at for p in chosen) and waiting.status == "submitted"
    db.session.rollback()


def test_drafts_are_deleted_but_submissions_only_withdrawn(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast)
    draft, sent = filled_draft(both_cast, call), submitted_proposal(both_cast, call)
    drafts.delete_draft(draft)
    db.session.commit()
    with pytest.raises(Rejected):
        drafts.delete_draft(sent)
    withdrawal_service.withdraw_own(sent, both_cast.applicant)
    db.session.commit()
    left = db.session.scalars(select(Proposal)).all()
    assert [(p.number, p.status) for p in left] == [("SB-2022-01-001", "withdrawn")]
