"""Review: what the services of a round do, on both databases."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from lab import clock
from lab.canonical import fingerprint
from lab.db import EditConflict
from lab.extensions import db
from lab.identity.people import service as identity
from lab.identity.people.unit_guard import change_unit
from lab.inbox.letters import service as letters
from lab.proposals.withdrawal import service as withdrawal_service
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.reviews.assignment import service as assignment_service
from lab.reviews.models import Pledge, RankingResult, Recusal, ScoreSheet, SheetHistory
from lab.reviews.rounds import service as rounds_service
from lab.reviews.rounds import service_closing
from lab.reviews.rounds.queries_ranking import compute_ranking, ranking_table
from lab.reviews.rules.pledge import pledge_fingerprint
from lab.reviews.sheets import service as sheets_service
from lab.reviews.sheets.queries import own_rounds
from lab.workflow import TransitionRejected
from tests.support.builders.calls import close, closed_call, open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    avoiding,
    check,
    letter_of,
    submitted_proposal,
)
from tests.support.builders.reviews import (
    answers,
    assign,
    closed_with,
    open_round,
    panel,
    pledge,
    score,
    scored_round,
    sheet_of,
)
from tests.support.cast import Cast, actor, person
from tests.support.records import audit_lines, notices_of


def pair(proposal: object, reviewer_id: int) -> tuple[str, str]:
    return (proposal.key, person(reviewer_id).key)  # type: ignore[attr-defined]


# -- opening -----------------------------------------------------------------------------------


def test_opening_review_freezes_rules_and_takes_proposals_in(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast)
    accepted = accepted_proposal(both_cast, call)
    unchecked = submitted_proposal(both_cast, call, title="【演示】未审")
    close(call)
    assign(call, both_cast, [accepted], [both_cast.reviewer])
    assert notices_of(both_cast.reviewer) == []
    rounds_service.open_review(call)
    db.session.commit()
    assert (accepted.status, unchecked.status) == ("reviewing", "submitted")
    assert call.status == "reviewing"
    assert call.rules_fingerprint and len(call.rules_fingerprint) == 64
    assert len(notices_of(both_cast.reviewer)) == 1
    assert len(audit_lines("round.open")) == 1


def test_review_does_not_open_without_an_accepted_proposal(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = closed_call(both_cast)
    with pytest.raises(Rejected, match="没有形式审查合格的申报书"):
        rounds_service.open_review(call)


def test_review_waits_for_the_letters_of_what_passed(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    accepted_proposal(both_cast, call)
    waiting = submitted_proposal(both_cast, call, title="【演示】待发函")
    check(waiting, both_cast, "passed", send=False)
    close(call)
    with pytest.raises(Rejected, match="有1份申报书形式审查合格，函件还没有发出"):
        rounds_service.open_review(call)
    db.session.rollback()
    letter = letter_of(waiting)
    letters.send_letter(letter, letter.version, both_cast.office)
    rounds_service.open_review(call)
    db.session.commit()
    assert waiting.status == "reviewing"


def test_sheets_of_a_withdrawn_proposal_are_cancelled(both_ctx: Flask, both_cast: Cast) -> None:
    call, (kept, gone) = closed_with(both_cast)
    assign(call, both_cast, [kept, gone], [both_cast.reviewer])
    withdrawal_service.withdraw_for(gone, gone.version, both_cast.office, "申报人来函。")
    db.session.commit()
    rounds_service.open_review(call)
    db.session.commit()
    assert sheet_of(kept, both_cast.reviewer).status == "draft"
    assert sheet_of(gone, both_cast.reviewer).status == "cancelled"


# -- assigning ---------------------------------------------------------------------------------


def test_a_reviewer_of_the_own_unit_cannot_be_assigned(both_ctx: Flask, both_cast: Cast) -> None:
    call, (proposal, _) = closed_with(both_cast)
    wanted = {pair(proposal, both_cast.recused)}
    with pytest.raises(Rejected, match="与申报单位为同一单位"):
        assignment_service.assign(call, wanted, set(), person(both_cast.office))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ScoreSheet)) == 0


def test_a_reviewer_to_avoid_cannot_be_assigned(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    proposal = accepted_proposal(
        both_cast, call, avoided=[avoiding(both_cast.reviewer, "业务往来")]
    )
    close(call)
    with pytest.raises(Rejected, match="已提出请其回避"):
        assignment_service.assign(
            call, {pair(proposal, both_cast.reviewer)}, set(), person(both_cast.office)
        )


def test_only_reviewers_outside_the_office_can_be_assigned(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call, (proposal, _) = closed_with(both_cast)
    office = person(both_cast.office2)
    identity.set_roles(office, office.version, ["office", "reviewer"])
    db.session.commit()
    for who in (both_cast.stranger, both_cast.office2):
        with pytest.raises(Rejected, match="不是可用的评委"):
            assignment_service.assign(call, {pair(proposal, who)}, set(), person(both_cast.office))
        db.session.rollback()


def test_an_office_member_taking_part_cannot_choose_reviewers(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call, (proposal, _) = closed_with(both_cast)
    with pytest.raises(Rejected, match="请由其他经办人办理"):
        assignment_service.assign(
            call, {pair(proposal, both_cast.reviewer)}, set(), person(both_cast.member)
        )


def test_reassigning_keeps_one_sheet_with_its_text(both_ctx: Flask, both_cast: Cast) -> None:
    call, (proposal, _) = open_round(both_cast)
    pledge(call, both_cast.reviewer)
    sheet = sheet_of(proposal, both_cast.reviewer)
    sheets_service.save_sheet(sheet, sheet.version, answers(comment="写了一半"))
    db.session.commit()
    one, office = pair(proposal, both_cast.reviewer), person(both_cast.office)
    assignment_service.assign(call, set(), {one}, office)
    db.session.commit()
    assert sheet.status == "cancelled"
    assignment_service.assign(call, {one}, set(), office)
    db.session.commit()
    assert (sheet.status, sheet.comment) == ("draft", "写了一半")
    assert db.session.scalar(select(func.count()).select_from(ScoreSheet)) == 6


def test_two_assigners_do_not_undo_each_other(both_ctx: Flask, both_cast: Cast) -> None:
    call, (first, second) = closed_with(both_cast)
    a, b = pair(first, both_cast.reviewer), pair(second, both_cast.reviewer2)
    assignment_service.assign(call, {a}, set(), person(both_cast.office))
    db.session.commit()
    assignment_service.assign(call, {b}, set(), person(both_cast.office2))
    db.session.commit()
    assert sheet_of(first, both_cast.reviewer).status == "draft"
    assert sheet_of(second, both_cast.reviewer2).status == "draft"


def test_a_submitted_sheet_cannot_be_taken_back(both_ctx: Flask, both_cast: Cast) -> None:
    call, (proposal, _) = open_round(both_cast)
    score(proposal, both_cast.reviewer)
    with pytest.raises(Rejected, match="已提交"):
        assignment_service.assign(
            call, set(), {pair(proposal, both_cast.reviewer)}, person(both_cast.office)
        )


# -- reminding ---------------------------------------------------------------------------------


def test_a_reviewer_is_reminded_once_a_day_of_what_is_owed(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call, proposals = open_round(both_cast)
    who = person(both_cast.reviewer)
    assert rounds_service.remind(call, who, actor(both_cast.office)) == 2
    db.session.commit()
    with pytest.raises(Rejected, match="每天最多催办一次"):
        rounds_service.remind(call, who, actor(both_cast.office))
    db.session.rollback()
    with clock.freeze(clock.now() + timedelta(days=1)):
        assert rounds_service.remind(call, who, actor(both_cast.office)) == 2
        db.session.commit()
    assert sum("催办" in text for text in notices_of(both_cast.reviewer)) == 2
    assert len(audit_lines("round.remind")) == 2
    for proposal in proposals:
        score(proposal, both_cast.reviewer2)
    with pytest.raises(Rejected, match="没有未提交的评审"):
        rounds_service.remind(call, person(both_cast.reviewer2), actor(both_cast.office))


# -- scoring -----------------------------------------------------------------------------------


def test_the_pledge_is_signed_once_with_its_fingerprint(both_ctx: Flask, both_cast: Cast) -> None:
    call, _ = open_round(both_cast)
    sheets_service.sign_pledge(call, person(both_cast.reviewer))
    db.session.commit()
    assert db.session.scalars(select(Pledge.text_fingerprint)).all() == [pledge_fingerprint()]
    with pytest.raises(Rejected, match="已签署"):
        sheets_service.sign_pledge(call, person(both_cast.reviewer))


def test_an_incomplete_sheet_is_saved_but_not_submitted(both_ctx: Flask, both_cast: Cast) -> None:
    _, (proposal, _) = open_round(both_cast)
    sheet = sheet_of(proposal, both_cast.reviewer)
    typed = answers(
        {"importance": 55, "complexity": None, "demonstration": 80, "replicability": 80},
        notes={"importance": "太短"},
        recommendation=None,
        comment="",
        strengths="先写优点",
    )
    missing = sheets_service.submit_sheet(sheet, sheet.version, typed)
    db.session.commit()
    assert [item.field for item in missing] == [
        "note_importance",
        "score_complexity",
        "recommendation",
        "comment",
    ]
    db.session.expire_all()
    kept = {item.criterion.key: item.score for item in sheet.items}
    assert sheet.status == "draft"
    assert (kept["importance"], kept["complexity"]) == (Decimal(55), None)
    assert sheet.strengths == "先写优点"
    assert (len(audit_lines("review.save")), len(audit_lines("review.submit"))) == (1, 0)


def test_equal_scores_are_submitted_only_when_confirmed(both_ctx: Flask, both_cast: Cast) -> None:
    _, (proposal, _) = open_round(both_cast)
    sheet = sheet_of(proposal, both_cast.reviewer)
    same = (80, 80, 80, 80)
    missing = sheets_service.submit_sheet(sheet, sheet.version, answers(same, same_confirmed=False))
    assert [item.field for item in missing] == ["same_confirmed"]
    assert sheets_service.submit_sheet(sheet, sheet.version, answers(same)) == []
    assert sheet.status == "submitted"


def test_a_mistyped_score_leaves_the_stored_one(both_ctx: Flask, both_cast: Cast) -> None:
    _, (proposal, _) = open_round(both_cast)
    sheet = sheet_of(proposal, both_cast.reviewer)
    sheets_service.save_sheet(sheet, sheet.version, answers())
    sheets_service.save_sheet(sheet, sheet.version, answers({"importance": 70}))
    kept = {item.criterion.key: item.score for item in sheet.items}
    assert (kept["importance"], kept["complexity"]) == (Decimal(70), Decimal(80))


def test_a_stale_sheet_conflicts_and_a_submitted_one_is_closed(
    both_ctx: Flask, both_cast: Cast
) -> None:
    _, (proposal, _) = open_round(both_cast)
    sheet = sheet_of(proposal, both_cast.reviewer)
    old = sheet.version
    sheets_service.save_sheet(sheet, old, answers())
    db.session.commit()
    with pytest.raises(EditConflict):
        sheets_service.save_sheet(sheet, old, answers(comment="另一个页面"))
    db.session.rollback()
    score(proposal, both_cast.reviewer)
    with pytest.raises(TransitionRejected):
        sheets_service.submit_sheet(sheet, sheet.version, answers())


def test_a_returned_sheet_keeps_its_content_and_resubmits(both_ctx: Flask, both_cast: Cast) -> None:
    _, (proposal, _) = open_round(both_cast)
    sheet = score(proposal, both_cast.reviewer, (90, 90, 90, 91))
    rounds_service.return_sheet(sheet, "请补充复杂程度的评语。")
    db.session.commit()
    old = json.loads(db.session.scalars(select(SheetHistory.content)).one())
    assert old["scores"]["replicability"] == "91"
    assert (sheet.status, sheet.return_reason) == ("returned", "请补充复杂程度的评语。")
    assert any("被退回" in text for text in notices_of(both_cast.reviewer))
    score(proposal, both_cast.reviewer, (60, 61, 62, 63))
    assert sheet.status == "submitted"


def test_a_recusal_outlives_the_sheet_and_takes_the_scores_out(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call, (proposal, other) = open_round(both_cast)
    sheet = score(proposal, both_cast.reviewer)
    assert ranking_table(call).line(proposal.key).valid == 1  # type: ignore[union-attr]
    sheets_service.declare_recusal(sheet, person(both_cast.reviewer), "kinship", "项目组有近亲属。")
    db.session.commit()
    assert ranking_table(call).line(proposal.key).valid == 0  # type: ignore[union-attr]
    assert db.session.scalars(select(Recusal.code)).all() == ["kinship"]
    (own,) = own_rounds(both_cast.reviewer)
    assert [(row.position, row.title) for row in own.sheets] == [(1, other.title)]
    with pytest.raises(Rejected, match="亲属关系"):
        assignment_service.assign(
            call, {pair(proposal, both_cast.reviewer)}, set(), person(both_cast.office)
        )


def test_a_reviewer_who_changes_unit_loses_the_sheet(both_ctx: Flask, both_cast: Cast) -> None:
    open_round(both_cast)
    assert len(own_rounds(both_cast.reviewer)[0].sheets) == 2
    change_unit(person(both_cast.reviewer), both_cast.bank_branch, {})
    db.session.flush()
    assert own_rounds(both_cast.reviewer) == []


def test_an_abstention_counts_as_no_answer(both_ctx: Flask, both_cast: Cast) -> None:
    call, (proposal, _) = open_round(both_cast)
    sheets_service.abstain_from(sheet_of(proposal, both_cast.reviewer), "不熟悉该领域。")
    db.session.commit()
    assert sheet_of(proposal, both_cast.reviewer).status == "abstained"
    with pytest.raises(Rejected, match="已弃评"):
        assignment_service.assign(
            call, {pair(proposal, both_cast.reviewer)}, set(), person(both_cast.office)
        )


# -- ending ------------------------------------------------------------------------------------


def test_a_round_below_the_minimum_cannot_be_closed(both_ctx: Flask, both_cast: Cast) -> None:
    call, (first, second) = open_round(both_cast)
    for reviewer_id in panel(both_cast):
        score(first, reviewer_id)
    with pytest.raises(Rejected, match=f"有效评审不足3份.*{second.number}"):
        service_closing.close_round(call, cancel_owed=True)


def test_owed_sheets_are_cancelled_only_when_the_office_says_so(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call, proposals = open_round(both_cast, 1, minimum_sheets=2)
    for reviewer_id in (both_cast.reviewer, both_cast.reviewer2):
        score(proposals[0], reviewer_id)
    with pytest.raises(Rejected, match="还有1份评审未提交"):
        service_closing.close_round(call, cancel_owed=False)
    db.session.rollback()
    service_closing.close_round(call, cancel_owed=True)
    db.session.commit()
    assert sheet_of(proposals[0], both_cast.reviewer3).status == "cancelled"


def test_closing_freezes_the_ranking_and_ends_the_round(both_ctx: Flask, both_cast: Cast) -> None:
    call, (first, second) = scored_round(both_cast, (90, 80))
    live = compute_ranking(call)
    result = service_closing.close_round(call, cancel_owed=False)
    db.session.commit()
    stored = db.session.scalars(select(RankingResult)).one()
    assert stored.fingerprint == fingerprint(live) == result.fingerprint
    assert (call.status, first.status, second.status) == ("reviewing", "reviewed", "reviewed")
    assert call.review_closed_at is not None
    sheet = sheet_of(first, both_cast.reviewer)
    refused = (
        lambda: rounds_service.return_sheet(sheet, "理由"),
        lambda: rounds_service.remind(call, person(both_cast.reviewer), actor(both_cast.office)),
        lambda: sheets_service.save_sheet(sheet, sheet.version, answers()),
        lambda: sheets_service.declare_recusal(sheet, person(both_cast.reviewer), "self", "理由"),
        lambda: service_closing.close_round(call, cancel_owed=True),
        lambda: assignment_service.assign(
            call, {pair(first, both_cast.reviewer)}, set(), person(both_cast.office)
        ),
    )
    for act in refused:
        with pytest.raises(Rejected, match="已经结束"):
            act()
        db.session.rollback()


def test_the_ranking_shows_official_scores_and_zones(both_ctx: Flask, both_cast: Cast) -> None:
    call, (first, second) = open_round(both_cast, places=1)
    for reviewer_id, marks in zip(
        panel(both_cast), ((90, 80, 85, 88), (85, 75, 80, 82), (92, 85, 90, 90)), strict=True
    ):
        score(first, reviewer_id, marks)
        score(second, reviewer_id, (80, 80, 80, 81))
    shown = ranking_table(call)
    assert not shown.final
    top, below = shown.lines
    # 86.25, 81.00, 89.60 by the weights 30/20/25/25
    assert (top.rank, top.score, top.zone, top.median, top.spread) == (
        1,
        Decimal("85.62"),
        "in",
        Decimal("86.25"),
        Decimal("8.60"),
    )
    assert (below.rank, below.zone, shown.above_cut) == (2, "out", 1)
    service_closing.close_round(call, cancel_owed=False)
    db.session.commit()
    frozen = ranking_table(call)
    assert frozen.final and frozen.lines == shown.lines


def test_a_tie_across_the_line_is_left_to_the_committee(both_ctx: Flask, both_cast: Cast) -> None:
    call, _ = scored_round(both_cast, (90, 80, 80), places=2)
    shown = ranking_table(call)
    assert [line.zone for line in shown.lines] == ["in", "tied", "tied"]
    assert shown.tie == "第2名并列2项，系统不自动取舍，由评审委员会决定。"


def test_the_live_ranking_takes_three_selects(both_ctx: Flask, both_cast: Cast) -> None:
    from sqlalchemy import event

    call, _ = scored_round(both_cast, (90, 80, 70))
    key, seen = call.key, []
    db.session.expunge_all()
    from lab.calls.core.queries import find_call

    call = find_call(key)
    assert call is not None
    event.listen(db.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    ranking_table(call)
    assert len([text for text in seen if text.lstrip().startswith("SELECT")]) <= 3


def test_deleted_drafts_never_reach_the_round(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    kept = accepted_proposal(both_cast, call)
    drafts.create_draft(call, person(both_cast.stranger))
    db.session.commit()
    close(call)
    rounds_service.open_review(call)
    db.session.commit()
    assert [line.key for line in ranking_table(call).lines] == [kept.key]
