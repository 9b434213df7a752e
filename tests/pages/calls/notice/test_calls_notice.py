"""The notice of a call, its revisions, more time, codes and comparison, as people meet them."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import event, select

from lab import clock
from lab.audit.models import AuditEvent
from lab.calls.deadlines import service as deadlines_service
from lab.calls.deadlines import service_codes
from lab.calls.models.call import Call
from lab.calls.models.notice import CallExtension, CallLateCode, CallRevision
from lab.calls.pages import service as calls_service
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.proposals.models.proposal import Proposal
from tests.support.builders import files as builders_files
from tests.support.builders.calls import closed_call, draft_call, open_call
from tests.support.builders.proposals import filled_draft, submitted_proposal
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

RICH = "## 范围\n围绕**受理环境：**申报。\n\n| 方向 | 内容 |\n| --- | --- |\n| 场景 | 商圈 |"


@pytest.fixture
def office(client: PageClient, cast: Cast) -> PageClient:
    return client.as_(cast.office)


def key_of(app: Flask, make: Any, cast: Cast, **changes: object) -> str:
    with app.app_context():
        key: str = make(cast, **changes).key
        db.session.remove()
    return key


def notice(page: str) -> Any:
    return lxml_html.fromstring(page).xpath("//div[@class='rich-text']")[0]


# -- the text ----------------------------------------------------------------------------------


def test_the_notice_shows_headings_bold_and_tables(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key = key_of(app, open_call, cast, notice_text=RICH)
    section = notice(client.as_(cast.applicant).get(f"/calls/{key}").text)
    assert [node.tag for node in section] == ["h3", "p", "div"]
    assert section.xpath(".//strong")[0].text == "受理环境："
    assert section.xpath(".//td")[1].text == "商圈"


def test_a_preview_keeps_the_text_and_saves_nothing(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, draft_call, cast)
    typed = {"notice_text": RICH, "title": "没有写完的名称", "year": "不是年份"}
    typed["preview"] = "notice_text"
    for path in (f"/calls/{key}/edit", "/calls/new"):
        page = office.post(path, typed, status=200)
        root = lxml_html.fromstring(page.text)
        pane = root.get_element_by_id("notice_text-preview")
        assert pane.get("hidden") is None and pane.xpath(".//h3")[0].text == "范围"
        assert root.get_element_by_id("notice_text").text.strip() == RICH
        assert root.get_element_by_id("title").value == "没有写完的名称"
        assert root.get_element_by_id("year").value == "不是年份"
    with app.app_context():
        assert db.session.scalars(select(Call)).one().title == "2022年第一批创新项目征集"


def test_the_longest_notice_is_stored_in_full(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, open_call, cast)
    lines = "\n".join(f"- 第{n:04d}项要求" for n in range(800))[:7990] + "\n**完**"
    office.submit(f"/calls/{key}/edit", {"notice_text": lines, "summary": "补充要求"})
    shown = text_of(client.as_(cast.applicant).get(f"/calls/{key}"))
    assert "第0000项要求" in shown and "完" in shown


# -- revisions ---------------------------------------------------------------------------------


def test_a_changed_notice_is_a_revision_sent_to_applicants(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        call = open_call(cast)
        filled_draft(cast, call, leader_id=cast.reviewer)
        key = call.key
    changed = {"notice_text": "请各单位于截止时间前提交申报书和意向书。", "summary": "增加意向书"}
    office.submit(f"/calls/{key}/edit", changed)
    with app.app_context():
        told = set(
            db.session.scalars(select(Notice.person_id).where(Notice.about_kind == "Call.revision"))
        )
        applicants = {cast.applicant, cast.leader, cast.member, cast.partner, cast.stranger}
        assert told == applicants | {cast.reviewer}
        assert sorted(db.session.scalars(select(CallRevision.number))) == [1, 2]
    applicant = client.as_(cast.applicant)
    page = applicant.get(f"/calls/{key}")
    assert "第2版" in text_of(page) and "增加意向书" in text_of(page)
    second = lxml_html.fromstring(applicant.get(f"/calls/{key}/revisions/2").text)
    assert [node.text_content() for node in second.xpath("//ins")] == ["（新增：和意向书）"]
    first = text_of(applicant.get(f"/calls/{key}/revisions/1"))
    assert "请各单位于截止时间前提交申报书。" in first and "以前的版本" in first
    applicant.get(f"/calls/{key}/revisions/3", status=404)


def test_a_revision_shows_what_changed_as_people_read_it(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, open_call, cast, notice_text=RICH)
    path = f"/calls/{key}/edit"
    changed = RICH.replace("商圈 |", "商圈 |\n| 网点 | 缴费 |").replace("**", "")
    office.submit(path, {"notice_text": changed, "summary": "加一个方向"})
    page = lxml_html.fromstring(office.get(f"/calls/{key}/revisions/2").text)
    shown = page.xpath("string(//div[@class='diff-lines'])")
    assert not re.search(r"##|\*\*|---|\|", shown), "no signs of markup"
    assert "取消加粗“受理环境：”" in shown
    assert [node.text_content() for node in page.xpath("//ins")] == [
        "（新增：网点）",
        "（新增：缴费）",
    ]
    assert page.xpath("//table[contains(@class, 'diff-table')]//th/@scope") == ["col", "col"]
    assert "新增1行，修改1行。" in page.xpath("string(//p[@class='diff-summary'])")
    office.submit(
        path, {"notice_text": f"{changed}\n\n\n".replace("\n\n|", "\n\n\n|"), "summary": "空行"}
    )
    again = text_of(office.get(f"/calls/{key}/revisions/3"))
    assert "文字和格式都没有变" in again


def test_two_offices_compare_notices_as_they_will_be_shown(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, open_call, cast)
    path = f"/calls/{key}/edit"
    version = re.search(r'name="version"[^>]*value="(\d+)"', office.get(path).text)
    assert version
    client.as_(cast.office2).submit(path, {"notice_text": RICH, "summary": "先改"})
    mine = {"version": version[1], "notice_text": "**我的**文字", "summary": "后改"}
    page = lxml_html.fromstring(office.post(path, mine, status=409).text)
    texts = page.xpath("//table[contains(@class, 'edit-conflict')]//div[@class='rich-text']")
    assert [node.xpath("string(.//strong)") for node in texts] == ["我的", "受理环境："]
    assert page.get_element_by_id("notice_text").text.strip() == "**我的**文字"


def test_an_attachment_that_comes_or_goes_is_a_revision_too(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, open_call, cast)
    office.post(
        f"/calls/{key}/files", {"files": (io.BytesIO(builders_files.pdf("指南")), "申报指南.pdf")}
    )
    link = office.get(f"/calls/{key}").text.split(f'href="/calls/{key}/files/')[1].split('"')[0]
    office.post(f"/calls/{key}/files/{link}/remove")
    assert "新增附件：申报指南.pdf" in text_of(office.get(f"/calls/{key}/revisions/2"))
    assert "移除附件：申报指南.pdf" in text_of(office.get(f"/calls/{key}/revisions/3"))


def test_the_attachments_of_a_draft_are_no_revision(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, draft_call, cast)
    office.post(
        f"/calls/{key}/files", {"files": (io.BytesIO(builders_files.pdf("指南")), "申报指南.pdf")}
    )
    office.get(f"/calls/{key}/revisions/1", status=404)
    office.post(f"/calls/{key}/publish")
    assert "申报指南.pdf" in text_of(office.get(f"/calls/{key}/revisions/1"))


# -- an earlier call ---------------------------------------------------------------------------


def test_a_new_call_copies_settings_without_dates_or_files(
    app: Flask, cast: Cast, office: PageClient
) -> None:
    earlier = key_of(
        app,
        draft_call,
        cast,
        places=7,
        minimum_sheets=5,
        trim=True,
        applicant_side="bank",
        joint_rule="required",
        unit_limit=2,
        notice_text=RICH,
    )
    path = f"/calls/new?like={earlier}"
    page = lxml_html.fromstring(office.get(path).text)
    assert page.get_element_by_id("opens_at").value == ""
    office.submit(path, {"title": "第二批"})
    with app.app_context():
        old, new = db.session.scalars(select(Call).order_by(Call.id)).all()
        for name in ("places", "minimum_sheets", "trim", "notice_text", "applicant_side"):
            assert getattr(new, name) == getattr(old, name), name
        assert (new.joint_rule, new.unit_limit, new.batch) == ("required", 2, 1)
        assert (new.opens_at, new.closes_at, new.status) == (None, None, "draft")
        facts = [
            [(c.key, c.name, c.weight, c.rubric) for c in call.criteria] for call in (old, new)
        ]
        assert facts[0] == facts[1] and len(facts[0]) == 4
        made = select(AuditEvent.detail).where(AuditEvent.action == "call.create")
        lines = db.session.scalars(made.order_by(AuditEvent.seq)).all()
        assert len(lines) == 2 and earlier in lines[1]


# -- several calls -----------------------------------------------------------------------------


def test_compared_calls_show_figures_to_the_office_only(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    with app.app_context():
        one = open_call(cast, unit_limit=2)
        submitted_proposal(cast, one)
        filled_draft(cast, one)
        two = draft_call(cast, batch=2, title="还没有发布的批次", places=5)
        path = f"/calls/compare?call={one.key}&call={two.key}"
    page = lxml_html.fromstring(office.get(path).text)
    rows = {
        tr.xpath("string(th)").strip(): [td.text_content().strip() for td in tr.xpath("td")]
        for tr in page.xpath("//tbody/tr")
    }
    assert rows["拟立项数"] == ["12个", "5个"]
    assert rows["每个单位申报数量"] == ["最多2个", "不限"]
    assert rows["收到申报"] == ["1个", "0个"] and rows["形式审查合格"] == ["0个", "0个"]
    assert rows["项目的重要性的权重"] == ["30", "30"]
    staff = text_of(client.as_(cast.applicant).get(path))
    assert "还没有发布的批次" not in staff and "请选择要对照的批次" in staff


# -- more time ---------------------------------------------------------------------------------


def test_an_extension_of_one_unit_is_seen_by_it_alone(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, closed_call, cast)
    path = f"/calls/{key}/extend"
    wrong = {"closes_at": "2000-01-01 09:00", "reason": "网络中断三天。"}
    page = office.submit(path, wrong, status=422)
    assert "应晚于现在的截止时间" in text_of(page) and "网络中断三天。" in page.text
    until = f"{clock.beijing(clock.now() + timedelta(days=3)):%Y-%m-%d} 17:00"
    office.submit(path, {**wrong, "closes_at": until, "unit_id": str(cast.post_branch)})
    mine, other = client.as_(cast.applicant), client.as_(cast.stranger)
    assert "网络中断三天。" in text_of(mine.get(f"/calls/{key}"))
    assert "网络中断" not in text_of(other.get(f"/calls/{key}"))
    assert "开始申报" in text_of(mine.get(f"/calls/{key}"))
    assert "开始申报" in text_of(mine.get("/proposals"))
    assert "开始申报" not in text_of(other.get(f"/calls/{key}"))
    other.post(f"/proposals/new/{key}", status=409)
    mine.post(f"/proposals/new/{key}")


def test_two_offices_that_extend_see_each_other(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, open_call, cast)
    path = f"/calls/{key}/extend"
    page = office.get(path).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    client.as_(cast.office2).submit(path, {"closes_at": "2098-01-01 09:00", "reason": "先延"})
    mine = {"version": version[1], "closes_at": "2097-01-01 09:00", "reason": "我的理由"}
    clash = office.post(path, mine, status=409)
    assert "2098" in text_of(clash) and "我的理由" in clash.text


# -- codes -------------------------------------------------------------------------------------


def test_a_late_code_is_shown_once_and_admits_its_unit(
    app: Flask, client: PageClient, cast: Cast, office: PageClient
) -> None:
    key = key_of(app, closed_call, cast)
    data = {"unit_id": str(cast.post_branch), "reason": "经办人住院。"}
    address = office.submit(f"/calls/{key}/codes", data).headers["Location"]
    made = office.get(address)
    code = lxml_html.fromstring(made.text).xpath("string(//p[@class='late-code'])").strip()
    assert re.fullmatch(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", code)
    assert made.headers["Cache-Control"] == "no-store"
    again = office.get(address)
    assert code not in again.text and "补报码只显示一次，已显示过" in text_of(again)
    later = text_of(office.get(f"/calls/{key}/codes"))
    assert code not in later and "未使用" in later
    applicant = client.as_(cast.applicant)
    assert "凭补报码申报" in text_of(applicant.get(f"/calls/{key}"))
    wrong = applicant.submit(f"/proposals/late/{key}", {"code": "错误的码"}, status=422)
    assert "补报码不能使用" in text_of(wrong) and "错误的码" in wrong.text
    step = applicant.submit(f"/proposals/late/{key}", {"code": code.lower()})
    assert "/edit/basics" in step.headers["Location"]
    with app.app_context():
        proposal = db.session.scalars(select(Proposal)).one()
        address = f"/proposals/{proposal.key}"
    assert "经办人住院。" in text_of(applicant.get(address))
    assert "已使用" in text_of(office.get(f"/calls/{key}/codes"))
    again = client.as_(cast.leader)
    assert "补报码不能使用" in text_of(
        again.submit(f"/proposals/late/{key}", {"code": code}, status=422)
    )


def late_code(app: Flask, cast: Cast) -> tuple[str, str]:
    """The keys of a closed call and of a code for late proposals to it."""
    with app.app_context():
        call = closed_call(cast)
        service_codes.make_code(
            call, unit_id=cast.post_branch, reason="住院。", expires_on=clock.today()
        )
        db.session.commit()
        return call.key, db.session.scalars(select(CallLateCode.key)).one()


def test_a_revoked_code_says_so_in_the_list(app: Flask, cast: Cast, office: PageClient) -> None:
    key, code = late_code(app, cast)
    office.post(f"/calls/{key}/codes/{code}/revoke")
    assert "已作废" in text_of(office.get(f"/calls/{key}/codes"))


def test_a_denied_code_has_its_stored_name_in_the_audit_log(
    app: Flask, client: PageClient, cast: Cast
) -> None:
    key, code = late_code(app, cast)
    client.as_(cast.applicant).post(f"/calls/{key}/codes/{code}/revoke", status=403)
    with app.app_context():
        denied = select(AuditEvent).where(AuditEvent.action == "access.denied")
        line = db.session.scalars(denied).one()
        assert (line.object_type, line.object_key) == ("Coded", code)


# -- who may apply -----------------------------------------------------------------------------


def test_an_ineligible_unit_is_told_why(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast, applicant_side="bank", joint_rule="required")
        key = call.key
    page = client.as_(cast.applicant)
    assert "银行单位" in text_of(page.get(f"/calls/{key}"))
    page.post(f"/proposals/new/{key}")
    told = text_of(page.get(f"/calls/{key}"))
    assert "本批次只接受银行单位牵头申报，您所在单位属于邮政。" in told
    bank = client.as_(cast.stranger)
    bank.post(f"/proposals/new/{key}")
    with app.app_context():
        draft = db.session.scalars(select(Proposal)).one().key
    assert "要求邮政与银行单位联合申报" in text_of(bank.get(f"/proposals/{draft}/submit"))


# -- reads -------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 3, 12])
def test_a_calls_page_costs_constant_queries(
    app: Flask, client: PageClient, cast: Cast, many: int
) -> None:
    with app.app_context():
        call = open_call(cast)
        for n in range(many):
            until = clock.now() + timedelta(days=40 + n)
            deadlines_service.extend(call, call.version, closes_at=until, reason="再延。")
            text = f"第{n}次修改。"
            calls_service.edit_published(call, call.version, notice_text=text, summary=text)
            db.session.commit()
        db.session.commit()
        key, engine, seen = call.key, db.engine, list[str]()
        assert len(db.session.scalars(select(CallExtension)).all()) == many
    reader = client.as_(cast.applicant)
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    reader.get(f"/calls/{key}")
    assert len([s for s in seen if s.startswith("SELECT")]) <= 12, seen
