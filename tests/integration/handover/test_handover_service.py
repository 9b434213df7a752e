"""What a handover changes, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.extensions import db
from lab.handover.carrying_out import queries, service
from lab.handover.models import Handover
from lab.handover.people.queries import unfinished_handovers
from lab.identity.people import service as people_service
from lab.policy import allowed
from lab.portfolio.models.history import TeamMembership
from lab.portfolio.models.project import Project, TeamMember
from lab.proposals.core.visibility.contents import resource_of
from lab.proposals.joint import service as joint_service
from lab.proposals.models.proposal import Proposal
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.reviews.assignment import service as assignment
from lab.reviews.handover.service import REASON
from lab.reviews.models import ScoreSheet
from lab.reviews.rounds.queries_entry import entry_page
from lab.reviews.sheets import service as sheets_service
from lab.reviews.sheets.queries import own_rounds
from tests.support.builders.calls import close, open_call
from tests.support.builders.projects import approved_projects, at, running_project
from tests.support.builders.proposals import (
    accepted_proposal,
    filled_draft,
    returned_proposal,
    unconfirmed_draft,
)
from tests.support.builders.reviews import act_as, answers, assign, open_round, pledge, score
from tests.support.builders.reviews import sheet_of as find_sheet
from tests.support.cast import Cast, actor, person
from tests.support.concurrency import at_once
from tests.support.records import notices_of


def command(cast: Cast, giver: int, **more: Any) -> service.HandoverCommand:
    values: dict[str, Any] = {
        "giver": person(giver),
        "by": person(cast.office),
        "number": 0,
        "reason": "调离。",
        "receivers": {},
        **more,
    }
    return service.HandoverCommand(**values)


def hand_over(
    cast: Cast, giver: int, kind: str, obj: Any, receiver: int, number: int = 0
) -> Handover:
    chosen = {(kind, obj.key): person(receiver).key}
    record = service.carry_out(command(cast, giver, receivers=chosen, number=number))
    db.session.commit()
    return record


def another(name: str, unit_id: int, *roles: str, hashed: str = "a password") -> int:
    made = people_service.create_person(
        sign_in_name=name, name=f"人员{name}", unit_id=unit_id, roles=roles, hashed=hashed
    )
    db.session.commit()
    return made.id


def held(cast: Cast, person_id: int, by: int | None = None) -> dict[str, list[str]]:
    """What somebody holds by kind, as names."""
    items = queries.held_items(actor(by or cast.office), person_id)
    return {kind: [item.name for item in own.values()] for kind, own in items.items() if own}


def left(cast: Cast, by: int | None = None) -> dict[str, int]:
    """How much is left to hand over from closed accounts."""
    rows = unfinished_handovers(actor(by or cast.office), 9)
    return {row.sign_in_name: row.total for row in rows}


def lines(action: str) -> list[str]:
    query = select(AuditEvent.detail).where(AuditEvent.action == action)
    return list(db.session.scalars(query.order_by(AuditEvent.seq)))


# -- drafts ------------------------------------------------------------------------------------


def test_a_draft_changes_hands_with_all_its_rights(both_ctx: Flask, both_cast: Cast) -> None:
    draft = filled_draft(both_cast, open_call(both_cast), leader_id=both_cast.member, people=[])
    colleague = another("colleague", both_cast.post_branch, "applicant")
    record = hand_over(both_cast, both_cast.applicant, "drafts", draft, colleague)
    assert allowed("proposal.submit", actor(colleague), resource_of(actor(colleague), draft))
    former = actor(both_cast.applicant)
    assert not allowed("proposal.view", former, resource_of(former, draft))
    assert held(both_cast, both_cast.applicant) == {}
    assert [(item.kind, item.receiver) for item in record.items] == [
        ("drafts", "人员colleague（邮政东城分公司）")
    ]
    assert "园区数字人民币缴费" not in record.items[0].name
    assert "已交接给您" in notices_of(colleague)[-1]
    assert "1项已交接给他人" in notices_of(both_cast.applicant)[-1]
    assert [record.key in line for line in lines("proposal.hand_over")] == [True]


def test_a_unit_not_yet_submitted_decides_nothing(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    returned = returned_proposal(both_cast, call)
    outsider = another("outsider", both_cast.post_other, "applicant")
    drafts.save_draft(drafts.SaveDraft(returned, None, {"unit_id": both_cast.post_other}))
    db.session.commit()
    with pytest.raises(Rejected, match="提交时的申报单位"):
        hand_over(both_cast, both_cast.applicant, "drafts", returned, outsider)
    db.session.rollback()
    hand_over(both_cast, both_cast.applicant, "drafts", returned, both_cast.leader)
    assert returned.owner_id == both_cast.leader


def test_the_unit_that_submitted_may_take_it_over(both_ctx: Flask, both_cast: Cast) -> None:
    colleague = another("elsewhere", both_cast.post_other, "applicant")
    returned = returned_proposal(both_cast, open_call(both_cast), unit_id=both_cast.post_other)
    hand_over(both_cast, both_cast.applicant, "drafts", returned, colleague)
    assert returned.owner_id == colleague


def test_a_returned_proposal_is_named_as_it_was_submitted(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast), title="【演示】原名")
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"title": "【演示】新名"}))
    db.session.commit()
    assert held(both_cast, both_cast.applicant) == {
        "drafts": [f"{proposal.number}《【演示】原名》"]
    }


def test_dead_drafts_and_passed_proposals_are_no_burden(both_ctx: Flask, both_cast: Cast) -> None:
    call, _ = open_round(both_cast, 1)
    assert held(both_cast, both_cast.applicant) == {}
    later = open_call(both_cast, batch=2)
    filled_draft(both_cast, later)
    people_service.disable(person(both_cast.applicant))
    db.session.commit()
    assert left(both_cast) == {"applicant": 1}
    assert call.key != later.key


@pytest.mark.parametrize(
    ("receiver", "sentence"),
    [
        ("stranger", "不在交出人所在单位，也不在提交时的申报单位，请另选接收人"),
        ("recused", "没有申报人角色"),
        ("office", "办理交接的您本人"),
        ("applicant", "就是交出事项的人"),
    ],
)
def test_whoever_may_not_have_it_is_refused_with_why(
    both_ctx: Flask, both_cast: Cast, receiver: str, sentence: str
) -> None:
    draft = filled_draft(both_cast, open_call(both_cast))
    with pytest.raises(Rejected, match=sentence) as caught:
        hand_over(both_cast, both_cast.applicant, "drafts", draft, getattr(both_cast, receiver))
    assert caught.value.field == f"drafts-{draft.key}"


def test_an_account_waiting_for_its_slip_receives_nothing(both_ctx: Flask, both_cast: Cast) -> None:
    draft = filled_draft(both_cast, open_call(both_cast))
    waiting = another("waiting", both_cast.post_branch, "applicant", hashed="")
    another("colleague", both_cast.post_branch, "applicant")
    kinds = queries.held_kinds(actor(both_cast.office), both_cast.applicant)
    offered = [label for kind in kinds for row in kind.rows for _, label in row.candidates]
    assert any("人员colleague" in label for label in offered)
    assert not any("人员waiting" in label for label in offered)
    with pytest.raises(Rejected, match="还没有启用"):
        hand_over(both_cast, both_cast.applicant, "drafts", draft, waiting)


def test_all_of_a_handover_happens_or_nothing(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    first, second = (filled_draft(both_cast, call, title=f"【演示】{n}") for n in "甲乙")
    chosen = {
        ("drafts", first.key): person(both_cast.leader).key,
        ("drafts", second.key): person(both_cast.stranger).key,
    }
    with pytest.raises(Rejected):
        service.carry_out(command(both_cast, both_cast.applicant, receivers=chosen))
    db.session.rollback()
    assert len(held(both_cast, both_cast.applicant)["drafts"]) == 2
    assert db.session.scalars(select(Handover)).all() == []


def test_a_second_clerk_gets_a_conflict(both_ctx: Flask, both_cast: Cast) -> None:
    call = open_call(both_cast)
    first, second = (filled_draft(both_cast, call, title=f"【演示】{n}") for n in "甲乙")
    hand_over(both_cast, both_cast.applicant, "drafts", first, both_cast.leader)
    with pytest.raises(EditConflict):
        hand_over(both_cast, both_cast.applicant, "drafts", second, both_cast.leader)
    db.session.rollback()
    with pytest.raises(Rejected, match="已不在其名下"):
        hand_over(both_cast, both_cast.applicant, "drafts", first, both_cast.leader, number=1)
    with pytest.raises(Rejected, match="至少一项"):
        service.carry_out(command(both_cast, both_cast.applicant, number=1))


def test_of_two_clerks_at_once_one_hands_over(both_app: Flask, both_cast: Cast) -> None:
    with both_app.app_context():
        draft = filled_draft(both_cast, open_call(both_cast))
        receivers = (both_cast.leader, another("deputy", both_cast.post_branch, "applicant"))
        db.session.rollback()

    def work(number: int) -> str:
        chosen = {("drafts", draft.key): person(receivers[number]).key}
        try:
            service.carry_out(command(both_cast, both_cast.applicant, receivers=chosen))
            db.session.commit()
        except EditConflict:
            return "conflict"
        return "done"

    assert sorted(at_once(both_app, 2, work)) == ["conflict", "done"]
    with both_app.app_context():
        assert len(db.session.scalars(select(Handover)).all()) == 1


# -- confirmations -----------------------------------------------------------------------------


def asked_draft(cast: Cast) -> Proposal:
    draft = unconfirmed_draft(cast, open_call(cast))
    joint_service.request_confirmation(draft, cast.applicant)
    db.session.commit()
    return draft


def test_a_confirmation_is_asked_of_the_receiver(both_ctx: Flask, both_cast: Cast) -> None:
    draft = asked_draft(both_cast)
    deputy = another("deputy", both_cast.bank_branch)
    hand_over(both_cast, both_cast.partner, "confirmations", draft, deputy)
    db.session.expire_all()
    assert [(r.person_id, r.status) for r in draft.confirmations] == [
        (both_cast.partner, "dropped"),
        (deputy, "asked"),
    ]
    assert draft.confirmations[1].content == draft.confirmations[0].content != ""
    with pytest.raises(Rejected, match="没有等待您确认"):
        joint_service.confirm_joint(draft, both_cast.partner, draft.version, "同意。")
    joint_service.confirm_joint(draft, deputy, draft.version, "同意联合申报。")
    db.session.commit()
    assert any("改为人员deputy" in text for text in notices_of(both_cast.applicant))
    assert any("请确认联合申报的申报书" in text for text in notices_of(deputy))


def test_a_step_left_open_does_not_bring_the_former_back(both_ctx: Flask, both_cast: Cast) -> None:
    draft = asked_draft(both_cast)
    shown = draft.version
    deputy = another("deputy", both_cast.bank_branch)
    hand_over(both_cast, both_cast.partner, "confirmations", draft, deputy)
    former = {"partner_id": both_cast.partner}
    with pytest.raises(EditConflict):
        drafts.save_draft(drafts.SaveDraft(draft, shown, former, step="basics"))


def test_another_unit_does_not_confirm_for_the_partner(both_ctx: Flask, both_cast: Cast) -> None:
    draft = asked_draft(both_cast)
    for other in (both_cast.applicant, both_cast.stranger):
        with pytest.raises(Rejected, match="不在该申报书的联合单位"):
            hand_over(both_cast, both_cast.partner, "confirmations", draft, other)
        db.session.rollback()


def test_the_leader_as_receiver_still_cannot_confirm(both_ctx: Flask, both_cast: Cast) -> None:
    draft = asked_draft(both_cast)
    drafts.save_draft(drafts.SaveDraft(draft, None, {"leader_id": both_cast.member, "people": []}))
    db.session.commit()
    hand_over(both_cast, both_cast.partner, "confirmations", draft, both_cast.member)
    with pytest.raises(Rejected, match="有缺项"):
        joint_service.confirm_joint(draft, both_cast.member, draft.version, "同意。")


# -- projects ----------------------------------------------------------------------------------


def test_a_new_leader_leads_from_today_and_the_past_stays(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 9, 1):
        hand_over(both_cast, both_cast.leader, "projects", project, both_cast.member)
    db.session.expire_all()
    assert [(m.person_id, m.role) for m in project.team] == [(both_cast.member, "leader")]
    history = db.session.execute(
        select(TeamMembership.person_id, TeamMembership.role, TeamMembership.valid_from)
        .where(TeamMembership.project_id == project.id)
        .order_by(TeamMembership.id)
    ).all()
    began, day = date(2022, 7, 1), date(2022, 9, 1)
    assert [tuple(row) for row in history] == [
        (both_cast.leader, "leader", began),
        (both_cast.member, "member", began),
        (both_cast.leader, None, day),
        (both_cast.member, "leader", day),
    ]
    assert "您是组长" in notices_of(both_cast.member)[-1]


def test_projects_of_one_leader_go_to_several_people(both_ctx: Flask, both_cast: Cast) -> None:
    first, second = approved_projects(both_cast, 2)
    chosen = {
        ("projects", first.key): person(both_cast.member).key,
        ("projects", second.key): person(both_cast.applicant).key,
    }
    service.carry_out(command(both_cast, both_cast.leader, receivers=chosen))
    db.session.commit()
    db.session.expire_all()
    leaders = {p.key: [m.person_id for m in p.team if m.role == "leader"] for p in (first, second)}
    assert leaders == {first.key: [both_cast.member], second.key: [both_cast.applicant]}


def test_a_result_not_yet_public_is_nobodys_burden(both_ctx: Flask, both_cast: Cast) -> None:
    (project,) = approved_projects(both_cast, published=False)
    assert held(both_cast, both_cast.leader) == {}
    with pytest.raises(Rejected, match="已不在其名下"):
        hand_over(both_cast, both_cast.leader, "projects", project, both_cast.member)


def test_an_outsider_does_not_lead_a_project(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with pytest.raises(Rejected, match="不是项目组成员"):
        hand_over(both_cast, both_cast.leader, "projects", project, both_cast.stranger)
    db.session.rollback()
    assert db.session.get_one(Project, project.id).team[0].person_id == both_cast.leader


def test_a_member_of_another_unit_may_lead_the_project(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    project.team.append(TeamMember(person_id=both_cast.stranger, role="member"))
    audit.record("project.team", project)
    db.session.commit()
    hand_over(both_cast, both_cast.leader, "projects", project, both_cast.stranger)
    db.session.expire_all()
    assert [m.person_id for m in project.team if m.role == "leader"] == [both_cast.stranger]


# -- sheets ------------------------------------------------------------------------------------


def typed_round(cast: Cast) -> tuple[Any, list[Proposal]]:
    """A round in which `reviewer` has submitted one sheet and typed into the other."""
    call, proposals = open_round(cast, 2)
    score(proposals[0], cast.reviewer)
    sheet = find_sheet(proposals[1], cast.reviewer)
    sheets_service.save_sheet(sheet, sheet.version, answers(comment="未完成的评语"))
    db.session.commit()
    return call, proposals


def withdraw(cast: Cast, by: int | None = None) -> Handover:
    by = by or cast.office
    record = service.carry_out(command(cast, cast.reviewer, withdraw=True, by=person(by)))
    db.session.commit()
    return record


def test_unfinished_sheets_are_withdrawn_submitted_ones_stay(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call, (first, second) = typed_round(both_cast)
    before = call.version
    record = withdraw(both_cast)
    assert call.version > before  # the assignment that a colleague has open is stale
    done, owed = (find_sheet(p, both_cast.reviewer) for p in (first, second))
    assert (done.status, owed.status, owed.closed_reason) == ("submitted", "cancelled", REASON)
    assert [(i.kind, i.object_key, i.receiver) for i in record.items] == [("sheets", call.key, "")]
    assert "未完成的评审已撤回" in notices_of(both_cast.reviewer)[-1]


def test_nobody_reads_what_was_withdrawn(both_ctx: Flask, both_cast: Cast) -> None:
    call, (_, second) = typed_round(both_cast)
    withdraw(both_cast)
    assert "未完成的评语" not in repr(entry_page(second))
    assert second.key not in repr(own_rounds(both_cast.reviewer))
    pair = (second.key, person(both_cast.recused).key)
    with pytest.raises(Rejected, match="同一单位"):
        assignment.assign(call, {pair}, set(), person(both_cast.office))
    db.session.rollback()
    newcomer = another("newcomer", both_cast.bank_other, "reviewer")
    assign(call, both_cast, [second], [newcomer])
    pledge(call, newcomer)
    anew = find_sheet(second, newcomer)
    assert (anew.status, anew.comment, anew.items) == ("draft", "", [])


def test_a_clerk_does_not_learn_who_reviews_the_own_proposal(
    both_ctx: Flask, both_cast: Cast
) -> None:
    call = open_call(both_cast)
    clerk = another("clerk", both_cast.post_root, "office")
    mine = accepted_proposal(
        both_cast, call, title="【演示】本人", people=[{"person_id": clerk, "duty": "协同"}]
    )
    other = accepted_proposal(both_cast, call, title="【演示】他人")
    close(call)
    assign(call, both_cast, [mine, other], [both_cast.reviewer])
    people_service.disable(person(both_cast.reviewer))
    db.session.commit()
    assert left(both_cast, clerk) == {"reviewer": 1}
    assert left(both_cast) == {"reviewer": 2}
    withdraw(both_cast, clerk)
    statuses = {s.proposal_id: s.status for s in db.session.scalars(select(ScoreSheet))}
    assert statuses == {mine.id: "draft", other.id: "cancelled"}


def test_sheets_of_an_ended_round_are_left_alone(both_ctx: Flask, both_cast: Cast) -> None:
    call, _ = typed_round(both_cast)

    call.review_closed_at = clock.now()
    act_as(both_cast.office)
    people_service.disable(person(both_cast.reviewer))
    db.session.commit()
    assert left(both_cast) == {}
    with pytest.raises(Rejected, match="没有未完成的评审"):
        withdraw(both_cast)
