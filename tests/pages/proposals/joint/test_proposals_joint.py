"""The pages of a joint application, and the rows of the budget, with scripts off."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, select
from werkzeug.datastructures import FileStorage

from lab import clock
from lab.extensions import db
from lab.files.storing.uploads import receive
from lab.proposals.attachments import service as attachments
from lab.proposals.bulk_import import service as bulk_import_service
from lab.proposals.joint import service as joint_service
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.screening.checklist import ITEMS
from lab.proposals.writing import service as drafts
from tests.support.builders.calls import open_call
from tests.support.builders.files import pdf
from tests.support.builders.proposals import filled_draft, unconfirmed_draft
from tests.support.builders.workbooks import checked, good_row
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of


@pytest.fixture
def draft(app: Flask, cast: Cast) -> str:
    """The key of a complete draft that nobody was asked to confirm."""
    with app.app_context():
        return unconfirmed_draft(cast, open_call(cast)).key


def stored(key: str) -> Proposal:
    return db.session.scalars(select(Proposal).where(Proposal.key == key)).one()


def ask(app: Flask, cast: Cast, key: str) -> None:
    with app.app_context():
        joint_service.request_confirmation(stored(key), cast.applicant)
        db.session.commit()


def test_lead_asks_partner_confirms_lead_submits(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    lead, partner = client.as_(cast.applicant), client.as_(cast.partner)
    joint = f"/proposals/{draft}/joint"
    partner.get(joint, status=404)
    page = lead.get(f"/proposals/{draft}/submit")
    link = lxml_html.fromstring(page.text).xpath("//*[@id='missing']//a/@href")
    assert link == [joint]
    lead.submit(joint, {})
    assert "等待答复" in text_of(lead.get(joint))
    shown = text_of(partner.get(joint))
    assert "请阅读全部内容" in shown and "宣传物料" in shown and "120,000.00" in shown
    assert "010-10000000" not in shown, "the telephone number is the office's"
    partner.submit(joint, {"opinion": "同意联合申报，由个人金融部承担。"})
    for page in (lead.get(f"/proposals/{draft}/submit"), lead.get(f"/proposals/{draft}")):
        assert "联合单位已确认" in text_of(page)
    assert "由个人金融部承担" in text_of(page)
    assert "修改内容后确认失效" in text_of(lead.get(f"/proposals/{draft}/edit/plan"))
    lead.submit(f"/proposals/{draft}/submit", {"pledge": "1"})
    office = text_of(client.as_(cast.office).get(f"/checks/{draft}"))
    assert "联合单位意见" in office and "邮储东城支行，联合甲确认" in office


def test_both_units_see_what_voided_the_confirmation(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
        drafts.save_draft(
            drafts.SaveDraft(stored(key), None, {"mode": "园区、邮政、银行四方合作。"})
        )
        db.session.commit()
    for who in (cast.applicant, cast.leader, cast.member, cast.partner):
        root = lxml_html.fromstring(client.as_(who).get(f"/proposals/{key}/joint").text)
        assert "确认已失效" in root.text_content()
        gone = "".join(e.text_content() for e in root.xpath("//del"))
        come = "".join(e.text_content() for e in root.xpath("//ins"))
        assert "三" in gone and "四" in come
    assert "确认已失效" in text_of(client.as_(cast.partner).get(f"/proposals/{key}"))


def test_a_lapsed_confirmation_is_not_shown_as_given(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    lead, step = client.as_(cast.applicant), f"/proposals/{key}/edit/plan"
    assert "确认后失效" not in text_of(lead.get(step)) and "确认。修改" in text_of(lead.get(step))
    with app.app_context():
        drafts.save_draft(drafts.SaveDraft(stored(key), None, {"mode": "改成四方合作。"}))
        db.session.commit()
    assert "联合单位已于" not in text_of(lead.get(step))
    ask(app, cast, key)
    assert "联合单位已于" not in text_of(lead.get(step))


def test_an_opinion_is_saved_when_the_draft_has_changed(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    ask(app, cast, draft)
    partner, joint = client.as_(cast.partner), f"/proposals/{draft}/joint"
    page = partner.get(joint).text
    version = lxml_html.fromstring(page).xpath("//form//input[@name='version']/@value")[0]
    with app.app_context():
        drafts.save_draft(drafts.SaveDraft(stored(draft), None, {"mode": "改了一句。"}))
        db.session.commit()
    typed = {"version": version, "opinion": "同意，意见人王某。"}
    answer = partner.post(f"{joint}/confirm", typed, status=409)
    assert "内容或附件刚刚有修改" in answer.text and "同意，意见人王某。" in answer.text
    assert "改了一句。" in answer.text
    new = lxml_html.fromstring(answer.text).xpath("//form//input[@name='version']/@value")[0]
    partner.post(f"{joint}/confirm", {**typed, "version": new}, status=303)


def test_sending_back_needs_a_reason_and_the_lead_reads_it(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    ask(app, cast, draft)
    partner, joint = client.as_(cast.partner), f"/proposals/{draft}/joint"
    assert "请填写退回理由。" in partner.post(f"{joint}/return", {}, status=422).text
    long = partner.post(f"{joint}/return", {"reason": "长" * 501}, status=422).text
    assert "长" * 501 in long
    partner.post(f"{joint}/return", {"reason": "银行部分的预算偏高。"}, status=303)
    lead = client.as_(cast.applicant)
    text = text_of(lead.get(joint))
    assert "联合单位退回修改" in text and "银行部分的预算偏高。" in text
    assert "银行部分的预算偏高" in text_of(lead.get("/inbox"))


def test_the_confirming_person_must_work_in_the_partner_unit(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    lead, page = client.as_(cast.applicant), f"/proposals/{draft}/edit/basics"
    answer = lead.submit(page, {"partner_id": str(cast.stranger)}, status=422)
    assert "确认人应是联合申报单位的人员" in answer.text
    answer = lead.submit(page, {"partner_id": str(cast.leader)}, status=422)
    assert "确认人不能是负责人" in answer.text
    lead.submit(page, {"partner_id": "", "joint_unit_id": ""})
    with app.app_context():
        assert stored(draft).partner_id is None


def test_the_budget_is_typed_in_rows_and_the_page_shows_the_sum(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    lead, page = client.as_(cast.applicant), f"/proposals/{draft}/edit/targets"
    lead.submit(page, {"budget-2-item": "场地", "budget-2-amount_fen": "1,000.5"})
    text = text_of(lead.get(page))
    assert re.search(r"合计\s*121,000\.50?\s*元", text)
    with app.app_context():
        proposal = stored(draft)
        assert proposal.budget_fen == 12_100_050
        assert [row.amount_fen for row in proposal.budget] == [8_000_000, 4_000_000, 100_050]
    wrong = lead.submit(page, {"budget-2-amount_fen": "一千元"}, status=422)
    assert "第3行“金额”" in wrong.text and "一千元" in wrong.text
    shown = text_of(lead.get(f"/proposals/{draft}"))
    assert "场地，一千元" in shown and "第3行“金额”" in shown


def test_units_stand_beside_figures_and_people(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    lead = client.as_(cast.applicant)
    root = lxml_html.fromstring(lead.get(f"/proposals/{draft}/edit/targets").text)
    found = [e.text_content() for e in root.xpath("//*[@data-row-unit]")]
    assert [unit for unit in found if unit] == ["个", "个", "户", "户"]
    root = lxml_html.fromstring(lead.get(f"/proposals/{draft}/edit/basics").text)
    found = [e.get("value") for e in root.xpath("//tbody//*[@data-person-unit]")]
    assert [unit for unit in found if unit] == ["邮储东城支行"]


def test_a_draft_with_only_a_sum_gets_one_row_and_no_rows_no_sum(ctx: Flask, cast: Cast) -> None:
    proposal = unconfirmed_draft(cast, open_call(cast))
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"budget_fen": 5_000_000}))
    assert [(r.item, r.amount_fen) for r in proposal.budget] == [("合计", 5_000_000)]
    drafts.save_draft(drafts.SaveDraft(proposal, None, {"budget": []}))
    assert proposal.budget_fen is None
    db.session.commit()


def test_the_joint_page_costs_constant_queries(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    counts = []
    lead, partner = client.as_(cast.applicant), client.as_(cast.partner)
    for _ in range(3):
        ask(app, cast, draft)
        found = []
        for who in (lead, partner):
            statements: list[str] = []
            with app.app_context():
                engine = db.engine

            def note(*args: object, into: list[str] = statements) -> None:
                into.append(str(args[2]))

            event.listen(engine, "before_cursor_execute", note)
            who.get(f"/proposals/{draft}/joint")
            event.remove(engine, "before_cursor_execute", note)
            found.append(len([s for s in statements if s.startswith("SELECT")]))
        counts.append(found)
        with app.app_context():
            joint_service.send_back(stored(draft), cast.partner, "请再改。")
            db.session.commit()
    assert counts[1] == counts[2], counts


def test_a_silent_partner_is_reminded_once_a_day_and_let_go(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    ask(app, cast, draft)
    joint = f"/proposals/{draft}/joint"
    lead, partner = client.as_(cast.applicant), client.as_(cast.partner)
    answer = text_of(lead.post(f"{joint}/remind", status=409))
    assert re.search(r"今日\d\d:\d\d已经提请，每天最多催办一次", answer)
    with clock.freeze(clock.now() + timedelta(days=2)):
        lead, partner = client.as_(cast.applicant), client.as_(cast.partner)
        lead.post(f"{joint}/remind")
        assert "已催办联合甲。" in text_of(lead.get(joint))
        assert "已提请您确认2天，请尽快答复" in text_of(partner.get("/inbox"))
        again = text_of(lead.post(f"{joint}/remind", status=409))
        assert "已经催办，每天最多催办一次" in again
        partner.post(f"{joint}/remind", status=403)
        assert clock.cn_datetime(clock.now()) in text_of(lead.get(joint))
        lead.post(f"{joint}/call-back")
        text = text_of(lead.get(joint))
        assert "已撤回" in text and "已作废" not in text
        assert "已撤回对申报书" in text_of(partner.get("/inbox"))
        again = text_of(lead.post(f"{joint}/call-back", status=409))
        assert "没有等待答复的提请" in again
        lead.submit(joint, {})
        assert "等待答复" in text_of(lead.get(joint))


def test_the_partner_is_told_of_changed_attachments(
    client: PageClient, app: Flask, cast: Cast, draft: str
) -> None:
    ask(app, cast, draft)
    partner, joint = client.as_(cast.partner), f"/proposals/{draft}/joint"
    assert "提请后的修改" not in text_of(partner.get(joint))
    for name in ("意向书.pdf", "说明.pdf"):
        with app.app_context():
            received = receive(FileStorage(io.BytesIO(pdf(name)), name))
            attachments.attach(stored(draft), received, cast.applicant)
            db.session.commit()
    told = text_of(partner.get("/inbox"))
    assert told.count("附件有变动，请以页面上的最新内容为准") == 1
    page = text_of(partner.get(joint))
    assert "提请后的修改" in page and "意向书.pdf" in page


def test_the_office_sees_and_asks_for_what_came_by_mail(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        call = open_call(cast)
        sheet = checked(call, cast, good_row(received_on=f"{clock.today()}", avoided=""))
        bulk_import_service.confirm_import(sheet, cast.office)
        db.session.commit()
        key = db.session.scalars(select(Proposal.key)).one()
    office, partner = client.as_(cast.office), client.as_(cast.partner)
    mark, joint, check = "联合单位尚未确认", f"/proposals/{key}/joint", f"/checks/{key}"
    for path in ("/checks", "/proposals", check, f"/proposals/{key}"):
        assert mark in text_of(office.get(path)), path
    assert "今日已经通知对方" in text_of(office.get(joint))
    passing = {item.code: "ok" for item in ITEMS} | {"outcome": "passed"}
    refused = office.submit(check, passing, status=422)
    assert "联合单位尚未确认，不能办理合格" in text_of(refused)
    assert "确认联合申报" in text_of(partner.get("/"))
    assert mark in text_of(client.as_(cast.applicant).get("/proposals"))
    partner.submit(joint, {"opinion": "同意联合申报，由个人金融部承担。"})
    for path in ("/checks", "/proposals", check, f"/proposals/{key}"):
        assert mark not in text_of(office.get(path)), path
    assert "由个人金融部承担" in text_of(office.get(check))
    office.submit(check, passing)
