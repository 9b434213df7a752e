"""What the office counts of a call, and 催办 once per unit and Beijing day; both databases."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.calls.deadlines import service as deadlines_service
from lab.calls.models.call import Call
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.proposals.core import editing as core_editing
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.reminders import CallReminder
from lab.proposals.monitoring import queries as monitoring_queries
from lab.proposals.monitoring import queries_reminders
from lab.proposals.monitoring.service import remind
from lab.proposals.rules.completeness import missing_items
from lab.proposals.rules.overview import UnitRow
from lab.proposals.submission import service as proposals
from lab.proposals.withdrawal import service as withdrawals
from lab.proposals.writing import field_values, missing_count
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from tests.support.builders.calls import close, open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    empty_draft,
    filled_draft,
    returned_proposal,
    submitted_proposal,
)
from tests.support.cast import Cast, person, unit
from tests.support.concurrency import at_once

DAY = datetime(2022, 6, 15, 9, 12)


def key(unit_id: int) -> str:
    return unit(unit_id).key


def rows(call: Call) -> dict[str, UnitRow]:
    return {row.name: row for row in monitoring_queries.unit_rows(call)}


# -- gaps --------------------------------------------------------------------------------------


def test_the_stored_missing_count_equals_a_recount(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    draft, full = empty_draft(both_cast, call), filled_draft(both_cast, call)
    seen = []

    def recount(proposal: Proposal) -> None:
        db.session.commit()
        db.session.expire_all()
        found = len(missing_items(proposal, core_editing.invalid_input_of(proposal)))
        assert proposal.missing_count == found
        seen.append(found)

    recount(draft)
    recount(full)
    drafts.save_draft(
        drafts.SaveDraft(draft, None, {"title": "园区【演示】", "background": "现状。"})
    )
    recount(draft)
    drafts.save_draft(
        drafts.SaveDraft(full, None, {"plan": ""}, invalid_input={"background": "长" * 801})
    )
    recount(full)
    drafts.save_draft(
        drafts.SaveDraft(full, None, {"milestones": []}, invalid_input={"targets": [{"base": "x"}]})
    )
    recount(full)
    values, invalid_input = field_values.current_values(draft)
    drafts.save_draft(drafts.SaveDraft(full, None, values, invalid_input=invalid_input))
    recount(full)
    # Nothing but the unit; complete; two fields more; two fewer; a third one; as the other.
    assert seen[1] == 0 and seen[2] == seen[0] - 2 and seen[3] == 2
    assert seen[4] == 4 and seen[5] == seen[2]


def test_old_drafts_are_counted_without_a_new_version(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    draft, sent = filled_draft(both_cast, call, plan=""), submitted_proposal(both_cast, call)
    version = draft.version
    db.session.execute(update(Proposal).values(missing_count=None))
    audit.record("test.uncounted", call)
    db.session.commit()
    assert monitoring_queries.call_totals(call).nearly == 0
    assert monitoring_queries.list_drafts(call, {}).items[0].missing_count is None
    db.session.rollback()
    missing_count.count_uncounted()
    db.session.expire_all()
    assert (draft.missing_count, draft.version, sent.missing_count) == (1, version, None)


# -- figures -----------------------------------------------------------------------------------


def test_the_office_counts_by_state_and_unit(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    alone = {"joint_unit_id": None, "people": []}
    filled_draft(both_cast, call, plan="", risks="", **alone)
    filled_draft(both_cast, call, plan="", risks="", mode="", **alone)
    submitted_proposal(both_cast, call)
    accepted_proposal(both_cast, call, **alone)
    returned_proposal(both_cast, call, **alone)
    gone = submitted_proposal(both_cast, call, unit_id=both_cast.bank_other, **alone)
    withdrawals.withdraw_own(gone, both_cast.applicant)
    db.session.commit()
    totals = monitoring_queries.call_totals(call)
    assert (totals.drafts, totals.nearly, totals.received) == (2, 1, 4)
    states = ("submitted", "accepted", "returned", "withdrawn")
    assert [totals.of(state) for state in states] == [1, 1, 1, 1]
    found = rows(call)
    own, partner, idle = found["邮政东城分公司"], found["邮储东城支行"], found["邮储丰台支行"]
    assert (own.side, own.drafts, own.nearly, own.submitted, own.returned) == ("邮政", 2, 1, 2, 1)
    assert partner.partner == 1 and partner.begun and partner.reminder_kind == ""
    assert (idle.begun, idle.reminder_kind, idle.people) == (False, "nothing", 1)
    assert found["邮政西城分公司"].reminder_kind == "", "nobody there could be told"


@pytest.mark.parametrize("renamed", [False, True])
def test_units_under_correction_are_counted_as_submitted(
    both_ctx: Flask, both_cast: Cast, renamed: bool
) -> None:
    call = open_call(both_cast)
    moved = returned_proposal(both_cast, call)  # of 邮政东城分公司 with 邮储东城支行
    moved.unit_id, moved.joint_unit_id = both_cast.post_other, both_cast.bank_other
    audit.record("proposals.save", moved)
    returned_proposal(both_cast, call)
    if renamed:  # nobody can tell any more by its name which unit that was
        unit(both_cast.bank_branch).name = "邮储东城中心支行"
        audit.record("units.edit", unit(both_cast.bank_branch))
    db.session.commit()
    found = rows(call)
    own, then = found["邮政东城分公司"], found["邮政西城分公司"]
    assert (own.returned, then.returned) == (2, 0)
    partner = found["邮储东城中心支行" if renamed else "邮储东城支行"]
    assert (partner.partner, found["邮储丰台支行"].partner) == (1 if renamed else 2, 0)


def test_submissions_are_counted_on_their_first_beijing_day_only(
    both_ctx: Flask, both_cast: Cast
) -> None:
    first = clock.from_beijing(datetime(2022, 6, 14, 23, 59, 59))
    with clock.freeze(first - timedelta(days=3)):
        call = open_call(both_cast)
    with clock.freeze(first):
        back = returned_proposal(both_cast, call, date(2022, 6, 20))
    with clock.freeze(first + timedelta(seconds=1)):
        submitted_proposal(both_cast, call)
        proposals.submit(back, both_cast.applicant, pledged=True)
        db.session.commit()
    found = [
        (row.day, row.number, row.total) for row in monitoring_queries.submissions_by_day(call)
    ]
    assert found == [(date(2022, 6, 14), 1, 1), (date(2022, 6, 15), 1, 2)]


def test_the_office_sees_only_progress_of_drafts(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    empty_draft(both_cast, call)
    filled_draft(both_cast, call, plan="")
    submitted_proposal(both_cast, call)
    page = monitoring_queries.list_drafts(call, {})
    shown = [(row.unit, row.owner, row.leader, row.missing_count, row.nearly) for row in page.items]
    assert shown[0] == ("邮政东城分公司", "申报甲", "组长甲", 1, True)
    assert shown[1][:3] == ("邮政东城分公司", "申报甲", None) and not shown[1][4]
    assert len(shown) == 2
    elsewhere = monitoring_queries.list_drafts(call, {"unit": key(both_cast.bank_other)})
    assert elsewhere.items == []


# -- reminders ---------------------------------------------------------------------------------


def told(text: str = "催办") -> dict[int, str]:
    found = db.session.execute(
        select(Notice.person_id, Notice.text).where(Notice.text.startswith(text))
    )
    return {row.person_id: row.text for row in found}


def test_reminders_reach_draft_writers_or_the_whole_unit(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(clock.from_beijing(DAY)):
        call = open_call(both_cast, closes_at=clock.from_beijing(datetime(2022, 6, 30, 17)))
        filled_draft(both_cast, call, joint_unit_id=None, leader_id=both_cast.stranger)
        office = person(both_cast.office)
        wanted = {key(both_cast.post_branch), key(both_cast.bank_branch)}
        assert remind(call, wanted, office) == 2
        db.session.commit()
        found = told()
        # The unit's other applicant, `leader`, has no draft: not told.
        writers = {both_cast.applicant, both_cast.stranger}
        assert set(found) == {*writers, both_cast.member, both_cast.partner}
        assert "2022年6月30日 17:00截止" in found[both_cast.member]
        assert "邮储东城支行还没有申报" in found[both_cast.member]
        assert "还有1份草稿没有提交" in found[both_cast.applicant]
        assert all("经办甲" in text for text in found.values())
        history = queries_reminders.reminders(call).items
    assert {(row.unit, row.kind, row.notified, row.by) for row in history} == {
        ("邮政东城分公司", "草稿未提交", 2, "经办甲"),
        ("邮储东城支行", "还没有申报", 2, "经办甲"),
    }
    lines = select(AuditEvent.detail).where(AuditEvent.action == "call.remind")
    assert [json.loads(line) for line in db.session.scalars(lines)] == [{"people": 4, "units": 2}]


def test_a_unit_is_reminded_once_a_beijing_day(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(clock.from_beijing(DAY)):
        call = open_call(both_cast)
        office, other = person(both_cast.office), person(both_cast.office2)
        remind(call, {key(both_cast.bank_other)}, office)
        db.session.commit()
    with clock.freeze(clock.from_beijing(datetime(2022, 6, 15, 23, 59, 59))):
        with pytest.raises(Rejected, match="邮储丰台支行今日09:12已由经办甲催办"):
            remind(call, {key(both_cast.bank_other)}, other)
        db.session.rollback()
        both = {key(both_cast.bank_other), key(both_cast.bank_branch)}
        assert remind(call, both, other) == 1, "only the unit that was not reminded yet"
        db.session.commit()
    with clock.freeze(clock.from_beijing(datetime(2022, 6, 16))):
        assert remind(call, both, other) == 2
        db.session.commit()


def test_nothing_is_reminded_after_submission_or_deadline(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    office = person(both_cast.office)
    submitted_proposal(both_cast, call)
    with pytest.raises(Rejected, match="没有需要催办"):
        remind(call, {key(both_cast.post_branch), key(both_cast.post_other)}, office)
    close(call)
    with pytest.raises(Rejected, match="不在征集时间内"):
        remind(call, {key(both_cast.bank_other)}, office)


def test_a_unit_with_an_extension_is_reminded_of_its_own_date(
    both_ctx: Flask, both_cast: Cast
) -> None:
    with clock.freeze(clock.from_beijing(DAY)):
        call = open_call(both_cast, closes_at=clock.from_beijing(datetime(2022, 6, 15, 17)))
        later = clock.from_beijing(datetime(2022, 6, 17, 17))
        deadlines_service.extend(
            call, call.version, closes_at=later, reason="系统故障。", unit_id=both_cast.bank_branch
        )
        db.session.commit()
    office = person(both_cast.office)
    keys = {key(both_cast.bank_branch), key(both_cast.bank_other)}
    with clock.freeze(clock.from_beijing(datetime(2022, 6, 16, 9))):
        rows = {row.key: row for row in monitoring_queries.unit_rows(call)}
        assert rows[key(both_cast.bank_branch)].until == later
        assert rows[key(both_cast.bank_other)].reminder_kind == ""
        assert remind(call, keys, office) == 1
        db.session.commit()
        found = told()
        assert set(found) == {both_cast.member, both_cast.partner}
        assert "2022年6月17日 17:00截止" in found[both_cast.member]
    with (
        clock.freeze(clock.from_beijing(datetime(2022, 6, 17, 17))),
        pytest.raises(Rejected, match="不在征集时间内"),
    ):
        remind(call, keys, office)


def test_a_unit_without_active_people_is_not_reminded(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    filled_draft(both_cast, call, joint_unit_id=None)
    for who in (both_cast.applicant, both_cast.leader):
        person(who).disabled_at = clock.now()
    db.session.flush()
    with pytest.raises(Rejected, match="没有可以通知的申报人"):
        remind(call, {key(both_cast.post_branch)}, person(both_cast.office))
    db.session.rollback()


def test_fifty_clicks_at_once_remind_a_unit_once(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        call = open_call(both_cast)
        number, wanted = call.id, {key(both_cast.bank_other), key(both_cast.bank_branch)}

    def click(place: int) -> int:
        by = person(both_cast.office if place % 2 else both_cast.office2)
        try:
            done = remind(db.session.get_one(Call, number), wanted, by)
            db.session.commit()
        except Rejected:
            return 0
        return done

    assert sorted(at_once(both_app, 50, click))[-2:] == [0, 2]
    with both_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CallReminder)) == 2
        assert set(told()) == {both_cast.stranger, both_cast.member, both_cast.partner}
        sent = select(func.count()).where(Notice.text.startswith("催办"))
        assert db.session.scalar(sent) == 3
