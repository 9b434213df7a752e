"""Whom to avoid: typed by the applicant, matched by the office, read by the rule of recusal."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.identity.people.service import create_person, set_roles
from lab.proposals.models.proposal import Proposal
from lab.proposals.screening import service as screening_service
from lab.proposals.screening.avoided.queries import avoided_entries
from lab.proposals.submission import service as submission
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.reviews.recusal.queries import reasons_for
from lab.reviews.rounds.service import open_review
from lab.reviews.sheets.access import load_own_sheet
from tests.support.builders.calls import close, open_call
from tests.support.builders.proposals import (
    ALL_OK,
    accepted_proposal,
    avoiding,
    check,
    confirm,
    matches_by_name,
    returned_proposal,
    submitted_proposal,
)
from tests.support.builders.reviews import assign, panel, sheet_of
from tests.support.cast import Cast, actor, person

NOBODY = {"name": "无名氏", "unit": "某公司", "reason": "有争议"}


def passed(proposal: Proposal, cast: Cast, matches: dict[int, int | None]) -> None:
    screening_service.record_check(
        proposal, None, checker_id=cast.office, marks=ALL_OK, outcome="passed", matches=matches
    )
    db.session.commit()


def barred(proposal: Proposal, person_id: int) -> list[str]:
    return [reason.code for reason in reasons_for(proposal.id, person_id)]


def test_a_proposal_passes_once_everybody_is_matched(both_ctx: Flask, both_cast: Cast) -> None:
    typed = [avoiding(both_cast.reviewer, "曾共事"), NOBODY]
    proposal = submitted_proposal(both_cast, open_call(both_cast), avoided=typed)
    first, second = proposal.avoided
    assert barred(proposal, both_cast.reviewer) == []
    for matches, label, field in (
        ({}, "评委甲", first.id),
        ({first.id: both_cast.reviewer}, "无名氏（某公司）", second.id),
    ):
        with pytest.raises(Rejected, match=label) as refused:
            passed(proposal, both_cast, matches)
        assert refused.value.field == f"avoid_{field}"
        db.session.rollback()
    passed(proposal, both_cast, {first.id: both_cast.reviewer, second.id: None})
    assert barred(proposal, both_cast.reviewer) == ["avoided"]
    assert barred(proposal, both_cast.reviewer3) == []
    rows = [(row.person_id, row.matched_by_id) for row in proposal.avoided]
    assert rows == [(both_cast.reviewer, both_cast.office), (None, both_cast.office)]
    lines = db.session.scalars(
        select(AuditEvent.detail).where(AuditEvent.action == "proposal.match_avoided")
    )
    assert len(list(lines)) == 2


def test_a_return_needs_no_match(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast), avoided=[NOBODY])
    screening_service.record_check(
        proposal,
        None,
        checker_id=both_cast.office,
        marks=ALL_OK,
        outcome="refused",
        reason="不在征集范围。",
    )
    db.session.commit()
    assert proposal.avoided[0].matched_at is None


def test_unchanged_entries_keep_their_match(both_ctx: Flask, both_cast: Cast) -> None:
    mine, other = avoiding(both_cast.reviewer, "曾共事"), avoiding(both_cast.reviewer2, "曾共事")
    proposal = returned_proposal(both_cast, open_call(both_cast), avoided=[mine, other])
    changed = {**other, "unit": "邮政西城"}
    again = [{**mine, "reason": "改了理由"}, changed]
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"avoided": again}))
    db.session.commit()
    confirm(proposal)
    submission.submit(proposal, both_cast.applicant, pledged=True)
    db.session.commit()
    assert [row.person_id for row in proposal.avoided] == [both_cast.reviewer, None]
    assert [entry.is_matched for entry in avoided_entries(proposal)] == [True, False]
    with pytest.raises(Rejected, match="邮政西城"):
        passed(proposal, both_cast, {})
    db.session.rollback()
    check(proposal, both_cast, "passed")
    assert barred(proposal, both_cast.reviewer2) == ["avoided"]


def test_the_office_is_offered_those_who_may_be_meant(both_ctx: Flask, both_cast: Cast) -> None:
    typed = [{"name": "平伪甲", "unit": "丰台", "reason": "同音"}, NOBODY]
    proposal = submitted_proposal(both_cast, open_call(both_cast), avoided=typed)
    sounding, unknown = avoided_entries(proposal)
    assert [person.name for person in sounding.candidates] == ["评委甲"]
    assert unknown.candidates == () and matches_by_name(proposal)[unknown.id] is None


def test_a_common_name_hides_nobody_who_is_meant(both_ctx: Flask, both_cast: Cast) -> None:
    for number in range(25):
        for name in ("白伟", "百维"):  # they sound alike, and come before 评委甲
            create_person(
                sign_in_name=f"w{number}{name == '白伟'}",
                name=name,
                unit_id=both_cast.post_other,
                hashed="",
            )
    meant = create_person(
        sign_in_name="meant", name="白伟", unit_id=both_cast.bank_other, hashed=""
    )
    db.session.commit()
    typed = [
        {"name": "白伟", "unit": "丰台支行", "reason": "曾共事"},
        avoiding(both_cast.reviewer, "曾共事"),
    ]
    proposal = submitted_proposal(both_cast, open_call(both_cast), avoided=typed)
    common, rare = avoided_entries(proposal)
    assert common.candidates[0].id == meant.id
    assert {person.name for person in common.candidates} == {"白伟"}
    assert [person.id for person in rare.candidates] == [both_cast.reviewer]


def test_whoever_was_found_by_typing_is_offered_again(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast), avoided=[NOBODY])
    assert avoided_entries(proposal)[0].candidates == ()
    passed(proposal, both_cast, {proposal.avoided[0].id: both_cast.reviewer})
    [entry] = avoided_entries(proposal)
    assert [person.id for person in entry.candidates] == [both_cast.reviewer]


def test_a_reviewer_in_the_office_does_not_match_himself(both_ctx: Flask, both_cast: Cast) -> None:
    clerk = person(both_cast.office)
    typed = [avoiding(both_cast.office, "曾共事")]
    proposal = submitted_proposal(both_cast, open_call(both_cast), avoided=typed)
    entry = proposal.avoided[0].id
    set_roles(clerk, clerk.version, ["office", "reviewer"])
    db.session.commit()
    for matches in ({entry: None}, {entry: both_cast.reviewer}, {entry: both_cast.office}):
        with pytest.raises(Rejected, match="与您同名"):
            passed(proposal, both_cast, matches)
        db.session.rollback()
    set_roles(clerk, clerk.version, ["office"])
    db.session.commit()
    passed(proposal, both_cast, {entry: None})


def test_a_reviewer_who_joins_the_office_loses_the_sheet(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    named, plain = (
        accepted_proposal(both_cast, call, title=f"【演示】{len(entries)}", avoided=entries)
        for entries in ([NOBODY], [])
    )
    assign(close(call), both_cast, [named, plain], panel(both_cast))
    open_review(call)
    db.session.commit()
    reviewer = person(both_cast.reviewer)
    set_roles(reviewer, reviewer.version, ["office", "reviewer"])
    db.session.commit()
    assert barred(named, both_cast.reviewer) == ["reads_avoided"]
    relations = []
    for proposal in (named, plain):
        sheet = sheet_of(proposal, both_cast.reviewer)
        loaded = load_own_sheet(actor(both_cast.reviewer), sheet.key)
        assert loaded is not None
        relations.append("recused" in loaded.resource.relations)
    assert relations == [True, False]


def test_a_reviewer_named_without_account_is_kept_out(both_ctx: Flask, both_cast: Cast) -> None:
    member = {"person_id": None, "name": "评委 甲", "unit": "某科技公司", "duty": "开发"}
    proposal = submitted_proposal(both_cast, open_call(both_cast), people=[member])
    assert barred(proposal, both_cast.reviewer) == ["same_name"]
    assert barred(proposal, both_cast.reviewer3) == []
