"""A joint proposal that came by mail: its partner unit is asked, and marked until it confirms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import ColumnElement, delete, select, update

from lab import clock
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.identity.models.account import Person
from lab.inbox.models.notices import Notice
from lab.proposals.bulk_import import earlier_imports
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.bulk_import.workbook.check import NO_PARTNER_PEOPLE
from lab.proposals.bulk_import.workbook.results import row_results
from lab.proposals.core.visibility import contents
from lab.proposals.core.visibility.relations import has_relation, relations
from lab.proposals.joint import queries as joint_queries
from lab.proposals.joint import service as joint_service
from lab.proposals.models.imports import ProposalImport
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.pages.queries import list_proposals
from lab.proposals.rules.joint.confirmation import UNCONFIRMED
from lab.proposals.screening import service as screening_service
from lab.proposals.screening.queue.queries import check_queue
from lab.proposals.submission import service as submission_service
from lab.proposals.todos import TODOS
from lab.proposals.withdrawal import service as withdrawal_service
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.reports.content.proposal_copy import to_plain
from lab.reports.proposal_documents.builder import build_proposal
from lab.reports.proposal_documents.review_copy import build_review_copy
from lab.reports.rendering.pdf import render_html
from lab.workflow import TransitionRejected
from tests.support.builders import calls, proposals
from tests.support.builders.workbooks import checked, good_row
from tests.support.cast import Cast, actor

pytestmark = pytest.mark.usefixtures("workbooks_here")

BUILDERS: Any = (build_proposal, build_review_copy)
NOW = datetime(2022, 7, 10, 2, tzinfo=UTC)


def imported(cast: Cast, *rows: dict[str, str]) -> list[Proposal]:
    """What an import of these rows makes, on the tenth of July."""
    with clock.freeze(datetime(2022, 7, 1, 2, tzinfo=UTC)):
        call = calls.open_call(cast)
    with clock.freeze(NOW):
        sheet = checked(call, cast, *rows)
        assert bulk_import_service.confirm_import(sheet, cast.office) == len(rows)
        db.session.commit()
    return list(db.session.scalars(select(Proposal).order_by(Proposal.number)))


def notices_of(person_id: int) -> list[str]:
    """Without that of the call, which everybody has."""
    rows = select(Notice.text).where(Notice.person_id == person_id).order_by(Notice.id)
    return [text for text in db.session.scalars(rows) if not text.startswith("征集批次")]


def forget_requests() -> None:
    """As if an earlier release had imported what there is: it asked no partner."""
    db.session.rollback()
    with db.engine.begin() as raw:
        raw.execute(delete(JointConfirmation))
    db.session.expire_all()


def printed(proposal: Proposal) -> list[str]:
    """The pages of the newest version's two documents, as HTML."""
    version = db.session.scalars(select(ProposalVersion).filter_by(proposal_id=proposal.id)).one()
    people = {"submitted_by": "申报甲", "made_by": "办公甲", "verify_url": "http://localhost/v"}
    built = [build(proposal, version, made_at=NOW, **people) for build in BUILDERS]
    return [render_html(to_plain(document)) for document in built]


def joint_todos(person_id: int) -> list[str]:
    source = next(source for source in TODOS if source.order == 210)
    with current_app.test_request_context():
        return [todo.task for todo in source.find(actor(person_id))]


def test_the_named_person_is_asked_like_any_other(both_ctx: Flask, both_cast: Cast) -> None:
    row = good_row(1, partner_id="partner")
    [proposal] = imported(both_cast, row)
    [request] = proposal.confirmations
    assert (request.status, request.person_id) == ("asked", both_cast.partner)
    assert (request.asked_by_id, request.asked_at) == (both_cast.office, NOW)
    assert notices_of(both_cast.partner) == [
        "请确认联合申报的申报书SB-2022-01-001《批量申报1【演示】》。"
    ]
    assert joint_todos(both_cast.partner) == ["确认联合申报"]
    assert relations(actor(both_cast.partner), proposal) == {"partner"}
    state = joint_queries.joint_state(proposal)
    assert state is not None and state.submitted and state.is_asked and state.person == "联合甲"


def test_a_unit_without_a_named_person_is_asked_as_a_whole(
    both_ctx: Flask, both_cast: Cast
) -> None:
    cast, rows = both_cast, (good_row(1), good_row(2))
    first, _second = imported(cast, *rows)
    unit = {*db.session.scalars(select(Person.id).where(Person.unit_id == cast.bank_branch))}
    assert cast.partner in unit
    for who in unit:
        [text] = notices_of(who)
        assert text.startswith("有2件联合申报的申报书请确认，自SB-2022-01-001起")
        assert "partner" in relations(actor(who), first)
        held = select(Proposal.id).where(has_relation(actor(who), "partner"))
        assert first.id in db.session.scalars(held).all()
        assert joint_todos(who) == ["确认联合申报"] * 2
    with pytest.raises(Rejected, match="没有等待您确认的提请"):
        joint_service.confirm_joint(first, cast.stranger, first.version, "同意。")
    joint_service.confirm_joint(first, cast.partner, first.version, "同意联合申报。")
    db.session.commit()
    [request] = first.confirmations
    assert (request.status, request.person_id, first.partner_id) == (
        *("confirmed", cast.partner),
        cast.partner,
    )
    for who in unit - {cast.partner}:
        assert "partner" not in relations(actor(who), first) and len(joint_todos(who)) == 1
    shown = contents.submitted_content(first).content.partner
    assert shown is not None and shown.opinion == "同意联合申报。"
    version = db.session.scalars(select(ProposalVersion).filter_by(proposal_id=first.id)).one()
    copy = build_review_copy(first, version, made_at=NOW)
    assert "（邮储东城支行，联合甲确认）" in str(copy.parts[-1])
    assert "联合单位已确认申报书SB-2022-01-001《批量申报1【演示】》。" in notices_of(cast.applicant)


def test_it_is_marked_and_does_not_pass_until_confirmed(both_ctx: Flask, both_cast: Cast) -> None:
    cast = both_cast
    joint, alone = imported(cast, good_row(1), good_row(2, joint_unit_id="", people=""))

    def marks() -> list[list[str]]:
        clerk, waiting = actor(cast.office), {"status": "submitted"}
        lists = (check_queue(clerk, waiting), list_proposals(clerk, {}))
        return [[row.mark for row in page.items if row.key == joint.key] for page in lists]

    assert marks() == [[UNCONFIRMED], [UNCONFIRMED]]
    with pytest.raises(Rejected, match="联合单位尚未确认，不能办理合格") as refused:
        proposals.check(joint, cast, "passed")
    assert refused.value.field == "outcome"
    db.session.rollback()
    with pytest.raises(Rejected, match="联合单位尚未确认") as refused:
        screening_service.record_check(
            joint, None, checker_id=cast.office, marks=proposals.ALL_OK, outcome="passed"
        )
    assert [each.field for each in refused.value.others] == [f"avoid_{joint.avoided[0].id}"]
    db.session.rollback()
    joint_service.confirm_joint(joint, cast.partner, joint.version, "同意。")
    db.session.commit()
    assert marks() == [[""], [""]]
    for proposal in (joint, alone):
        proposals.check(proposal, cast, "passed")
        assert proposal.status == "accepted"


def test_a_wish_for_changes_reaches_the_office_that_returns_it(
    both_ctx: Flask, both_cast: Cast
) -> None:
    cast = both_cast
    [proposal] = imported(cast, good_row())
    joint_service.send_back(proposal, cast.partner, "预算偏高。")
    db.session.commit()
    text = "联合单位要求修改申报书SB-2022-01-001《批量申报1【演示】》，没有确认。理由：预算偏高。"
    assert text in notices_of(cast.office) and text in notices_of(cast.applicant)
    state = joint_queries.joint_state(proposal)
    assert state is not None and "由实施办公室在形式审查时退回补正" in state.message
    with pytest.raises(Rejected, match="联合单位尚未确认"):
        proposals.check(proposal, cast, "passed")
    db.session.rollback()
    with clock.freeze(NOW + timedelta(days=1)):
        proposals.check(proposal, cast, "returned")
        drafts.save_draft(drafts.SaveDraft(proposal, None, {"mode": "改过的模式。"}))
        db.session.commit()
        with pytest.raises(Rejected, match="还有1处需要补充"):
            submission_service.submit(proposal, cast.applicant, pledged=True)
        db.session.rollback()
        proposals.confirm(proposal)
        submission_service.submit(proposal, cast.applicant, pledged=True)
        db.session.commit()
        proposals.check(proposal, cast, "passed")
    assert proposal.status == "accepted"


def test_the_silent_unit_is_reminded_and_asked_anew(both_ctx: Flask, both_cast: Cast) -> None:
    cast = both_cast
    [proposal] = imported(cast, good_row())
    with clock.freeze(NOW + timedelta(days=3)):
        joint_service.remind_partner(proposal)
        db.session.commit()
        assert any("已提请贵单位确认3天" in text for text in notices_of(cast.partner))
        with pytest.raises(Rejected, match="每天最多催办一次"):
            joint_service.remind_partner(proposal)
        db.session.rollback()
    # What was imported by an earlier release has no request: the office asks.
    forget_requests()
    joint_service.request_confirmation(proposal, cast.office)
    db.session.commit()
    assert [row.status for row in proposal.confirmations] == ["asked"]
    actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions[-1] == "proposal.ask" and "proposal.remind_partner" in actions


def disable(which: ColumnElement[bool]) -> None:
    db.session.rollback()
    with db.engine.begin() as raw:
        raw.execute(update(Person).where(which).values(disabled_at=NOW))
    db.session.expire_all()


def test_whoever_left_the_unit_is_replaced_by_the_whole_unit(
    both_ctx: Flask, both_cast: Cast
) -> None:
    cast = both_cast
    [proposal] = imported(cast, good_row(1, partner_id="partner"))
    joint_service.send_back(proposal, cast.partner, "预算偏高。")
    db.session.commit()
    disable(Person.id == cast.partner)
    with clock.freeze(NOW + timedelta(days=1)):
        joint_service.request_confirmation(proposal, cast.office)
        db.session.commit()
        unit = select(Person.id).where(
            Person.unit_id == cast.bank_branch, Person.disabled_at.is_(None)
        )
        other = db.session.scalars(unit).first()
        assert other is not None and joint_todos(other) == ["确认联合申报"]
        joint_service.confirm_joint(proposal, other, proposal.version, "同意。")
        db.session.commit()
    assert proposal.confirmations[-1].status == "confirmed"
    assert (contents.submitted_content(proposal).content.partner or "") != ""


def test_nobody_reminds_a_person_who_has_left(both_ctx: Flask, both_cast: Cast) -> None:
    [proposal] = imported(both_cast, good_row(1, partner_id="partner"))
    disable(Person.id == both_cast.partner)
    with clock.freeze(NOW + timedelta(days=1)):
        with pytest.raises(Rejected, match="在“离岗交接”中交给该单位其他人员确认"):
            joint_service.remind_partner(proposal)
        db.session.rollback()


def test_a_unit_in_which_nobody_could_answer_is_named(both_ctx: Flask, both_cast: Cast) -> None:
    cast = both_cast
    disable(Person.unit_id == cast.bank_branch)
    [proposal] = imported(cast, good_row(1, people=""))
    sheet = db.session.scalars(select(ProposalImport)).one()
    [row] = row_results(sheet)
    assert [found.message for found in row.findings] == [NO_PARTNER_PEOPLE]
    with clock.freeze(NOW + timedelta(days=1)):
        with pytest.raises(Rejected, match="没有可以催办的人"):
            joint_service.remind_partner(proposal)
        db.session.rollback()


def test_partners_of_earlier_imports_are_asked_once(both_ctx: Flask, both_cast: Cast) -> None:
    cast = both_cast
    rows = good_row(1), good_row(2), good_row(3, partner_id="partner"), good_row(4)
    *waiting, returned = imported(cast, *rows)
    with clock.freeze(NOW + timedelta(days=1)):
        proposals.check(returned, cast, "returned")
    forget_requests()
    before = len(notices_of(cast.partner))
    for _ in range(2):
        earlier_imports.ask_partners()
        db.session.expire_all()
    for proposal in waiting:
        [request] = proposal.confirmations
        assert (request.status, request.asked_by_id) == ("asked", cast.office)
        assert request.person_id == proposal.partner_id
    assert returned.confirmations == []
    [told] = notices_of(cast.partner)[before:]
    assert told.startswith("有3件联合申报的申报书请确认，自SB-2022-01-001起")
    asked = select(AuditEvent.detail).where(AuditEvent.action == "proposal.ask")
    assert [line.parsed()["by"] for line in db.session.scalars(asked)] == ["clock"] * 3


def test_documents_say_that_the_partner_has_not_confirmed(both_ctx: Flask, both_cast: Cast) -> None:
    joint, alone = imported(both_cast, good_row(1), good_row(2, joint_unit_id="", people=""))
    awaited = "联合单位尚未确认（截至2022年7月10日10时00分）。"
    assert [awaited in text for text in printed(joint)] == [True, True]
    assert [UNCONFIRMED in text for text in printed(alone)] == [False, False]
    joint_service.confirm_joint(joint, both_cast.partner, joint.version, "同意联合申报。")
    db.session.commit()
    for text in printed(joint):
        assert UNCONFIRMED not in text and "同意联合申报。" in text


def test_nobody_is_waited_for_once_it_is_withdrawn(both_ctx: Flask, both_cast: Cast) -> None:
    cast = both_cast
    [proposal] = imported(cast, good_row())
    with clock.freeze(NOW + timedelta(days=1)):
        withdrawal_service.withdraw_own(proposal, cast.applicant)
        db.session.commit()
    assert [row.status for row in proposal.confirmations] == ["dropped"]
    assert any("已撤回" in text for text in notices_of(cast.partner))
    assert joint_todos(cast.partner) == []
    with pytest.raises(TransitionRejected):
        joint_service.request_confirmation(proposal, cast.office)


def test_the_row_names_nobody_who_may_not_confirm(both_ctx: Flask, both_cast: Cast) -> None:
    with clock.freeze(datetime(2022, 7, 1, 2, tzinfo=UTC)):
        call = calls.open_call(both_cast)
    with clock.freeze(NOW):
        rows = [
            good_row(1, partner_id="stranger"),
            good_row(2, partner_id="partner", owner_id="partner"),
        ]
        sheet = checked(call, both_cast, *rows)
    said = ["".join(found.message for found in row.findings) for row in row_results(sheet)]
    assert "确认人应是联合申报单位的人员" in said[0] and "确认人不能是填报人" in said[1]


def test_a_submitted_one_with_its_confirmation_asks_nobody(ctx: Flask, cast: Cast) -> None:
    proposal = proposals.submitted_proposal(cast, calls.open_call(cast))
    assert joint_queries.joint_state(proposal) is None
    with pytest.raises(TransitionRejected):
        joint_service.request_confirmation(proposal, cast.applicant)
    screening_service.record_check(
        proposal, None, checker_id=cast.office, marks=proposals.ALL_OK, outcome="passed"
    )
