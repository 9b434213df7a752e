"""Pages of decisions: marks, approval, publication."""

from __future__ import annotations

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from lab.audit.models import AuditEvent
from lab.decisions.models import Decision
from lab.decisions.pages import service as pages_service
from lab.extensions import db
from lab.identity.people import service as identity
from lab.identity.rules import passwords
from lab.identity.rules.throttle import PAIR_FREE
from tests.support.builders.reviews import (
    Browser,
    approved_decision,
    ended_round,
    started_decision,
    submitted_decision,
)
from tests.support.cast import PASSWORD, Cast, person
from tests.support.client import text_of


@pytest.fixture
def client(ctx: Flask) -> Browser:
    return Browser(ctx)


def test_the_office_draws_up_the_list_from_the_ranking(client: Browser, cast: Cast) -> None:
    call, _ = ended_round(cast, (90, 80), places=1)
    office = client.as_(cast.office)
    assert "待拟定立项建议" in text_of(office.get("/decisions"))
    office.submit("/decisions")
    decision = db.session.scalars(select(Decision)).one()
    page = text_of(office.get(f"/decisions/{decision.key}/edit"))
    assert "入围" in page and "未入围" in page
    assert call.title in text_of(office.get("/decisions"))
    office.post(f"/decisions/start/{call.key}", status=409)


def test_each_step_of_a_list_waits_on_the_start_page(client: Browser, cast: Cast) -> None:
    office, leading = client.as_(cast.office), client.as_(cast.leading)
    call, _ = ended_round(cast)
    assert "推进评审" in text_of(office.get("/"))
    decision = pages_service.start(call)
    db.session.commit()
    page = text_of(office.get("/"))
    assert "拟定立项名单" in page and "推进评审" not in page
    kept = {i.proposal.key: pages_service.Marking(i.mark, i.reason) for i in decision.items}
    pages_service.submit(decision, decision.version, kept, "", person(cast.office))
    db.session.commit()
    assert "审定立项名单" in text_of(leading.get("/"))
    leading.submit(f"/decisions/{decision.key}", {"note": "同意。"})
    assert "审定立项名单" not in text_of(leading.get("/"))
    assert "公布立项结果" in text_of(office.get("/"))


def test_a_mark_against_the_order_asks_for_its_reason(client: Browser, cast: Cast) -> None:
    decision, (first, second) = started_decision(cast, (90, 80), places=1)
    office, path = client.as_(cast.office), f"/decisions/{decision.key}"
    typed = {
        "version": decision.version,
        "act": "submit",
        f"mark_{first.key}": "reserve",
        f"reason_{first.key}": "",
        f"mark_{second.key}": "proposed",
        f"reason_{second.key}": "银行侧重点任务。",
        "explanation": "已征求双方意见。",
    }
    answer = office.post(f"{path}/submit", typed, status=422)
    text = text_of(answer)
    assert "第1名，已入围，标为备选须说明理由。" in text
    assert "银行侧重点任务。" in answer.text and "尚未提请审定" in text
    db.session.expire_all()
    assert (decision.status, decision.explanation) == ("draft", "已征求双方意见。")
    again = {**typed, "version": decision.version, f"reason_{first.key}": "条件尚不成熟。"}
    office.post(f"{path}/submit", again)
    assert "待审定" in text_of(office.get(path))
    office.get(f"{path}/edit", status=409)


def test_more_projects_than_places_stand_out(client: Browser, cast: Cast) -> None:
    decision, (first, second) = started_decision(cast, (90, 80), places=1)
    office, path = client.as_(cast.office), f"/decisions/{decision.key}"
    assert "stat-yellow" not in office.get(path).text
    marks = {f"mark_{first.key}": "proposed", f"mark_{second.key}": "proposed"}
    office.post(f"{path}/edit", {**marks, "version": decision.version})
    (warned,) = html.fromstring(office.get(path).text).find_class("stat-yellow")
    assert "拟立项2项" in "".join(warned.text_content().split())


def test_two_tabs_of_the_list_meet_on_a_page_with_both_texts(client: Browser, cast: Cast) -> None:
    decision, (first, _) = started_decision(cast)
    office, path, old = (
        client.as_(cast.office),
        f"/decisions/{decision.key}/edit",
        decision.version,
    )
    body = {"version": old, f"mark_{first.key}": "proposed", "explanation": "第一个页面"}
    office.post(path, body)
    changed = {**body, "explanation": "第二个页面", f"mark_{first.key}": "rejected"}
    text = text_of(office.post(path, changed, status=409))
    assert "第一个页面" in text and "第二个页面" in text
    assert "rejected" not in text


def test_the_leading_group_sees_submitted_lists_only(client: Browser, cast: Cast) -> None:
    decision, _ = started_decision(cast)
    leading = client.as_(cast.leading)
    assert "还没有立项建议" in text_of(leading.get("/decisions"))
    leading.get(f"/decisions/{decision.key}", status=404)
    leading.get(f"/rounds/{decision.call.key}/ranking", status=404)
    office = client.as_(cast.office)
    kept = {f"mark_{item.proposal.key}": item.mark for item in decision.items}
    body = {**kept, "version": decision.version, "explanation": "", "act": "submit"}
    office.post(f"/decisions/{decision.key}/submit", body)
    page = text_of(leading.get(f"/decisions/{decision.key}"))
    assert "拟立项" in page and "90.00" in page
    ranking = leading.get(f"/rounds/{decision.call.key}/ranking").text
    for name in ("评委甲", "评委乙", "评委丙"):
        assert name not in page and name not in ranking


def test_the_leading_group_approves_and_the_office_publishes(client: Browser, cast: Cast) -> None:
    decision, (first, _) = submitted_decision(cast)
    path = f"/decisions/{decision.key}"
    leading, office = client.as_(cast.leading), client.as_(cast.office)
    leading.submit(path, {"note": "同意。"})
    assert "同意。" in text_of(leading.get(path))
    leading.post(f"{path}/approve", status=409)
    leading.post(f"{path}/publish", status=403)
    page = text_of(office.get(f"{path}/publish"))
    assert "立项2项" in page and first.title in page
    office.submit(f"{path}/publish", {"password": PASSWORD})
    assert "已公布" in text_of(office.get(path))
    office.post(f"{path}/publish", status=409)


def acts() -> list[tuple[str, str]]:
    """ProjectAction and result of every audit line, oldest first."""
    lines = select(AuditEvent.action, AuditEvent.result).order_by(AuditEvent.seq)
    return [(action, result) for action, result in db.session.execute(lines)]


def test_publishing_requires_the_own_password(
    client: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision, (first, _) = approved_decision(cast)
    path, office = f"/decisions/{decision.key}/publish", client.as_(cast.office)
    text = text_of(office.get(path))
    assert "公布后不能撤回，请再次输入本人登录密码。" in text
    text = text_of(office.submit(path, status=422))
    assert "请填写登录密码。" in text
    before = acts()
    answer = office.submit(path, {"password": "cuo-de-mima"}, status=422)
    text = text_of(answer)
    assert "登录密码不对。" in text and first.title in text
    assert "cuo-de-mima" not in answer.text
    assert acts() == [*before, ("identity.confirm", "failed")]
    db.session.expire_all()
    assert decision.status == "approved"

    open_while_hashing: list[bool] = []
    real = passwords.password_matches

    def noting(stored: str, password: str) -> bool:
        open_while_hashing.append(db.session().in_transaction())
        return real(stored, password)

    monkeypatch.setattr(passwords, "password_matches", noting)
    before = acts()
    office.submit(path, {"password": PASSWORD})
    assert acts() == [*before, ("decision.publish", "ok")]
    assert open_while_hashing == [False]
    db.session.expire_all()
    assert decision.status == "published"


def test_five_wrong_passwords_lock_publishing_and_sign_in_alike(
    client: Browser, cast: Cast
) -> None:
    decision, _ = approved_decision(cast)
    path, office = f"/decisions/{decision.key}/publish", client.as_(cast.office)
    for _ in range(PAIR_FREE):
        office.submit(path, {"password": "cuo-de-mima"}, status=422)
    assert "须等一至十五分钟" in text_of(office.submit(path, {"password": PASSWORD}, status=422))
    client.submit("/sign-in", {"name": "office", "password": PASSWORD}, status=422)
    db.session.expire_all()
    assert decision.status == "approved"


def test_sending_back_needs_a_note_and_reaches_the_office(client: Browser, cast: Cast) -> None:
    decision, _ = submitted_decision(cast)
    path = f"/decisions/{decision.key}"
    leading = client.as_(cast.leading)
    text = text_of(leading.post(f"{path}/send-back", {"note": ""}, status=422))
    assert "退回重议须写明意见" in text
    leading.post(f"{path}/send-back", {"note": "请补充银行侧项目。"})
    leading.get(path, status=404)
    assert "请补充银行侧项目。" in text_of(client.as_(cast.office).get(f"{path}/edit"))


def test_a_refusal_stays_on_the_page_after_the_approval(client: Browser, cast: Cast) -> None:
    decision, _ = submitted_decision(cast)
    path = f"/decisions/{decision.key}"
    client.as_(cast.leading).post(f"{path}/send-back", {"note": "请补充银行侧项目。"})
    db.session.expire_all()
    assert pages_service.submit(decision, decision.version, {}, "", person(cast.office)) == []
    db.session.commit()
    client.as_(cast.leading).post(f"{path}/approve", {"note": "同意。"})
    for person_id in (cast.leading, cast.office):
        page = text_of(client.as_(person_id).get(path))
        assert "退回重议" in page and "请补充银行侧项目。" in page and "审定同意" in page


def test_nobody_decides_on_a_list_they_had_part_in(client: Browser, cast: Cast) -> None:
    decision, _ = submitted_decision(cast)
    for who in (cast.office, cast.reviewer, cast.member):
        account = person(who)
        identity.set_roles(account, account.version, [*account.roles, "leading"])
    db.session.commit()
    path = f"/decisions/{decision.key}"
    for who in (cast.office, cast.reviewer, cast.member):
        browser = client.as_(who)
        conflicted = who == cast.member  # of one's own list there is nothing to see either
        page = browser.get(path, status=404 if conflicted else 200)
        assert "退回重议" not in text_of(page)
        browser.post(f"{path}/approve", status=404 if conflicted else 403)
        browser.post(f"{path}/send-back", {"note": "理由"}, status=404 if conflicted else 403)
    db.session.expire_all()
    assert decision.status == "submitted"


def test_applicants_reviewers_and_strangers_see_no_decision(client: Browser, cast: Cast) -> None:
    decision, _ = approved_decision(cast)
    for who in (cast.applicant, cast.reviewer, cast.stranger, cast.audit):
        browser = client.as_(who)
        browser.get("/decisions", status=403)
        browser.get(f"/decisions/{decision.key}", status=404)


def test_the_applicant_reads_the_result_only_after_publication(client: Browser, cast: Cast) -> None:
    decision, (first, _) = approved_decision(cast)
    applicant = client.as_(cast.applicant)
    applicant.get(f"/proposals/{first.key}/result", status=409)
    client.as_(cast.office).submit(f"/decisions/{decision.key}/publish", {"password": PASSWORD})
    text = text_of(applicant.get(f"/proposals/{first.key}/result"))
    reviewers = ("评委一", "评委二", "评委三")
    for words in ("已立项", "正式得分 90.00", *reviewers, "场景成熟。", "建议立项。"):
        assert words in text, words
    for who in (cast.leader, cast.member):
        client.as_(who).get(f"/proposals/{first.key}/result")
    for who in (cast.stranger, cast.reviewer):
        client.as_(who).get(f"/proposals/{first.key}/result", status=404)


def test_a_proposal_turned_down_by_choice_shows_the_reason(client: Browser, cast: Cast) -> None:
    decision, (first, _) = started_decision(cast)
    office, path = client.as_(cast.office), f"/decisions/{decision.key}"
    office.submit(
        f"{path}/edit",
        {f"mark_{first.key}": "rejected", f"reason_{first.key}": "与在办项目重复。"},
    )
    db.session.expire_all()
    body = {f"mark_{item.proposal.key}": item.mark for item in decision.items}
    body |= {f"reason_{item.proposal.key}": item.reason for item in decision.items}
    office.post(f"{path}/submit", {**body, "version": decision.version, "act": "submit"})
    client.as_(cast.leading).submit(path)
    office.submit(f"{path}/publish", {"password": PASSWORD})
    text = text_of(client.as_(cast.applicant).get(f"/proposals/{first.key}/result"))
    assert "未立项" in text and "与在办项目重复。" in text


def test_a_proposal_links_to_its_published_result(client: Browser, cast: Cast) -> None:
    decision, (first, _) = approved_decision(cast)
    applicant, link = client.as_(cast.applicant), f"/proposals/{first.key}/result"
    assert link not in applicant.get(f"/proposals/{first.key}").text
    client.as_(cast.office).submit(f"/decisions/{decision.key}/publish", {"password": PASSWORD})
    assert link in applicant.get(f"/proposals/{first.key}").text
