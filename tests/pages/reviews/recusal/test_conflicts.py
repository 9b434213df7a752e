"""Somebody of the office or the leading group who applied keeps out of the judging of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lab import audit, clock
from lab.decisions.pages import service as decisions
from lab.extensions import db
from lab.identity.models.account import RoleGrant
from lab.inbox.letters import service as letters
from lab.inbox.rules.letter_wording import LetterText
from lab.portfolio.models.project import Project
from lab.proposals.export.queries import export_rows
from lab.reports.models import Report
from lab.reviews.models import Recusal
from lab.web.links import About
from tests.support.builders.reviews import (
    Browser,
    approved_decision,
    ended_round,
    open_round,
    published_decision,
    score,
    sheet_of,
    submitted_decision,
)
from tests.support.cast import Cast, actor, person
from tests.support.client import text_of


@pytest.fixture
def client(ctx: Flask) -> Browser:
    return Browser(ctx)


def also(who: int, role: str) -> None:
    """Give one more role, as the administrator would."""
    account = person(who)
    account.grants.append(RoleGrant(role=role))
    audit.record("people.grant", account)
    db.session.commit()


def test_the_round_shows_the_own_proposal_without_any_figure(client: Browser, cast: Cast) -> None:
    call, (first, second) = open_round(cast)
    also(cast.member, "office")
    second.people.clear()
    db.session.execute(
        db.text("UPDATE proposal SET partner_id = NULL, leader_id = owner_id WHERE id = :i"),
        {"i": second.id},
    )
    audit.record("proposal.save", second)
    db.session.commit()
    office, own = client.as_(cast.office), client.as_(cast.member)
    page = text_of(own.get(f"/rounds/{call.key}"))
    assert "需要回避" in page and "排名和立项建议不对您显示" in page
    assert "评委甲 银行 · 邮储丰台支行 1份 0份 1份" in page
    before = own.get(f"/rounds/{call.key}").text, own.get("/rounds").text
    score(first, cast.reviewer)
    after = own.get(f"/rounds/{call.key}").text, own.get("/rounds").text
    assert [text.count("1份") for text in before] == [text.count("1份") for text in after]
    assert "评委甲 银行 · 邮储丰台支行 2份 1份 1份" in text_of(office.get(f"/rounds/{call.key}"))
    score(second, cast.reviewer)
    remind = f"/rounds/{call.key}/remind/{person(cast.reviewer2).key}"
    own.post(remind)
    own.post(f"/rounds/{call.key}/close", status=403)
    own.get(f"/rounds/{call.key}/ranking", status=404)
    office.get(f"/rounds/{call.key}/ranking")


def test_owing_only_conflicted_sheets_is_not_reminded(client: Browser, cast: Cast) -> None:
    call, _ = open_round(cast)
    also(cast.member, "office")
    path = f"/rounds/{call.key}/remind/{person(cast.reviewer).key}"
    assert "无需催办" in text_of(client.as_(cast.member).post(path, status=409))
    client.as_(cast.office).post(path)


def test_the_list_is_closed_to_who_is_on_it_until_it_is_public(client: Browser, cast: Cast) -> None:
    decision, _ = submitted_decision(cast)
    also(cast.member, "office")
    also(cast.leader, "leading")
    path = f"/decisions/{decision.key}"
    for who in (cast.member, cast.leader):
        client.as_(who).get(path, status=404)
        assert decision.key not in client.as_(who).get("/decisions").text
        assert path not in client.as_(who).get("/").text
    assert path in client.as_(cast.leading).get("/").text
    client.as_(cast.office).get(path)


def test_once_it_is_public_the_list_is_open_to_everybody_there(client: Browser, cast: Cast) -> None:
    decision, (first, _) = published_decision(cast)
    also(cast.member, "office")
    own = client.as_(cast.member)
    own.get(f"/decisions/{decision.key}")
    own.get(f"/rounds/{decision.call.key}/ranking")
    own.get(f"/rounds/{decision.call.key}/proposals/{first.key}", status=404)
    assert f"/proposals/{first.key}" not in own.get(f"/rounds/{decision.call.key}/ranking").text


def test_applicants_learn_nothing_of_projects_before_release(client: Browser, cast: Cast) -> None:
    decision, (first, _) = approved_decision(cast)
    also(cast.member, "office")
    also(cast.leader, "leading")
    key = db.session.scalars(select(Project.key).where(Project.proposal_id == first.id)).one()
    office = client.as_(cast.office)
    office.post("/reports/new", {"cutoff": f"{clock.today()}"})
    report = db.session.scalars(select(Report)).one()
    for who in (cast.member, cast.leader):
        own = client.as_(who)
        for path in ("/", "/projects/", "/reports/", f"/reports/verify?code={report.data_hash}"):
            page = own.get(path).text
            assert first.title not in page.split("<main", 1)[1] and report.number not in page, path
        own.get(f"/projects/{key}", status=404)
        own.get(f"/reports/{report.key}", status=404)
        refused = own.post("/reports/new", {"cutoff": f"{clock.today()}"}, status=422)
        assert "所选批次有您参与的申报，结果公布后才能生成含该批次的报告。" in text_of(refused)
    assert first.title in client.as_(cast.leading).get("/projects/").text
    client.as_(cast.leading).get(f"/reports/{report.key}")
    decisions.publish(decision)
    db.session.commit()
    for who in (cast.member, cast.leader):
        assert first.title in client.as_(who).get("/projects/").text
        client.as_(who).get(f"/reports/{report.key}")


def test_a_list_to_be_drawn_up_waits_for_others(client: Browser, cast: Cast) -> None:
    call, _ = ended_round(cast)
    also(cast.member, "office")
    start = f"/decisions/start/{call.key}"
    assert start not in client.as_(cast.member).get("/decisions").text
    client.as_(cast.member).post(start, status=403)
    assert start in client.as_(cast.office).get("/decisions").text


def test_letters_on_the_own_proposal_are_not_in_the_own_outbox(client: Browser, cast: Cast) -> None:
    _, (first, _) = open_round(cast)
    also(cast.member, "office")
    text = LetterText("关于评审安排的通知", "请知悉。")
    people = [first.owner_id, first.leader_id]
    letter = letters.draft_letter(
        "check_passed", About.of(first), text, people, cast.office, first.number or ""
    )
    audit.record("letter.edit", letter)
    db.session.commit()
    own = client.as_(cast.member)
    assert letter.key not in own.get("/letters?status=all").text
    assert letter.key not in own.get("/letters/send?all=1").text
    assert letter.key not in own.get(f"/proposals/{first.key}").text
    for path in ("", "/preview", "/edit", "/void"):
        own.get(f"/letters/{letter.key}{path}", status=404)
    own.post("/letters/send", {"letter": f"{letter.key}.{letter.version}"}, status=409)
    assert letter.status == "draft"
    client.as_(cast.office).get(f"/letters/{letter.key}")


def test_a_recorded_recusal_keeps_out_like_taking_part(client: Browser, cast: Cast) -> None:
    call, (first, _) = open_round(cast)
    sheet, clerk = sheet_of(first, cast.reviewer), person(cast.office2)
    db.session.add(
        Recusal(
            proposal_id=first.id,
            reviewer_id=clerk.id,
            code="interest",
            reason="曾共事。",
            declared_by_id=clerk.id,
            declared_at=clock.now(),
        )
    )
    audit.record("review.recuse", sheet)
    db.session.commit()
    own = client.as_(cast.office2)
    own.get(f"/rounds/{call.key}/ranking", status=404)
    own.get(f"/rounds/{call.key}/proposals/{first.key}", status=404)
    assert "需要回避" in text_of(own.get(f"/rounds/{call.key}"))


def test_the_partner_in_the_office_takes_no_private_part_away(client: Browser, cast: Cast) -> None:
    _, (first, _) = open_round(cast)
    also(cast.partner, "office")
    first.leader_phone = "010-12345678"
    audit.record("proposal.save", first)
    db.session.commit()
    taken = {
        who: str(list(export_rows(actor(who), {}, ["leader_phone", "owner_id"], drafts=False)))
        for who in (cast.partner, cast.office)
    }
    assert "010-" not in taken[cast.partner] and "申报甲" not in taken[cast.partner]
    assert "010-" in taken[cast.office]
    page = text_of(client.as_(cast.partner).get(f"/proposals/{first.key}"))
    assert "负责人电话" not in page
    client.as_(cast.partner).get(f"/proposals/{first.key}/versions/1/paper", status=403)
