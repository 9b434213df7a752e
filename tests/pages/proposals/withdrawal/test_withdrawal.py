"""Withdrawal, the person's own list, the check page and the page after it, as people meet them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import select
from werkzeug.test import TestResponse

from lab import clock
from lab.extensions import db
from lab.policy import Actor
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.pages import queries as pages_queries
from lab.proposals.pages.queries import rows_awaiting
from lab.proposals.withdrawal.service import request_withdrawal
from lab.proposals.writing import service as drafts
from tests.support.builders.calls import close, open_call
from tests.support.builders.proposals import (
    accepted_proposal,
    avoiding,
    confirm,
    empty_draft,
    filled_draft,
    returned_proposal,
    submitted_proposal,
)
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of

REASON = "合作方退出，方案需要重做。"


def said(page: TestResponse) -> str:
    """What a person reads, without the blanks between the parts of a page."""
    return text_of(page).replace(" ", "")


# -- taking back -------------------------------------------------------------------------------


def test_one_click_withdraws_and_reuses_before_the_deadline(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = submitted_proposal(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    text = text_of(applicant.get(f"/proposals/{key}"))
    assert "确认撤回" in text and "申请撤回" not in text
    applicant.get(f"/proposals/{key}/withdrawal/ask", status=303)
    applicant.post(f"/proposals/{key}/withdraw")
    text = text_of(applicant.get(f"/proposals/{key}"))
    assert "SB-2022-01-001" in text and "自行撤回，申报甲" in text
    assert "以此为底稿重新申报" in text
    where = applicant.post(f"/proposals/{key}/reuse").headers["Location"]
    assert "园区数字人民币缴费【演示】" in applicant.get(where).text
    assert "查看重新申报的草稿" in text_of(applicant.get(f"/proposals/{key}"))
    assert applicant.post(f"/proposals/{key}/reuse").headers["Location"] == where


def test_a_withdrawal_request_is_answered_with_a_reason(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = accepted_proposal(cast, open_call(cast)).key
    page, applicant = f"/proposals/{key}", client.as_(cast.applicant)
    office = client.as_(cast.office)
    applicant.post(f"{page}/withdraw", status=409)
    blank = applicant.submit(f"{page}/withdrawal/ask", {}, status=422)
    assert "请填写撤回理由" in text_of(blank)
    applicant.submit(f"{page}/withdrawal/ask", {"reason": REASON})
    text = said(applicant.get(page))
    assert "等待答复" in text and REASON in text and "答复撤回申请由谁办理实施办公室" in text
    assert "答复撤回申请" in text_of(office.get("/")) and REASON in text_of(office.get(page))
    half = {"outcome": "refuse", "answer": ""}
    assert "答复理由" in text_of(office.submit(f"{page}/withdrawal/decide", half, status=422))
    answer = {"outcome": "refuse", "answer": "合作协议已经生效。"}
    office.submit(f"{page}/withdrawal/decide", answer)
    text = text_of(applicant.get(page))
    assert "不同意撤回" in text and "合作协议已经生效。" in text and "待评审" in text
    applicant.submit(f"{page}/withdrawal/ask", {"reason": REASON})
    applicant.post(f"{page}/withdrawal/drop")
    assert "取消申请" in text_of(applicant.get(page))
    office.get(f"{page}/withdrawal/decide", status=303)


def test_an_answer_from_an_old_page_can_be_sent_again(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        proposal = accepted_proposal(cast, open_call(cast))
        key, old = proposal.key, proposal.version
        request_withdrawal(proposal, cast.applicant, REASON)
        db.session.commit()
    office, path = client.as_(cast.office), f"/proposals/{key}/withdrawal/decide"
    typed = {"outcome": "agree", "answer": "同意，材料退回。"}
    page = office.post(path, {"version": str(old), **typed}, status=422)
    assert "有变化，请核对后再提交一次" in text_of(page) and "同意，材料退回。" in page.text
    form = lxml_html.fromstring(page.text).xpath("//main//form[@method='post']")[0]
    office.post(path, dict(form.form_values()))
    assert "已撤回" in text_of(office.get(f"/proposals/{key}"))


def test_the_office_cannot_withdraw_without_a_reason(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = submitted_proposal(cast, open_call(cast)).key
    office, path = client.as_(cast.office), f"/proposals/{key}/withdrawal/for"
    office.submit(path, {}, status=422)
    office.submit(path, {"reason": "申报人来函撤回。"})
    text = text_of(client.as_(cast.leader).get(f"/proposals/{key}"))
    assert "实施办公室代为撤回，经办甲" in text and "申报人来函撤回。" in text


# -- the own list ------------------------------------------------------------------------------


def test_my_tasks_come_first_and_overdue_ones_say_so(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    noon = clock.from_beijing(datetime(2022, 6, 10, 12))
    with app.app_context(), clock.freeze(noon):
        call = open_call(cast)
        filled_draft(cast, call, title="草稿甲【演示】")
        returned_proposal(cast, call, date(2022, 6, 13), title="补正乙【演示】")
        submitted_proposal(cast, call, title="已交丙【演示】")
    with clock.freeze(noon + timedelta(days=6)):
        mine = said(client.as_(cast.applicant).get("/proposals"))
        member = said(client.as_(cast.member).get("/proposals"))
        home = said(client.as_(cast.applicant).get("/"))
    first, _, rest = mine.partition("其他申报书")
    assert "轮到您办理2份" in first and "已交丙" in rest and "已交丙" not in first
    assert first.index("补正乙") < first.index("草稿甲"), "what is due first stands first"
    assert "2022年6月13日逾期3天您" in first and "等待形式审查实施办公室" in rest
    assert "轮到您办理" not in member and "补正后重新提交2022年6月13日逾期3天申报人" in member
    assert "补正申报书补正乙【演示】2022年6月13日已逾期" in home


def test_the_start_page_and_the_own_list_name_the_same_proposals(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call, second = open_call(cast), open_call(cast, batch=2)
        filled_draft(cast, call, title="过期的草稿【演示】")
        close(call)
        filled_draft(cast, second, title="可以交的草稿【演示】")
        back = returned_proposal(cast, second, title="要补正的【演示】")
        asked = returned_proposal(cast, second, title="已申请撤回的【演示】")
        late = clock.now() + timedelta(days=60)
        leader = person(cast.leader)
        actor = Actor(leader.id, leader.roles, leader.unit_id)
        with clock.freeze(late):
            request_withdrawal(asked, cast.applicant, REASON)
            db.session.commit()
        waiting = rows_awaiting(actor)
        everything = pages_queries.list_proposals(actor, {}).items
        # What the list's rows say of the turn, and what the database picked, is the same.
        assert {r.key for r in waiting} == {r.key for r in everything if r.turn == "您"}
        assert {r.title for r in waiting} == {"可以交的草稿【演示】", back.title}
        apart = pages_queries.list_proposals(actor, {}, exclude_awaiting=True).items
        assert len(waiting) + len(apart) == len(everything) == 4
    reader = client.as_(cast.leader)
    home, mine = text_of(reader.get("/")), text_of(reader.get("/proposals"))
    for title in ("可以交的草稿", "要补正的"):
        assert title in home and title in mine.partition("其他申报书")[0]
    assert "过期的草稿" not in home and "已申请撤回的" not in home


def test_newcomers_are_shown_the_open_call(client: PageClient, app: Flask, cast: Cast) -> None:
    opened = clock.from_beijing(datetime(2022, 6, 10, 12))
    with app.app_context(), clock.freeze(opened):
        open_call(cast, closes_at=clock.from_beijing(datetime(2022, 6, 15, 17)))
    with clock.freeze(opened):
        text = text_of(client.as_(cast.stranger).get("/proposals"))
    assert "您还没有申报书" in text and "2022年6月15日 17:00截止，还有5天" in text
    assert "开始申报" in text


# -- check page, preview, after submission -----------------------------------------------------


def test_missing_items_are_listed_by_step(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast), plan="", risks="", joint_unit_id=None).key
    page = client.as_(cast.applicant).get(f"/proposals/{key}/submit")
    text = said(page)
    assert "还有2处需要补充" in text and "3.实施方案与联动缺1处实施方案：尚未填写。" in text
    assert "1.基本信息完整" in text and "签署承诺" not in text
    buttons = lxml_html.fromstring(page.text).xpath("//main//button[@type='submit']")
    assert buttons == [], "nothing to press while something is missing"


def test_signing_the_pledge_submits_with_one_button(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    page = applicant.get(f"/proposals/{key}/submit")
    root = lxml_html.fromstring(page.text)
    assert [b.text_content() for b in root.xpath("//main//button[@type='submit']")] == ["提交"]
    assert "签署承诺：我已阅读以上承诺，同意签署" in text_of(page)
    where = applicant.submit(f"/proposals/{key}/submit", {"pledge": "1"}).headers["Location"]
    done = applicant.get(where)
    with app.app_context():
        version = db.session.scalars(select(ProposalVersion)).one()
        assert clock.cn_datetime(version.submitted_at) in text_of(done)
        assert version.fingerprint in text_of(done)
    assert "SB-2022-01-001" in said(done) and "等待形式审查由谁办理实施办公室" in said(done)
    assert f"/proposals/{key}/versions/1/paper" in done.text
    client.as_(cast.stranger).get(where, status=404)


def test_the_preview_shows_what_reviewers_see(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        avoided = [avoiding(cast.reviewer2, "曾共事")]
        proposal = returned_proposal(cast, open_call(cast), avoided=avoided)
        key = proposal.key
        drafts.save_draft(drafts.SaveDraft(proposal, None, {"plan": "改过的实施方案。"}))
        db.session.commit()
    for who in (cast.applicant, cast.member):
        text = text_of(client.as_(who).get(f"/proposals/{key}/as-reviewers-see"))
        assert "现在提交，评委将看到这些内容" in text and "改过的实施方案。" in text
        for hidden in ("010-10000000", "评委乙", "SB-2022-01-001", "申报甲"):
            assert hidden not in text, hidden
    with app.app_context():
        confirm(db.session.scalars(select(Proposal)).one())
    client.as_(cast.applicant).submit(f"/proposals/{key}/submit", {"pledge": "1"})
    text = text_of(client.as_(cast.office).get(f"/proposals/{key}/as-reviewers-see"))
    assert "最近一次提交的内容" in text and "改过的实施方案。" in text


def test_a_step_says_when_it_was_last_saved(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast)
        new, saved = empty_draft(cast, call).key, filled_draft(cast, call)
        key, when = saved.key, clock.cn_datetime(saved.saved_at)
    applicant = client.as_(cast.applicant)
    assert f"上次保存 {when}" in text_of(applicant.get(f"/proposals/{key}/edit/plan"))
    assert "上次保存" not in text_of(applicant.get(f"/proposals/{new}/edit/plan"))
    with app.app_context():
        assert db.session.scalar(select(Proposal.missing_count).where(Proposal.key == new)) > 10
