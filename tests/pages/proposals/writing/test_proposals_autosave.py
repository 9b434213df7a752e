"""Saving while typing, as the page's script asks for it, and the drafts of the last hour."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html as lxml_html
from sqlalchemy import Connection, event, select, update
from sqlalchemy.orm import selectinload
from werkzeug.test import TestResponse

from lab import clock
from lab.audit.models import AuditEvent
from lab.editing import tabs
from lab.editing.models import EditorTabState
from lab.extensions import db
from lab.identity.models.account import AuthSession
from lab.proposals.core.content import comparison, content
from lab.proposals.core.content import reader as content_reader
from lab.proposals.models.drafts import ProposalDraftSnapshot
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import LABELS
from lab.proposals.search import indexing
from lab.proposals.writing import service_snapshots
from lab.proposals.writing.service import create_draft
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import confirm, filled_draft, returned_proposal
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of

SCRIPT = {"Origin": "http://localhost", "Accept": "application/json"}
TAB, OTHER_TAB = "a1b2c3d4e5f6", "f6e5d4c3b2a1"


@pytest.fixture
def draft(both_app: Flask, both_cast: Cast) -> str:
    with both_app.app_context():
        key = filled_draft(both_cast, open_call(both_cast)).key
        db.session.remove()
    return key


@dataclass
class Tab:
    """An open step page with its script: what its controls held, and its name."""

    client: PageClient
    address: str
    values: dict[str, Any]
    tab: str = TAB
    number: int = 0

    def send(self, **typed: str) -> TestResponse:
        """Autosave with these changes, taking over version as the script does."""
        self.values |= typed
        self.number += 1
        answer = self.client.http.post(
            self.address,
            data={**self.values, "tab": f"{self.tab}:{self.number}"},
            headers=SCRIPT,
        )
        assert answer.content_type == "application/json", text_of(answer)
        return answer

    def save(self, **typed: str) -> dict[str, Any]:
        answer = self.send(**typed)
        assert answer.status_code == 200, answer.text
        self.values["version"] = str(answer.json["version"])
        told: dict[str, Any] = answer.json
        return told


def open_tab(client: PageClient, key: str, slug: str = "background", tab: str = TAB) -> Tab:
    page = client.get(f"/proposals/{key}/edit/{slug}")
    form = lxml_html.fromstring(page.text).xpath("//main//form[@data-autosave]")[0]
    return Tab(client, form.get("data-autosave"), dict(form.form_values()), tab)


def stored(app: Flask, key: str) -> Proposal:
    with app.app_context():
        found = db.session.scalars(
            select(Proposal)
            .where(Proposal.key == key)
            .options(selectinload(Proposal.people), selectinload(Proposal.milestones))
        ).one()
        db.session.remove()
    return found


# -- saving ------------------------------------------------------------------------------------


def test_typing_is_saved_in_the_background(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    tab = open_tab(both_client.as_(both_cast.applicant), draft)
    first = tab.save(background="写到一半")
    second = tab.save(background="写到一半，接着写。")
    assert second["version"] > first["version"]
    assert second["saved_at"] == f"{clock.beijing(clock.now()):%H:%M}" and second["errors"] == {}
    assert stored(both_app, draft).background == "写到一半，接着写。"
    with both_app.app_context():
        actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions[-2:] == ["proposal.autosave"] * 2


def test_invalid_input_is_saved_as_typed_and_named(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    client, long = both_client.as_(both_cast.applicant), "长" * 801
    told = open_tab(client, draft).save(background=long, mode="新的模式")
    assert set(told["errors"]) == {"background"}
    assert "项目背景与必要性：最多800个字符" in told["errors"]["background"]
    assert stored(both_app, draft).mode == "新的模式"
    page = lxml_html.fromstring(client.get(f"/proposals/{draft}/edit/background").text)
    assert page.get_element_by_id("background").text_content().strip() == long


def test_half_filled_rows_survive_too(both_client: PageClient, draft: str, both_cast: Cast) -> None:
    client = both_client.as_(both_cast.applicant)
    told = open_tab(client, draft, "targets").save(**{"milestones-2-name": "还没有想好日期"})
    assert "第3行“完成日期”" in told["errors"]["milestones"]
    assert "还没有想好日期" in client.get(f"/proposals/{draft}/edit/targets").text


def test_attachments_are_left_alone(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    open_tab(both_client.as_(both_cast.applicant), draft, "files").save(unit_opinion="同意。")
    assert stored(both_app, draft).unit_opinion == "同意。"


def test_somebody_elses_text_of_the_same_step_is_not_overwritten(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    mine = open_tab(both_client.as_(both_cast.applicant), draft)
    theirs = open_tab(both_client.as_(both_cast.leader), draft, tab=OTHER_TAB)
    theirs.save(mode="他的写法")
    answer = mine.send(mode="我的写法")
    assert answer.status_code == 409 and answer.json["state"] == "clash"
    assert "已被他人修改" in answer.json["text"]
    assert stored(both_app, draft).mode == "他的写法"
    page = mine.client.http.post(
        mine.address.removesuffix("/autosave"), data=mine.values, headers=SCRIPT
    )
    assert page.status_code == 409 and "我的写法" in page.text and "他的写法" in page.text


def test_two_people_at_different_steps_do_not_meet(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    mine = open_tab(both_client.as_(both_cast.applicant), draft)
    theirs = open_tab(both_client.as_(both_cast.leader), draft, "plan", OTHER_TAB)
    for word in ("一", "二", "三"):
        assert theirs.save(plan=f"方案{word}")["errors"] == {}
        assert mine.save(mode=f"模式{word}")["errors"] == {}
    proposal = stored(both_app, draft)
    assert (proposal.mode, proposal.plan) == ("模式三", "方案三")


def test_a_save_whose_answer_was_lost_can_be_sent_again(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    tab = open_tab(both_client.as_(both_cast.applicant), draft)
    assert tab.send(mode="第一句。").status_code == 200  # the page never hears of it
    assert tab.send(mode="第一句。第二句。").status_code == 200
    tab.save(mode="第一句。第二句。第三句。")
    assert stored(both_app, draft).mode == "第一句。第二句。第三句。"


def test_a_second_tab_of_the_same_person_is_no_retry(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    client = both_client.as_(both_cast.applicant)
    one, two = open_tab(client, draft), open_tab(client, draft, tab=OTHER_TAB)
    one.save(mode="第一个窗口")
    answer = two.send(mode="第二个窗口")
    assert answer.status_code == 409
    assert stored(both_app, draft).mode == "第一个窗口"


@pytest.mark.parametrize("tab", [TAB, ""])
def test_the_own_other_window_is_not_called_somebody_else(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast, tab: str
) -> None:
    """With scripts and, where no window has a name, without."""
    client = both_client.as_(both_cast.applicant)
    one = open_tab(client, draft, tab=tab)
    two = open_tab(client, draft, tab=OTHER_TAB if tab else "")
    one.save(mode="第一个窗口")
    answer = two.send(mode="第二个窗口")
    assert "您在另一窗口修改了此处的内容" in answer.json["text"]
    page = client.http.post(two.address.removesuffix("/autosave"), data=two.values, headers=SCRIPT)
    assert page.status_code == 409 and "您在另一窗口更新了内容" in page.text
    open_tab(both_client.as_(both_cast.leader), draft, tab="c" * 12).save(mode="组长写的")
    assert "已被他人修改" in two.send(mode="第二个窗口").json["text"]
    # The difference is the leader's, although the newest save was one's own.
    open_tab(both_client.as_(both_cast.applicant), draft, tab="d" * 12).save(plan="再写方案")
    assert "已被他人修改" in two.send(mode="第二个窗口").json["text"]


def test_a_reloaded_page_takes_over_unsaved_text(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    old = open_tab(both_client.as_(both_cast.applicant), draft)
    assert old.send(mode="关闭前写的").status_code == 200
    new = replace(old, tab=OTHER_TAB, values={**old.values, "adopted": f"{TAB}:1"})
    assert new.send(mode="关闭前写的，再加一句").status_code == 200
    later = replace(old, tab="0" * 12, values={**old.values, "adopted": f"{TAB}:1"})
    assert later.send(mode="更早的一份").status_code == 409
    assert stored(both_app, draft).mode == "关闭前写的，再加一句"


def test_the_page_knows_which_save_the_server_has(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    person = client.as_(cast.applicant)
    tab = open_tab(person, key)
    tab.save(mode="一")
    version = tab.save(mode="二")["version"]
    asked = {
        "form_path": f"/proposals/{key}/edit/background",
        "tab": f"{OTHER_TAB}:0",
        "opened": "1",
    }
    told = person.http.post("/editing/presence", data={**tab.values, **asked}, headers=SCRIPT)
    assert (told.json["saved"], told.json["draft"]) == (f"{TAB}:2:{version}", None)


# -- the sign-in -------------------------------------------------------------------------------


def test_autosave_resumes_after_an_expired_sign_in(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    tab = open_tab(both_client.as_(both_cast.applicant), draft)
    with both_app.app_context():
        db.session.execute(update(AuthSession).values(ended_at=clock.now()))
        db.session.commit()
        db.session.remove()
    answer = tab.send(mode="离开一会儿")
    assert answer.status_code == 401 and answer.json["state"] == "signed_out"
    tab.client = both_client.as_(both_cast.applicant)
    tab.client.token()
    stale = tab.send()
    assert stale.status_code == 400 and stale.json["state"] == "stale"
    tab.save(csrf_token=stale.json["csrf_token"])
    assert stored(both_app, draft).mode == "离开一会儿"


def test_a_foreign_site_gets_no_token(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    person = client.as_(cast.applicant)
    for headers in ({"Accept": "application/json"}, {**SCRIPT, "Origin": "http://elsewhere"}):
        answer = person.http.post(f"/proposals/{key}/edit/plan/autosave", data={}, headers=headers)
        assert answer.status_code == 400 and "csrf" not in answer.text


def test_another_person_cannot_save_in_ones_name(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    tab = open_tab(both_client.as_(both_cast.applicant), draft)
    tab.client = both_client.as_(both_cast.leader)
    answer = tab.send(mode="申报甲写的", csrf_token=tab.client.token())
    assert answer.status_code == 409 and answer.json["state"] == "other_person"
    assert stored(both_app, draft).mode != "申报甲写的"


@pytest.mark.parametrize("version", ["", "x", "-1"])
def test_an_incomplete_page_is_reported(
    client: PageClient, app: Flask, cast: Cast, version: str
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    tab = open_tab(client.as_(cast.applicant), key)
    assert tab.send(version=version).status_code == 422
    nowhere = replace(tab, address=f"/proposals/{key}/edit/nowhere/autosave")
    told = nowhere.client.http.post(nowhere.address, data=tab.values, headers=SCRIPT).json
    assert (told["state"], told["text"]) == ("error", "您要看的内容不存在，或者您无权查看。")


# -- who is writing ----------------------------------------------------------------------------


def test_other_editors_are_shown_for_ninety_seconds(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    mine, leader = client.as_(cast.applicant), client.as_(cast.leader)
    theirs = open_tab(leader, key, "plan", OTHER_TAB)
    lines = len_audit(app)
    place = {"form_path": f"/proposals/{key}/edit/plan", "tab": f"{OTHER_TAB}:0"}
    beat = leader.http.post("/editing/presence", data={**theirs.values, **place}, headers=SCRIPT)
    assert beat.json == {"others": []} and len_audit(app) == lines
    text = "组长甲正在编辑第3步“实施方案与联动”。"
    assert text in text_of(mine.get(f"/proposals/{key}/edit/background"))
    assert text not in text_of(leader.get(f"/proposals/{key}/edit/background"))
    assert open_tab(mine, key).save(mode="一")["others"] == [text]
    with clock.freeze(clock.now() + timedelta(seconds=91)):
        assert text not in text_of(mine.get(f"/proposals/{key}/edit/background"))


def len_audit(app: Flask) -> int:
    with app.app_context():
        found = len(db.session.scalars(select(AuditEvent.seq)).all())
        db.session.remove()
    return found


# -- the last hour -----------------------------------------------------------------------------


def test_deleted_text_is_restored_from_the_last_hour(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    client = both_client.as_(both_cast.applicant)
    before = stored(both_app, draft)
    tab = open_tab(client, draft)
    tab.save(background="", mode="长" * 801)
    listed = lxml_html.fromstring(client.get(f"/proposals/{draft}/drafts").text)
    address = listed.xpath("//main//tbody//a/@href")[0]
    assert "园区缴费以现金为主。" in text_of(client.get(address))
    client.submit(address)
    after = stored(both_app, draft)
    assert (after.background, after.invalid_input) == (before.background, before.invalid_input)
    assert [m.due_on for m in after.milestones] == [m.due_on for m in before.milestones]
    assert [p.person_id for p in after.people] == [p.person_id for p in before.people]
    client.get(f"{address}9", status=404)


def test_text_that_failed_the_check_is_restored_as_typed(
    both_client: PageClient, draft: str, both_cast: Cast
) -> None:
    client, long, start = both_client.as_(both_cast.applicant), "长" * 801, clock.now()
    tab = open_tab(client, draft)

    def newest() -> str:
        listed = lxml_html.fromstring(client.get(f"/proposals/{draft}/drafts").text)
        return str(listed.xpath("//main//tbody//a/@href")[0])

    tab.save(background=long)
    with clock.freeze(start + timedelta(minutes=3)):
        tab.save(background="写短了")
    with clock.freeze(start + timedelta(minutes=4)):
        client.submit(newest())
        page = lxml_html.fromstring(client.get(f"/proposals/{draft}/edit/background").text)
        assert page.get_element_by_id("background").text_content().strip() == long
        assert "写短了" in text_of(client.get(newest())), "what it replaced can come back, too"


def test_snapshots_are_taken_every_two_minutes_for_an_hour(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    def kept() -> int:
        with both_app.app_context():
            found = len(db.session.scalars(select(ProposalDraftSnapshot.id)).all())
            db.session.remove()
        return found

    start = clock.now()
    tab = open_tab(both_client.as_(both_cast.applicant), draft)
    for seconds, wanted in ((1, 1), (60, 1), (119, 1), (122, 2), (300, 3)):
        with clock.freeze(start + timedelta(seconds=seconds)):
            tab.save(mode=f"第{seconds}秒")
        assert kept() == wanted
    with both_app.app_context(), clock.freeze(start + timedelta(seconds=3610)):
        service_snapshots.purge_expired()
    assert kept() == 2
    with both_app.app_context(), clock.freeze(start + timedelta(days=2)):
        service_snapshots.purge_expired()
        tabs.purge_expired()
        assert db.session.scalars(select(EditorTabState.id)).all() == []
        db.session.remove()
    assert kept() == 0


def test_recent_drafts_are_only_for_writers(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    open_tab(client.as_(cast.applicant), key).save(mode="一")
    assert "最近一小时没有修改" not in text_of(
        client.as_(cast.leader).get(f"/proposals/{key}/drafts")
    )
    client.as_(cast.member).get(f"/proposals/{key}/drafts", status=403)
    client.as_(cast.stranger).get(f"/proposals/{key}/drafts", status=404)


def test_the_own_draft_opens_no_text_of_another(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        call = open_call(cast)
        key, other = filled_draft(cast, call).key, create_draft(call, person(cast.stranger)).key
        db.session.commit()
    open_tab(client.as_(cast.applicant), key).save(mode="一")
    with app.app_context():
        (number,) = db.session.scalars(select(ProposalDraftSnapshot.id))
    client.as_(cast.applicant).get(f"/proposals/{key}/drafts/{number}")
    client.as_(cast.stranger).get(f"/proposals/{other}/drafts/{number}", status=404)
    client.as_(cast.stranger).post(f"/proposals/{other}/drafts/{number}", status=404)


def test_a_deleted_draft_takes_its_texts_along(
    both_client: PageClient, both_app: Flask, draft: str, both_cast: Cast
) -> None:
    client = both_client.as_(both_cast.applicant)
    open_tab(client, draft).save(mode="一")
    client.post(f"/proposals/{draft}/delete")
    with both_app.app_context():
        assert db.session.scalars(select(ProposalDraftSnapshot.id)).all() == []
        assert db.session.scalars(select(EditorTabState.id)).all() == []
        db.session.remove()


# -- versions ----------------------------------------------------------------------------------


def test_what_came_back_after_a_return_shows_as_a_difference(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = returned_proposal(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    applicant.submit(f"/proposals/{key}/edit/background", {"background": "园区缴费以刷卡为主。"})
    applicant.submit(f"/proposals/{key}/edit/targets", {"targets-0-target": "1500"})
    with app.app_context():
        confirm(db.session.scalars(select(Proposal).where(Proposal.key == key)).one())
    applicant.submit(f"/proposals/{key}/submit", {"pledge": "1"})
    overview = applicant.get(f"/proposals/{key}")
    address = lxml_html.fromstring(overview.text).xpath("//a[contains(@href, '/changes')]/@href")
    assert address == [f"/proposals/{key}/versions/2/changes"]
    for page in (applicant.get(address[0]), client.as_(cast.office).get(f"/checks/{key}")):
        root = lxml_html.fromstring(page.text)
        gone = " ".join(e.text_content() for e in root.xpath("//del"))
        come = " ".join(e.text_content() for e in root.xpath("//ins"))
        assert "现金" in gone and "1,200" in gone and "刷卡" in come and "1,500" in come
        assert "项目模式的变化" not in page.text
    assert "第一次提交" in text_of(applicant.get(f"/proposals/{key}/versions/1/changes"))
    client.as_(cast.stranger).get(address[0], status=404)


def test_every_difference_is_named_in_form_order(app: Flask, cast: Cast) -> None:
    with app.app_context():
        before = content.current_content(filled_draft(cast, open_call(cast)))
        db.session.remove()
    turned = {
        field.name: f"{getattr(before, field.name)}改"
        for field in fields(before)
        if isinstance(getattr(before, field.name), str)
    }
    after = replace(
        before,
        **turned,
        texts={key: f"{text}改" for key, text in before.texts.items()},
        people=(),
        targets=(),
        milestones=(),
        leader=None,
        starts_on=None,
        budget_fen=None,
        budget=(),
        partner=None,
        smart_contract=True,
        files=(content_reader.Attachment("a" * 12, "意向书.pdf", 10, "0" * 64),),
    )
    labels = [change.label for change in comparison.changes_between(before, after)]
    order = [LABELS[name] for name in LABELS if LABELS[name] in labels]
    assert [label for label in labels if label in order] == order
    assert {"所属方", "计划起止", "附件", "预期指标", "里程碑", "负责人"} <= set(labels)
    missing = {"leader_duty", "leader_phone", "avoided", "starts_on", "ends_on", "partner_id"}
    assert set(order) == {label for name, label in LABELS.items() if name not in missing}
    assert comparison.changes_between(before, before) == ()


def test_a_save_says_how_the_steps_stand(client: PageClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    page = open_tab(client.as_(cast.applicant), key, "plan")
    assert page.save(plan="")["steps"] == {"2": "current"}
    assert page.save(plan="分三步实施。")["steps"] == {"2": "done"}
    basics = open_tab(client.as_(cast.applicant), key, "basics", tab="b" * 12)
    marks = basics.save(starts_on="2099-01-01", ends_on="2099-12-31")["steps"]
    assert marks == {"0": "done", "3": "warn"}


def test_a_proposal_that_cannot_be_indexed_holds_up_no_other(
    client: PageClient, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        call = open_call(cast)
        broken, sound = (filled_draft(cast, call) for _ in range(2))
        ids, keys = (broken.id, sound.id), (broken.key, sound.key)
    for key in keys:
        open_tab(client.as_(cast.applicant), key, "plan").save(plan="引入晶莹剔透的方案。")
    refresh = indexing.index.refresh

    def failing(connection: Connection, proposal_id: int) -> dict[str, Any]:
        if proposal_id == ids[0]:
            raise ValueError("broken")
        return refresh(connection, proposal_id)

    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(indexing.index, "refresh", failing)
        indexing.index_due()
        due = db.session.scalars(select(Proposal.id).where(Proposal.index_due)).all()
        db.session.remove()
    assert due == [ids[0]]
    with app.app_context():
        indexing.index_due()
        assert not db.session.scalar(select(Proposal.id).where(Proposal.index_due))


def test_what_is_typed_is_found_once_the_worker_has_run(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    applicant = client.as_(cast.applicant)
    open_tab(applicant, key, "plan").save(plan="引入晶莹剔透的方案。")
    assert "没有找到" in text_of(applicant.get("/search?q=晶莹剔透"))
    with app.app_context():
        indexing.index_due()
        assert not db.session.scalar(select(Proposal.index_due).where(Proposal.key == key))
    assert "晶莹剔透" in text_of(applicant.get("/search?q=晶莹剔透"))
    applicant.submit(f"/proposals/{key}/edit/plan", {"plan": "按钮保存的焕然一新。"})
    assert "焕然一新" in text_of(applicant.get("/search?q=焕然一新"))


def test_a_save_while_typing_asks_at_most_twelve_queries(
    client: PageClient, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        key = filled_draft(cast, open_call(cast)).key
    page = open_tab(client.as_(cast.applicant), key, "plan")
    page.save(plan="第一次。")
    with app.app_context():
        engine = db.engine
    asked: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        page.save(plan="第二次。")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(asked) <= 12, asked
