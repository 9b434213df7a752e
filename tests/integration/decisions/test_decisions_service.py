"""Decisions: what the services do, on both databases."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from lab import clock
from lab.audit.models import AuditEvent
from lab.db import EditConflict
from lab.decisions.models import Decision
from lab.decisions.pages import service as pages_service
from lab.decisions.pages.service import Marking
from lab.decisions.signals import decision_approved, decision_published
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.portfolio.models.project import Project
from lab.rejected import Rejected
from lab.workflow import TransitionRejected
from tests.support.builders.reviews import (
    approved_decision,
    ended_round,
    scored_round,
    started_decision,
    submitted_decision,
)
from tests.support.cast import Cast, actor, person
from tests.support.client import PageClient


def marks_of(decision: Decision) -> list[str | None]:
    return [item.mark for item in decision.items]


def kept(decision: Decision, **changes: Marking) -> dict[str, Marking]:
    """The stored marks, with those of some places (p1, p2 …) changed."""
    found = {i.proposal.key: Marking(i.mark, i.reason) for i in decision.items}
    for name, marking in changes.items():
        found[decision.items[int(name[1:]) - 1].proposal.key] = marking
    return found


def lines(action: str) -> int:
    query = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)
    return db.session.scalar(query) or 0


def test_a_decision_starts_from_the_ranking(both_ctx: Flask, both_cast: Cast) -> None:
    decision, _ = started_decision(both_cast, (95, 90, 80, 80, 70), places=3)
    assert marks_of(decision) == ["proposed", "proposed", None, None, "rejected"]
    assert lines("decision.start") == 1
    with pytest.raises(Rejected, match="已经拟定"):
        pages_service.start(decision.call)


def test_no_decision_starts_before_review_has_ended(both_ctx: Flask, both_cast: Cast) -> None:
    call, _ = scored_round(both_cast)
    with pytest.raises(Rejected, match="评审尚未结束"):
        pages_service.start(call)


def test_missing_and_unexplained_marks_are_named(both_ctx: Flask, both_cast: Cast) -> None:
    decision, _ = started_decision(both_cast, (95, 80, 80, 70), places=2)
    wanted = kept(decision, p1=Marking("reserve"), p2=Marking("proposed"))
    missing = pages_service.submit(decision, decision.version, wanted, "", person(both_cast.office))
    db.session.commit()
    where = [i.proposal.key for i in decision.items]
    assert [(item.key, item.part) for item in missing] == [
        (where[2], "mark"),
        (where[0], "reason"),
        (where[1], "reason"),
    ]
    assert decision.status == "draft"
    assert marks_of(decision)[:2] == ["reserve", "proposed"]
    assert (lines("decision.edit"), lines("decision.submit")) == (1, 0)


def test_more_projects_than_places_need_an_explanation(both_ctx: Flask, both_cast: Cast) -> None:
    decision, _ = started_decision(both_cast, (95, 90), places=1)
    wanted = kept(decision, p2=Marking("proposed", "银行侧重点任务。"))
    office = person(both_cast.office)
    missing = pages_service.submit(decision, decision.version, wanted, "", office)
    assert [(item.key, item.part) for item in missing] == [(None, "reason")]
    assert (
        pages_service.submit(decision, decision.version, wanted, "领导小组同意增加。", office) == []
    )
    assert decision.status == "submitted"


def test_a_stale_list_is_an_edit_conflict(both_ctx: Flask, both_cast: Cast) -> None:
    decision, _ = started_decision(both_cast)
    old = decision.version
    pages_service.save(decision, old, kept(decision), "第一版")
    db.session.commit()
    with pytest.raises(EditConflict):
        pages_service.save(decision, old, kept(decision), "第二版")


def test_sending_back_needs_a_note_and_the_list_comes_again(
    both_ctx: Flask, both_cast: Cast
) -> None:
    decision, _ = submitted_decision(both_cast)
    with pytest.raises(Rejected, match="须写明意见"):
        pages_service.send_back(decision, person(both_cast.leading), "  ")
    pages_service.send_back(decision, person(both_cast.leading), "请补充银行侧项目。")
    db.session.commit()
    assert (decision.status, decision.note) == ("sent_back", "请补充银行侧项目。")
    office = person(both_cast.office)
    assert pages_service.submit(decision, decision.version, kept(decision), "", office) == []
    pages_service.approve(decision, person(both_cast.leading))
    db.session.commit()
    assert (decision.status, decision.note) == ("approved", None)


def test_approval_signal_shares_the_transaction(both_ctx: Flask, both_cast: Cast) -> None:
    decision, _ = submitted_decision(both_cast)
    heard = []

    def listen(_sender: object, decision: Decision) -> None:
        heard.append(decision.status)
        raise Rejected("项目编号已用完。")

    with decision_approved.connected_to(listen), pytest.raises(Rejected):
        pages_service.approve(decision, person(both_cast.leading))
    db.session.rollback()
    assert heard == ["approved"]
    assert decision.status == "submitted"
    assert lines("decision.approve") == 0


def test_publication_sets_results_and_the_notice_period(both_ctx: Flask, both_cast: Cast) -> None:
    decision, (first, second, third) = started_decision(both_cast, (95, 90, 70), places=1)
    wanted = kept(decision, p2=Marking("reserve"))
    assert not pages_service.submit(
        decision, decision.version, wanted, "", person(both_cast.office)
    )
    pages_service.approve(decision, person(both_cast.leading), "同意。")
    db.session.commit()
    heard = []
    friday = datetime(2027, 4, 9, 10, 0, tzinfo=clock.BEIJING)
    with (
        clock.freeze(friday),
        decision_published.connected_to(lambda _s, decision: heard.append(decision.key)),
    ):
        pages_service.publish(decision)
        db.session.commit()
    assert [p.status for p in (first, second, third)] == ["approved", "reserved", "declined"]
    assert (decision.status, decision.call.status) == ("published", "announced")
    assert (decision.notice_starts_on, decision.notice_ends_on) == (
        date(2027, 4, 9),
        date(2027, 4, 16),
    )
    assert heard == [decision.key]
    for who in (both_cast.applicant, both_cast.leader, both_cast.member):
        texts = db.session.scalars(select(Notice.text).where(Notice.person_id == who)).all()
        assert sum("评审结果已公布" in text for text in texts) == 3
    with pytest.raises(TransitionRejected):
        pages_service.publish(decision)


def test_only_an_approved_list_is_published(both_ctx: Flask, both_cast: Cast) -> None:
    decision, _ = submitted_decision(both_cast)
    with pytest.raises(TransitionRejected):
        pages_service.publish(decision)


def _at_once(app: Flask, browsers: list[PageClient], path: str, token: list[str]) -> Counter[int]:
    def post(place: int) -> int:
        response = browsers[place].http.post(
            path, data={"csrf_token": token[place]}, headers={"Origin": "http://localhost"}
        )
        return response.status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        return Counter(pool.map(post, range(len(browsers))))


def test_fifty_simultaneous_approvals_approve_once(
    both_app: Flask, both_cast: Cast, both_client: PageClient
) -> None:
    with both_app.app_context():
        decision, _ = submitted_decision(both_cast)
        path = f"/decisions/{decision.key}/approve"
    people = (both_cast.leading, both_cast.leading2)
    browsers = [both_client.as_(people[n % 2]) for n in range(50)]
    answers = _at_once(both_app, browsers, path, [b.token() for b in browsers])
    assert answers[303] == 1, answers
    assert answers[303] + answers[409] == 50, answers
    with both_app.app_context():
        assert lines("decision.approve") == 1
        assert db.session.scalar(select(func.count()).select_from(Project)) == 2


def test_an_ended_round_waits_for_its_decision(both_ctx: Flask, both_cast: Cast) -> None:
    from lab.decisions.pages.queries import list_decisions, undecided_calls

    call, _ = ended_round(both_cast)
    assert [row.call_key for row in undecided_calls(actor(both_cast.office))] == [call.key]
    pages_service.start(call)
    db.session.commit()
    assert undecided_calls(actor(both_cast.office)) == []
    (row,) = list_decisions(("draft",), actor(both_cast.office))
    assert (row.proposed, row.reserve, row.rejected) == (2, 0, 0)


def test_an_approved_decision_cannot_be_changed(both_ctx: Flask, both_cast: Cast) -> None:
    decision, _ = approved_decision(both_cast)
    with pytest.raises(TransitionRejected):
        pages_service.submit(
            decision, decision.version, kept(decision), "", person(both_cast.office)
        )
