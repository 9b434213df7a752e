"""A joint application: asked, confirmed to the letter, confirmed again after changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from lab import policy
from lab.canonical import fingerprint
from lab.db import EditConflict
from lab.extensions import db
from lab.feature import Todo
from lab.home.queries import todos
from lab.inbox.core.notices import about_of
from lab.inbox.models.notices import Notice
from lab.policy import Actor
from lab.proposals.core.content import content
from lab.proposals.core.content import reader as content_reader
from lab.proposals.core.readiness import submission_blockers
from lab.proposals.core.visibility.contents import VIEW, resource_of
from lab.proposals.joint import queries as joint_queries
from lab.proposals.joint import service as joint_service
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages import queries as pages_queries
from lab.proposals.rules.joint import confirmation
from lab.proposals.screening.service import record_check
from lab.proposals.submission import service as proposals
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected
from lab.reviews.recusal.queries import reasons_for
from lab.reviews.rules.recusal import TAKES_PART
from lab.web.links import path_to
from lab.workflow import TransitionRejected
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import (
    ALL_OK,
    check,
    confirm,
    returned_proposal,
    submitted_proposal,
    unconfirmed_draft,
)
from tests.support.cast import Cast
from tests.support.client import PageClient


def confirmation_status(proposal: Proposal) -> str:
    return content.confirmation_status(content.load_content(proposal))


def waiting(app: Flask, person: Actor) -> list[Todo]:
    """The person's to-do items, as the start page asks for them."""
    db.session.rollback()  # a GET reads in a transaction of its own
    with app.test_request_context():
        found = todos(person)
        db.session.rollback()
    return found


def asked(cast: Cast, **changes: Any) -> Proposal:
    """A complete draft that waits for the partner unit's answer."""
    proposal = unconfirmed_draft(cast, open_call(cast), **changes)
    joint_service.request_confirmation(proposal, cast.applicant)
    db.session.commit()
    return proposal


def confirmed(cast: Cast, **changes: Any) -> Proposal:
    proposal = asked(cast, **changes)
    joint_service.confirm_joint(proposal, cast.partner, proposal.version, "同意联合申报。")
    db.session.commit()
    return proposal


def test_a_joint_proposal_is_submitted_only_with_a_confirmation(
    both_ctx: Flask, both_cast: Cast
) -> None:
    proposal = unconfirmed_draft(both_cast, open_call(both_cast))
    (item,) = submission_blockers(proposal)
    assert (item.page, item.message) == ("joint", "联合单位意见：尚未提请联合单位确认。")
    with pytest.raises(Rejected, match="还有1处"):
        proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.rollback()
    confirm(proposal, "同意，由个人金融部承担。")
    assert submission_blockers(proposal) == ()
    proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.commit()
    told = content.current_content(proposal).partner
    assert told == content_reader.PartnerOpinion(
        "联合甲", "邮储东城支行", "同意，由个人金融部承担。"
    )


def test_a_lone_unit_needs_no_confirmation(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = unconfirmed_draft(both_cast, open_call(both_cast), joint_unit_id=None)
    assert (proposal.partner_id, confirmation_status(proposal)) == (None, confirmation.ALONE)
    assert proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.rollback()
    with pytest.raises(Rejected, match="没有联合申报单位"):
        joint_service.request_confirmation(proposal, both_cast.applicant)


def test_the_partner_sees_the_draft_only_once_asked(both_ctx: Flask, both_cast: Cast) -> None:
    partner = Actor(both_cast.partner, frozenset({"applicant"}))

    def sees(proposal: Proposal) -> bool:
        listed = pages_queries.list_proposals(partner, {}).items
        page = policy.allowed(VIEW, partner, resource_of(partner, proposal))
        assert page == bool(listed)
        return page

    proposal = unconfirmed_draft(both_cast, open_call(both_cast))
    assert not sees(proposal) and waiting(both_ctx, partner) == []
    joint_service.request_confirmation(proposal, both_cast.applicant)
    db.session.commit()
    assert sees(proposal)
    (todo,) = waiting(both_ctx, partner)
    assert (todo.task, todo.url) == ("确认联合申报", f"/proposals/{proposal.key}/joint")
    mine = select(Notice).where(Notice.person_id == both_cast.partner).order_by(Notice.id.desc())
    told = db.session.scalars(mine).first()
    assert told and "请确认联合申报" in told.text and path_to(about_of(told)) == todo.url
    for act in ("proposal.edit", "proposal.submit", "proposal.ask", "paper.view"):
        assert not policy.allowed(act, partner, resource_of(partner, proposal)), act
    joint_service.confirm_joint(proposal, both_cast.partner, proposal.version, "同意。")
    db.session.commit()
    assert waiting(both_ctx, partner) == []
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"partner_id": both_cast.member}))
    db.session.commit()
    assert not sees(proposal)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("background", "园区缴费以刷卡为主。"),
        ("unit_opinion", "同意申报，另报。"),
        ("budget", [{"item": "宣传物料", "amount_fen": 8_000_001, "note": "邮政营销费用"}]),
        ("people", []),
    ],
)
def test_undoing_a_change_restores_the_confirmation(
    both_ctx: Flask, both_cast: Cast, name: str, value: Any
) -> None:
    proposal = confirmed(both_cast)
    assert confirmation_status(proposal) == confirmation.CONFIRMED
    before = drafts_value(proposal, name)
    drafts.save_draft(drafts.SaveDraft(proposal, None, {name: value}))
    db.session.commit()
    assert confirmation_status(proposal) == confirmation.LAPSED
    assert content.current_content(proposal).partner is None
    with pytest.raises(Rejected):
        proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.rollback()
    changed = joint_queries.changes_since_answer(proposal)
    assert changed is not None and len(changed) == 1
    drafts.save_draft(drafts.SaveDraft(proposal, None, {name: before}))
    db.session.commit()
    assert confirmation_status(proposal) == confirmation.CONFIRMED


def test_texts_stored_with_old_marks_stay_confirmed(both_ctx: Flask, both_cast: Cast) -> None:
    stored = "园区\xa0缴费\n第二行"
    budget = [{"item": "宣传\u2011物料", "amount_fen": 8_000_000, "note": "邮政营销费用"}]
    proposal = confirmed(both_cast, background=stored, budget=budget)
    shown = {"background": "园区 缴费\n第二行", "budget": [{**budget[0], "item": "宣传-物料"}]}
    drafts.save_draft(drafts.SaveDraft(proposal, None, shown))
    assert proposal.background == stored
    db.session.commit()
    assert confirmation_status(proposal) == confirmation.CONFIRMED
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"background": "园区 缴费"}))
    db.session.commit()
    assert (proposal.background, confirmation_status(proposal)) == (
        "园区 缴费",
        confirmation.LAPSED,
    )


def drafts_value(proposal: Proposal, name: str) -> Any:
    columns = {"budget": ("item", "amount_fen", "note"), "people": ("person_id", "duty")}
    value = getattr(proposal, name)
    if name not in columns:
        return value
    return [{column: getattr(row, column) for column in columns[name]} for row in value]


def test_private_data_does_not_affect_the_confirmation(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = confirmed(both_cast)
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"leader_phone": "010-99999999"}))
    db.session.commit()
    assert confirmation_status(proposal) == confirmation.CONFIRMED


def test_the_stored_answer_is_the_content_and_its_sha_256(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = confirmed(both_cast)
    row = proposal.confirmations[0]
    plain = content.confirmable_content(proposal)
    assert row.fingerprint == fingerprint(plain) and plain["partner"] is None
    proposal.number, proposal.call.title = "SB-2022-01-009", "改过的批次名称"
    assert confirmation_status(proposal) == confirmation.CONFIRMED, (
        "number and call are the office's"
    )
    db.session.rollback()


def test_the_partner_confirms_only_what_was_shown(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = asked(both_cast)
    seen = proposal.version
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"background": "改了一句。"}))
    db.session.commit()
    with pytest.raises(EditConflict):
        joint_service.confirm_joint(proposal, both_cast.partner, seen, "同意。")
    db.session.rollback()
    with pytest.raises(Rejected, match="没有等待您确认"):
        joint_service.confirm_joint(proposal, both_cast.member, proposal.version, "同意。")
    db.session.rollback()
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"background": ""}))
    db.session.commit()
    with pytest.raises(Rejected, match="缺项"):
        joint_service.confirm_joint(proposal, both_cast.partner, proposal.version, "同意。")


def test_a_draft_sent_back_says_why_and_is_asked_again(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = asked(both_cast)
    joint_service.send_back(proposal, both_cast.partner, "预算中银行部分偏高，请调整。")
    db.session.commit()
    assert confirmation_status(proposal) == confirmation.RETURNED
    for person in (both_cast.applicant, both_cast.leader):
        mine = select(Notice.text).where(Notice.person_id == person).order_by(Notice.id)
        told = db.session.scalars(mine).all()
        assert "预算中银行部分偏高" in told[-1]
    joint_service.request_confirmation(proposal, both_cast.leader)
    db.session.commit()
    assert confirmation_status(proposal) == confirmation.ASKED
    with pytest.raises(Rejected, match="请等待联合单位答复"):
        joint_service.request_confirmation(proposal, both_cast.applicant)
    db.session.rollback()
    assert [r.state.code for r in joint_queries.request_rows(proposal)] == ["asked", "returned"]


def test_a_new_partner_person_is_asked_anew(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = asked(both_cast)
    drafts.save_draft(
        drafts.SaveDraft(proposal, None, {"partner_id": both_cast.member, "people": []})
    )
    db.session.commit()
    assert confirmation_status(proposal) == confirmation.NOT_ASKED
    joint_service.request_confirmation(proposal, both_cast.applicant)
    db.session.commit()
    assert [row.status for row in proposal.confirmations] == ["dropped", "asked"]
    with pytest.raises(Rejected):
        joint_service.confirm_joint(proposal, both_cast.partner, proposal.version, "同意。")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"background": ""}, "还有1处需要补充"),
        ({"partner_id": None}, "还有1处需要补充"),
        ({"leader_id": "partner"}, "还有1处需要补充"),
        ({"partner_id": "stranger"}, "已不在该单位"),
    ],
)
def test_no_request_with_missing_items_or_to_outsiders(
    both_ctx: Flask, both_cast: Cast, changes: dict[str, Any], sentence: str
) -> None:
    people = {
        k: getattr(both_cast, v) if k.endswith("_id") and v else v for k, v in changes.items()
    }
    proposal = unconfirmed_draft(both_cast, open_call(both_cast), **people)
    with pytest.raises(Rejected, match=sentence):
        joint_service.request_confirmation(proposal, both_cast.applicant)


def test_the_partner_confirms_changes_after_a_return(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = returned_proposal(both_cast, open_call(both_cast))
    assert confirmation_status(proposal) == confirmation.CONFIRMED, "nothing changed so far"
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"background": "补充了依据。"}))
    db.session.commit()
    with pytest.raises(Rejected, match="还有1处"):
        proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.rollback()
    confirm(proposal)
    proposals.submit(proposal, both_cast.applicant, pledged=True)
    db.session.commit()
    with pytest.raises(TransitionRejected):
        joint_service.request_confirmation(proposal, both_cast.applicant)


def test_the_asked_partner_has_no_part_in_judging(both_ctx: Flask, both_cast: Cast) -> None:
    proposal = submitted_proposal(both_cast, open_call(both_cast))
    codes = [reason.code for reason in reasons_for(proposal.id, both_cast.partner)]
    assert TAKES_PART in codes
    for role, act in (("office", "proposal.check"), ("office", "round.sheets")):
        person = Actor(both_cast.partner, frozenset({role}))
        assert not policy.allowed(act, person, resource_of(person, proposal))
    proposal.leader_id, proposal.people = both_cast.leader, []
    with pytest.raises(Rejected, match="您参与了此项目"):
        record_check(proposal, None, checker_id=both_cast.partner, marks=ALL_OK, outcome="passed")
    db.session.rollback()
    check(proposal, both_cast, "passed")


@pytest.mark.parametrize(
    "change",
    [
        "status = 'confirmed'",
        "status = 'confirmed', answered_at = asked_at, fingerprint = 'a', content = '{}'",
        "status = 'returned', answered_at = asked_at, fingerprint = 'a'",
        "answered_at = asked_at",
        "status = 'unknown'",
    ],
)
def test_the_database_refuses_an_answer_without_its_evidence(
    both_ctx: Flask, both_cast: Cast, change: str
) -> None:
    asked(both_cast)
    with pytest.raises(IntegrityError):
        db.session.execute(text(f"UPDATE joint_confirmation SET {change}"))
    db.session.rollback()


def test_fifty_confirmations_at_once_are_one(
    both_client: PageClient, both_app: Flask, both_cast: Cast
) -> None:
    with both_app.app_context():
        proposal = asked(both_cast)
        key, version = proposal.key, proposal.version
    client = both_client.as_(both_cast.partner)
    clients = [client] + [both_client.as_(both_cast.partner) for _ in range(7)]
    bodies = [
        {"csrf_token": c.token(), "version": version, "opinion": "同意联合申报。"} for c in clients
    ]

    def send(place: int) -> int:
        address = f"/proposals/{key}/joint/confirm"
        sender = place % len(clients)
        http = both_app.test_client()
        cookie = clients[sender].http.get_cookie("lab")
        assert cookie is not None
        http.set_cookie("lab", cookie.value)
        origin = {"Origin": "http://localhost"}
        return http.post(address, data=bodies[sender], headers=origin).status_code

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert sorted(answers) == [303] + [422] * 49
    with both_app.app_context():
        assert db.session.scalars(select(JointConfirmation.status)).all() == ["confirmed"]
        told = select(func.count()).where(
            Notice.person_id == both_cast.applicant, Notice.text.contains("联合单位已确认")
        )
        assert db.session.scalar(told) == 1
