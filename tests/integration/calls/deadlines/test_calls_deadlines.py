"""Until when a proposal is taken, on both databases: call, extension of a unit, late code."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.calls.deadlines import service as deadlines_service
from lab.calls.deadlines import service_codes
from lab.calls.models.call import Call
from lab.calls.models.notice import CallExtension, CallLateCode
from lab.calls.pages import service as calls_service
from lab.calls.pages.queries import open_calls
from lab.calls.rules import late_codes
from lab.db import EditConflict
from lab.extensions import db
from lab.identity.people import service as identity
from lab.inbox.models.notices import Notice
from lab.policy import Actor
from lab.proposals.core import deadlines
from lab.proposals.models.late_codes import LateEntry
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages import queries as pages_queries
from lab.proposals.submission import service as proposals
from lab.proposals.submission import service_late
from lab.proposals.withdrawal import service as withdrawal_service
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from tests.support.builders.calls import CLOSES, NOON, call_until_five, open_call
from tests.support.builders.proposals import confirm, content_values, filled_draft
from tests.support.cast import PASSWORD_HASH, Cast, person
from tests.support.concurrency import at_once

LATER = clock.from_beijing(datetime(2022, 7, 8, 17))
SECOND = timedelta(seconds=1)
LATE_DAY = date(2022, 7, 5)
CODE_ENDS = clock.from_beijing(datetime(2022, 7, 6))


def draft_of(cast: Cast, call: Call, owner: int, unit_id: int, title: str = "试点") -> Proposal:
    """A draft of this owner that can be submitted in the name of this unit, alone."""
    values = content_values(cast, unit_id=unit_id, joint_unit_id=None, title=f"【演示】{title}")
    with clock.freeze(NOON + timedelta(hours=1)):
        proposal = drafts.create_draft(call, person(owner), title=values["title"])
        drafts.save_draft(drafts.SaveDraft(proposal, None, values))
        db.session.commit()
    return proposal


def extend(call: Call, unit_id: int | None = None, until: datetime = LATER) -> None:
    deadlines_service.extend(
        call, call.version, closes_at=until, reason="系统故障。", unit_id=unit_id
    )
    db.session.commit()


def code_for(call: Call, unit_id: int, expires_on: date = LATE_DAY) -> str:
    code = service_codes.make_code(
        call, unit_id=unit_id, reason="经办人住院。", expires_on=expires_on
    )
    db.session.commit()
    return code


def close_by_clock(at: datetime = CLOSES) -> None:
    """The minute's sweep, in a session of its own as the worker has it."""
    db.session.commit()
    with clock.freeze(at), current_app.app_context():
        calls_service.run_due_transitions()
    db.session.expire_all()


def can_submit(proposal: Proposal, at: datetime) -> bool:
    """Whether the service takes it at this moment; whatever it did is taken back."""
    with clock.freeze(at):
        try:
            proposals.submit(proposal, proposal.owner_id, pledged=True)
        except Rejected as refusal:
            assert "不在征集时间内" in refusal.message
            return False
        finally:
            db.session.rollback()
    return True


def around(proposal: Proposal, moment: datetime) -> list[bool]:
    """Taken the second before, at the moment, and the second after?"""
    return [can_submit(proposal, moment + step * SECOND) for step in (-1, 0, 1)]


# -- to the second -----------------------------------------------------------------------------


def test_submission_is_open_until_the_last_second(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    proposal = draft_of(both_cast, call, both_cast.applicant, both_cast.post_branch)
    assert deadlines.submission_deadline(proposal) == CLOSES
    assert around(proposal, CLOSES) == [True, False, False]


def test_a_unit_extension_holds_to_the_second_for_it_alone(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = call_until_five(both_cast)
    mine = draft_of(both_cast, call, both_cast.applicant, both_cast.post_branch)
    other = draft_of(both_cast, call, both_cast.stranger, both_cast.bank_other)
    with clock.freeze(CLOSES - timedelta(hours=1)):
        extend(call, both_cast.post_branch)
    assert (deadlines.submission_deadline(mine), deadlines.submission_deadline(other)) == (
        LATER,
        CLOSES,
    )
    close_by_clock()
    assert around(mine, LATER) == [True, False, False]
    assert around(other, CLOSES) == [True, False, False]
    assert call.status == "closed"


def test_a_code_lets_one_proposal_in_until_the_end_of_its_day(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = call_until_five(both_cast)
    mine = draft_of(both_cast, call, both_cast.applicant, both_cast.post_branch)
    mate = draft_of(both_cast, call, both_cast.leader, both_cast.post_branch)
    close_by_clock()
    with clock.freeze(CLOSES + timedelta(hours=1)):
        assert not deadlines.is_before_deadline(mine, clock.now())
        code = code_for(call, both_cast.post_branch)
        service_late.redeem_code(call, person(both_cast.applicant), code.lower(), mine.key)
        db.session.commit()
    assert around(mine, CODE_ENDS) == [True, False, False]
    assert around(mate, CODE_ENDS) == [False, False, False]
    note = deadlines.late_entry_note(mine)
    assert note is not None
    assert (note.reason, note.used_at) == ("经办人住院。", CLOSES + timedelta(hours=1))
    assert deadlines.late_entry_note(mate) is None


def test_lists_show_own_deadlines_without_extra_queries(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    draft_of(both_cast, call, both_cast.applicant, both_cast.post_branch)
    draft_of(both_cast, call, both_cast.applicant, both_cast.post_other)
    with clock.freeze(NOON + timedelta(hours=2)):
        extend(call, both_cast.post_branch)
        actor = Actor(both_cast.applicant, frozenset({"applicant"}), both_cast.post_branch)
        rows = pages_queries.list_proposals(actor, {}).items
        assert {row.unit: row.next.until for row in rows} == {
            "邮政东城分公司": LATER,
            "邮政西城分公司": CLOSES,
        }


def test_nobody_comes_late_once_review_has_opened(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    mine = draft_of(both_cast, call, both_cast.applicant, both_cast.post_branch)
    close_by_clock()
    with clock.freeze(CLOSES + timedelta(hours=1)):
        extend(call, both_cast.post_branch)
        calls_service.freeze_rules_for_review(call)
        audit.record("round.open", call)
        db.session.commit()
        assert deadlines.submission_deadline(mine) is None
        with pytest.raises(Rejected, match="评审中"):
            deadlines_service.extend(call, call.version, closes_at=LATER, reason="再延")
        with pytest.raises(Rejected, match="评审中"):
            code_for(call, both_cast.post_branch)
    assert not can_submit(mine, CLOSES + timedelta(hours=2))


# -- extensions --------------------------------------------------------------------------------


def test_an_extension_for_all_reopens_a_closed_call(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    mine = draft_of(both_cast, call, both_cast.stranger, both_cast.bank_other)
    close_by_clock()
    assert call.status == "closed"
    with clock.freeze(CLOSES + timedelta(days=1)):
        extend(call)
        assert (call.status, call.closes_at, call.closed_at) == ("open", LATER, None)
        assert [row.key for row in open_calls()] == [call.key]
    assert around(mine, LATER) == [True, False, False]
    close_by_clock(LATER)
    assert call.status == "closed"
    row = db.session.scalars(select(CallExtension)).one()
    assert (row.old_closes_at, row.new_closes_at, row.unit_id) == (CLOSES, LATER, None)


def test_a_call_closed_early_stays_open_for_the_extended_unit(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = call_until_five(both_cast)
    with clock.freeze(NOON + timedelta(hours=1)):
        extend(call)
        extend(call, both_cast.post_branch, LATER + timedelta(days=1))
    with clock.freeze(NOON + timedelta(hours=2)):
        calls_service.close_now(call)
        db.session.commit()
        units = (None, both_cast.bank_other, both_cast.post_branch)
        assert [len(open_calls(unit)) for unit in units] == [0, 0, 1]
        with pytest.raises(Rejected, match="不在征集时间内"):
            drafts.create_draft(call, person(both_cast.stranger))
        assert drafts.create_draft(call, person(both_cast.applicant)).status == "draft"
        db.session.rollback()


@pytest.mark.parametrize(
    ("until", "field", "words"),
    [
        (CLOSES, "closes_at", "应晚于现在的截止时间（2022年6月30日 17:00）"),
        (CLOSES - SECOND, "closes_at", "应晚于现在的截止时间"),
        (CLOSES + timedelta(minutes=30), "closes_at", "应晚于现在。"),
    ],
)
def test_time_is_only_given_forward(
    both_ctx: Flask, both_cast: Cast, until: datetime, field: str, words: str
) -> None:
    call = call_until_five(both_cast)
    close_by_clock()
    with clock.freeze(CLOSES + timedelta(hours=1)), pytest.raises(Rejected, match=words) as refusal:
        extend(call, both_cast.post_branch, until)
    assert refusal.value.field == field


def test_concurrent_extensions_see_each_other(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    with clock.freeze(NOON):
        opened = call.version
        extend(call, both_cast.post_branch)
        with pytest.raises(EditConflict):
            deadlines_service.extend(call, opened, closes_at=LATER, reason="再延")


def test_an_extension_is_notified_and_audited_once(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    draft_of(both_cast, call, both_cast.stranger, both_cast.post_branch)
    told = set(db.session.scalars(select(Notice.id)))
    with clock.freeze(NOON + timedelta(hours=2)):
        extend(call, both_cast.post_branch)
        extend(call, None, CLOSES + timedelta(days=1))
    new = db.session.scalars(select(Notice).where(Notice.id.not_in(told)).order_by(Notice.id)).all()
    unit = {n.person_id for n in new if "对邮政东城分公司延期至2022年7月8日 17:00" in n.text}
    everybody = {n.person_id for n in new if "截止时间改为2022年7月1日 17:00" in n.text}
    # The stranger owns a draft in the unit's name, the leader leads it.
    assert unit == {both_cast.applicant, both_cast.leader, both_cast.stranger}
    assert everybody == {*unit, both_cast.member, both_cast.partner}
    actions = list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert actions[-2:] == ["call.extend", "call.extend"]


# -- codes -------------------------------------------------------------------------------------


def test_only_the_hash_of_a_code_is_stored(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    close_by_clock()
    with clock.freeze(CLOSES + timedelta(hours=1)):
        code = code_for(call, both_cast.post_branch)
    row = db.session.scalars(select(CallLateCode)).one()
    assert row.code_hash == late_codes.code_digest(call.key, code)
    assert row.expires_at == CODE_ENDS - timedelta(microseconds=1)
    assert code not in repr(vars(row)) and code.replace("-", "").lower() not in repr(vars(row))
    detail = db.session.scalar(
        select(AuditEvent.detail).where(AuditEvent.action == "call.late_code")
    )
    assert detail is not None and code not in detail


def test_a_code_holds_at_most_five_working_days(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    close_by_clock()
    with clock.freeze(CLOSES + timedelta(hours=1)):
        assert late_codes.last_day(clock.today()) == date(2022, 7, 7)
        code_for(call, both_cast.post_branch, date(2022, 7, 7))
        for day in (date(2022, 7, 8), date(2022, 6, 29)):
            with pytest.raises(Rejected) as refusal:
                code_for(call, both_cast.post_branch, day)
            assert refusal.value.field == "expires_on"


def test_all_invalid_codes_are_answered_alike(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    close_by_clock()
    said = set()

    def refused(code: str, who: int, hours: int = 2) -> None:
        with clock.freeze(CLOSES + timedelta(hours=hours)), pytest.raises(Rejected) as refusal:
            service_late.redeem_code(call, person(who), code)
        said.add((refusal.value.message, refusal.value.field))

    with clock.freeze(CLOSES + timedelta(hours=1)):
        used, revoked, expired, foreign = (
            code_for(call, both_cast.post_branch, day) for day in (LATE_DAY,) * 4
        )
        service_late.redeem_code(call, person(both_cast.applicant), used)
        db.session.commit()
        hidden = late_codes.code_digest(call.key, revoked)
        row = db.session.scalars(select(CallLateCode).where(CallLateCode.code_hash == hidden)).one()
        service_codes.revoke(call, row)
        db.session.commit()
        with pytest.raises(Rejected):
            service_codes.revoke(call, row)
    refused("ABCD-EFGH-JKMN", both_cast.leader)
    refused(used, both_cast.leader)
    refused(revoked, both_cast.leader)
    refused(foreign, both_cast.stranger)
    refused(expired, both_cast.leader, hours=24 * 6)
    assert said == {(service_codes.REDEEM_FAILED, "code")}
    assert db.session.scalar(select(func.count()).select_from(LateEntry)) == 1


def test_guesses_are_counted_and_stop_even_the_right_code(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    close_by_clock()
    who = person(both_cast.applicant)
    with clock.freeze(CLOSES + timedelta(hours=1)):
        code = code_for(call, both_cast.post_branch)
        for _ in range(5):
            with pytest.raises(Rejected, match="不能使用"):
                service_late.redeem_code(call, who, "AAAA-AAAA-AAAA")
        with pytest.raises(Rejected, match="次数过多"):
            service_late.redeem_code(call, who, code)
    with clock.freeze(CLOSES + timedelta(hours=1, minutes=16)):
        assert service_late.redeem_code(call, who, code).status == "draft"
        db.session.commit()
    failed = AuditEvent.action == "call.use_code", AuditEvent.result == "failed"
    assert len(db.session.scalars(select(AuditEvent).where(*failed)).all()) == 5


def test_a_code_is_redeemed_only_on_ones_own_unit_draft(both_ctx: Flask, both_cast: Cast) -> None:
    call = call_until_five(both_cast)
    foreign = draft_of(both_cast, call, both_cast.stranger, both_cast.bank_other)
    other_unit = draft_of(both_cast, call, both_cast.applicant, both_cast.post_other)
    close_by_clock()
    with clock.freeze(CLOSES + timedelta(hours=1)):
        code = code_for(call, both_cast.post_branch)
        for chosen in (foreign.key, other_unit.key, "zzzzzzzzzzzz"):
            with pytest.raises(Rejected) as refusal:
                service_late.redeem_code(call, person(both_cast.applicant), code, chosen)
            assert refusal.value.field == "proposal"
    row = db.session.scalars(select(CallLateCode)).one()
    assert row.used_at is None, "a refusal does not use the code up"


def test_fifty_at_once_use_a_code_once(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        call = call_until_five(both_cast)
        close_by_clock()
        people = [
            identity.create_person(
                sign_in_name=f"mate{n}",
                name=f"同事{n}",
                unit_id=both_cast.post_branch,
                roles=["applicant"],
                hashed=PASSWORD_HASH or "x",
            ).id
            for n in range(50)
        ]
        db.session.commit()
        with clock.freeze(CLOSES + timedelta(hours=1)):
            code, call_id = code_for(call, both_cast.post_branch), call.id
        db.session.remove()

    def use(number: int) -> str:
        try:
            mine = db.session.get_one(Call, call_id)
            key = service_late.redeem_code(mine, person(people[number]), code).key
            db.session.commit()
        except Rejected as refusal:
            db.session.rollback()
            return refusal.message
        return key

    with clock.freeze(CLOSES + timedelta(hours=2)):
        answers = at_once(both_app, 50, use)
    assert answers.count(service_codes.REDEEM_FAILED) == 49
    with both_app.app_context():
        entry = db.session.scalars(select(LateEntry)).one()
        assert db.session.get_one(Proposal, entry.proposal_id).key in answers
        assert db.session.scalar(select(func.count()).select_from(Proposal)) == 1


# -- who may apply -----------------------------------------------------------------------------


def test_a_unit_of_the_wrong_side_cannot_begin(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast, applicant_side="bank")
    with pytest.raises(Rejected, match="只接受银行单位牵头申报"):
        drafts.create_draft(call, person(both_cast.applicant))
    assert drafts.create_draft(call, person(both_cast.stranger)).status == "draft"
    db.session.commit()


def test_a_joint_application_that_is_asked_for_must_be_one(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast, joint_rule="required")
    alone = filled_draft(both_cast, call, joint_unit_id=None)
    with pytest.raises(Rejected, match="联合申报"):
        proposals.submit(alone, both_cast.applicant, pledged=True)
    db.session.rollback()
    partner = {"joint_unit_id": both_cast.bank_branch, "partner_id": both_cast.partner}
    drafts.save_draft(drafts.SaveDraft(alone, None, partner))
    db.session.commit()
    confirm(alone)
    proposals.submit(alone, both_cast.applicant, pledged=True)
    db.session.commit()


def test_withdrawn_proposals_make_room_and_drafts_take_none(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast, unit_limit=1)
    first, second = filled_draft(both_cast, call), filled_draft(both_cast, call)
    proposals.submit(first, both_cast.applicant, pledged=True)
    db.session.commit()
    with pytest.raises(Rejected, match="最多申报1个项目"):
        proposals.submit(second, both_cast.applicant, pledged=True)
    db.session.rollback()
    with pytest.raises(Rejected, match="您所在单位已提交1个"):
        drafts.create_draft(call, person(both_cast.leader), title="又一个")
    withdrawal_service.withdraw_own(first, both_cast.applicant)
    db.session.commit()
    proposals.submit(second, both_cast.applicant, pledged=True)
    db.session.commit()
    assert (first.status, second.status) == ("withdrawn", "submitted")


def test_concurrent_submissions_respect_the_unit_limit(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        call = open_call(both_cast, unit_limit=3)
        ids = [filled_draft(both_cast, call, title=f"试点{n}").id for n in range(50)]
        db.session.remove()

    def hand_in(number: int) -> str:
        proposal = db.session.get_one(Proposal, ids[number])
        try:
            taken = proposals.submit(proposal, both_cast.applicant, pledged=True)
            db.session.commit()
        except Rejected as refusal:
            db.session.rollback()
            return refusal.message
        return taken

    answers = at_once(both_app, 50, hand_in)
    assert sorted(a for a in answers if a.startswith("SB-")) == [
        f"SB-2022-01-{n:03d}" for n in (1, 2, 3)
    ]
    assert answers.count("本批次每个单位最多申报3个项目，申报单位已提交3个。") == 47
