"""Writing a proposal while everything goes wrong: not one character is lost."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from lab.extensions import db
from lab.proposals.writing import service as drafts
from lab.workdays import service as workdays
from lab.workdays.rules import DayEntry
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import field, follow, menu, press
from tests.browser.readiness import act_at_once
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft
from tests.support.cast import PASSWORD

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^已保存 \d\d:\d\d$")
ONE = "第一段：园区缴费以现金为主，𠮷祥路网点尤甚。"
TWO = "\n第二段：连线断开时写下的话，一个字也不能少。"
THREE = "\n第三段：登录过期以后接着写。"
FOUR = "\n第四段：刚写完就刷新了页面。"
FIVE = "\n第五段：恢复以后的结尾。"


def draft_of(portal: Portal, *, led: bool = False) -> str:
    """The key of an empty draft of the applicant; `led`: the leader may write it, too."""
    with portal.app.app_context():
        proposal = empty_draft(portal.cast, open_call(portal.cast))
        if led:
            drafts.save_draft(drafts.SaveDraft(proposal, None, {"leader_id": portal.cast.leader}))
            db.session.commit()
        key = proposal.key
    return key


@pytest.fixture
def as_person(as_person: Visit) -> Visit:
    """The same with a fake clock in the page, which `let_autosave_fire` moves on."""

    def visit(name: str, **options: Any) -> Page:
        page = as_person(name, **options)
        page.clock.install()
        return page

    return visit


def let_autosave_fire(page: Page) -> None:
    """Move the clock past the two seconds without typing after which the page saves."""
    page.clock.run_for(3000)


def saved(page: Page) -> None:
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_have_text(SAVED)


def add(page: Page, label: str, text: str) -> None:
    """Type at the end of a field, as people do."""
    control = field(page, label)
    control.focus()
    control.press("Control+End")
    page.keyboard.insert_text(text)


def sign_in_elsewhere(page: Page) -> None:
    """Follow the link to the sign-in in its own window, sign in, close it."""
    with page.context.expect_page() as opened:
        follow(page, "重新登录（在新窗口打开）")
    window = opened.value
    field(window, "登录名").fill("applicant")
    field(window, "密码").fill(PASSWORD)
    press(window, "登录")
    window.wait_for_url(lambda url: "/sign-in" not in url)
    window.close()


def test_interrupted_writing_loses_no_character(
    portal: Portal, as_person: Visit, tmp_path: Path
) -> None:
    address = f"/proposals/{draft_of(portal)}/edit/background"
    page = as_person("applicant")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(address)
    add(page, "项目背景与必要性", ONE)
    saved(page)

    page.context.set_offline(True)
    add(page, "项目背景与必要性", TWO)
    page.keyboard.press("Tab")
    words = page.locator("[data-autosave-state]")
    expect(words).to_have_text("没有连上，内容还在本页，会自动再试")
    page.context.set_offline(False)
    saved(page)
    assert field(page, "项目背景与必要性").input_value() == ONE + TWO

    page.context.clear_cookies()
    add(page, "项目背景与必要性", THREE)
    page.keyboard.press("Tab")
    expect(words).to_have_text("登录已过期，内容还在本页")
    sign_in_elsewhere(page)
    saved(page)
    expect(page.locator("[data-autosave-trouble]")).to_be_hidden()

    add(page, "项目背景与必要性", FOUR)
    page.context.set_offline(True)  # the browser goes before the server has heard anything
    page.wait_for_timeout(100)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.context.set_offline(False)
    page.reload()
    offer = page.locator("[data-autosave-offer]")
    if field(page, "项目背景与必要性").input_value() != ONE + TWO + THREE + FOUR:
        expect(offer).to_be_visible()
        press(page, "恢复未保存的内容")
        saved(page)
    expect(offer).to_be_hidden()
    assert field(page, "项目背景与必要性").input_value() == ONE + TWO + THREE + FOUR

    second = page.context.new_page()
    second.goto(address)
    add(second, "项目模式", "另一个窗口写的模式。")
    saved(second)
    add(page, "项目背景与必要性", FIVE)
    page.keyboard.press("Tab")
    expect(page.locator("[data-autosave-sentence]")).to_contain_text("您在另一窗口修改了")
    press(page, "保存")
    expect(page.get_by_role("heading", level=1)).to_have_text("您在另一窗口更新了内容")
    field(page, "项目模式").fill("另一个窗口写的模式。")
    press(page, "按我的内容保存")
    expect(page.get_by_role("heading", level=1)).to_have_text("背景与模式")
    second.close()

    page.reload()
    expect(offer).to_be_hidden()
    assert field(page, "项目背景与必要性").input_value() == ONE + TWO + THREE + FOUR + FIVE
    assert field(page, "项目模式").input_value() == "另一个窗口写的模式。"
    assert broken == []


def test_text_of_a_page_that_was_closed_unsaved_is_offered_again(
    portal: Portal, as_person: Visit
) -> None:
    address = f"/proposals/{draft_of(portal, led=True)}/edit/targets"
    page = as_person("applicant")
    page.goto(address)
    saving = f"**{address}/autosave"
    page.route(saving, lambda route: route.abort())
    field(page, "第1行，里程碑").fill("完成系统对接")
    field(page, "经费来源").fill("本单位营销费用")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("没有连上")
    page.reload()
    page.unroute(saving)
    assert field(page, "经费来源").input_value() == ""
    press(page, "恢复未保存的内容")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("没有通过检查：里程碑：第1行")
    page.reload()
    expect(page.locator("[data-autosave-offer]")).to_be_hidden()
    assert field(page, "第1行，里程碑").input_value() == "完成系统对接"
    assert field(page, "经费来源").input_value() == "本单位营销费用"
    late_save(portal, page, f"{address}/autosave")
    twin(portal, page, f"{address}/autosave")
    another_person(page, address)


def test_a_copy_put_back_during_a_save_overwrites_nobody(portal: Portal, as_person: Visit) -> None:
    key = draft_of(portal, led=True)
    address, page = f"/proposals/{key}/edit/targets", as_person("applicant")
    page.goto(address)
    page.route("**/autosave", lambda route: route.abort())
    field(page, "经费来源").fill("申报人旧稿")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("没有连上")
    theirs = as_person("leader")
    theirs.goto(address)
    add(theirs, "经费来源", "组长新写的经费来源")
    saved(theirs)
    page.reload()
    expect(page.locator("[data-autosave-offer]")).to_be_visible()
    page.unroute("**/autosave")
    waiting: list[Route] = []
    page.route("**/autosave", lambda route: waiting.append(route), times=1)
    field(page, "第1行，里程碑").fill("完成系统对接")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_have_text("正在保存")
    press(page, "恢复未保存的内容")
    waiting[0].continue_()
    expect(page.locator("[data-autosave-state]")).not_to_have_text("正在保存")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-sentence]")).to_contain_text("已被他人修改")
    theirs.reload()
    assert field(theirs, "经费来源").input_value() == "组长新写的经费来源"


def test_a_late_answer_offers_nothing_that_this_page_wrote(as_person: Visit) -> None:
    page = as_person("office")
    late: list[Route] = []
    page.route("**/editing/presence", lambda route: late.append(route), times=1)
    page.goto("/calls/new")
    for typed in ("甲乙", "甲乙丙丁"):
        field(page, "批次名称").fill(typed)
        with page.expect_response("**/editing/draft"):
            let_autosave_fire(page)
        expect(page.locator("[data-autosave-state]")).to_contain_text("草稿已自动保存")
        if typed == "甲乙":
            answer = late[0].fetch()
            assert "甲乙" in answer.text() or "\\u7532" in answer.text()
    with page.expect_event("requestfinished"):
        late[0].fulfill(response=answer)
    page.wait_for_function("document.querySelector('[data-presence]') !== null")
    page.clock.run_for(100)
    expect(page.locator("[data-autosave-offer]")).to_be_hidden()


def test_restored_text_goes_by_the_page_it_is_restored_on(portal: Portal, as_person: Visit) -> None:
    page = as_person("office")
    add_a_day(portal, date(2031, 1, 2))
    page.goto("/workdays/2031")
    field(page, "依据").fill("关于2031年部分节假日安排的通知")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("草稿已自动保存")
    add_a_day(portal, date(2031, 1, 3))
    page.goto("/workdays/2031")
    press(page, "恢复未保存的内容")
    press(page, "本年已按国务院办公厅通知录全")
    expect(page.locator("main")).to_contain_text("已标明2031年录全。")


def add_a_day(portal: Portal, day: date) -> None:
    with portal.app.app_context():
        entry = DayEntry(day, False, "元旦")
        workdays.add_day(entry, source="通知", person_id=portal.cast.office)
        db.session.commit()


def late_save(portal: Portal, page: Page, saving: str) -> None:
    """A save hangs in the network; the page saves newer text; then the first one arrives."""
    state, hanging = page.locator("[data-autosave-state]"), list[Request]()

    def hang(route: Route) -> None:
        hanging.append(route.request)
        route.abort()

    page.route(f"**{saving}", hang, times=1)
    field(page, "经费来源").fill("先写的经费来源")
    let_autosave_fire(page)
    expect(state).to_contain_text("没有连上")
    field(page, "经费来源").fill("后写的经费来源")
    let_autosave_fire(page)
    expect(state).to_contain_text("已保存")
    late = send_again(portal, page, saving, hanging[0].post_data or "")
    assert late["state"] == "late"
    page.reload()
    assert field(page, "经费来源").input_value() == "后写的经费来源"


def send_again(portal: Portal, page: Page, saving: str, body: str) -> dict[str, object]:
    """What the server answers to a save that the page's script did not send itself."""
    answer = page.context.request.post(
        portal.url + saving,
        data=body,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "Origin": portal.url,
        },
    )
    assert answer.status == 200
    told: dict[str, object] = answer.json()
    return told


def twin(portal: Portal, page: Page, saving: str) -> None:
    """A page that goes by the same name has saved: both texts stay, the writer is asked."""
    control, words = field(page, "经费来源"), page.locator("[data-autosave-sentence]")
    with page.expect_request(f"**{saving}") as sent:
        control.fill("两页同名，这页先写")
        let_autosave_fire(page)
    saved = page.locator("[data-autosave-state]")
    expect(saved).to_contain_text("已保存")
    version = page.locator("form[data-autosave] [name='version']").input_value()
    body = re.sub(r"&tab=([a-z0-9]+)%3A\d+", r"&tab=\1%3A99999", sent.value.post_data or "")
    body = re.sub(r"&version=\d+", f"&version={version}", body)
    assert "version" in send_again(portal, page, saving, body)
    control.fill("两页同名，这页后写")
    let_autosave_fire(page)
    expect(words).to_contain_text("您在另一窗口修改了")
    assert control.input_value() == "两页同名，这页后写"
    page.reload()


def another_person(page: Page, address: str) -> None:
    """The session ends while somebody types; somebody else signs in here, then the writer."""
    page.route("**/autosave", lambda route: route.abort())
    field(page, "经费来源").fill("会话结束时正在写")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("没有连上")
    offer = page.locator("[data-autosave-offer]")
    for name, offered in (("leader", False), ("applicant", True)):
        page.context.clear_cookies()
        page.goto(f"/sign-in?next={address}")
        field(page, "登录名").fill(name)
        field(page, "密码").fill(PASSWORD)
        with page.expect_response("**/editing/presence"):
            press(page, "登录")
        expect(offer).to_be_visible(visible=offered)
    page.unroute("**/autosave")
    press(page, "恢复未保存的内容")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("已保存")
    assert field(page, "经费来源").input_value() == "会话结束时正在写"


def test_unsent_text_of_any_form_waits_for_its_writer(portal: Portal, as_person: Visit) -> None:
    draft_of(portal)
    page = as_person("office")
    page.goto("/")
    menu(page, "征集批次")
    page.locator("main tbody a").first.click()
    page.wait_for_url("**/calls/*")
    address = f"{page.url}/edit"
    page.goto(address)
    add(page, "征集通知正文", "补充：附件一式两份。")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("草稿已自动保存")
    page.close(run_before_unload=False)
    other = as_person("office2")
    with other.expect_response("**/editing/presence"):
        other.goto(address)
    expect(other.locator("[data-autosave-offer]")).to_be_hidden()
    page = as_person("office")  # another browser: what was typed is on the server alone
    page.goto(address)
    press(page, "恢复未保存的内容")
    text = page.locator("textarea[name='notice_text']")
    expect(text).to_have_value(re.compile("附件一式两份。$"))
    expect(field(page, "征集通知正文")).to_contain_text("附件一式两份。")
    let_autosave_fire(page)
    expect(page.locator("[data-autosave-state]")).to_contain_text("草稿已自动保存")


@pytest.mark.two_processes
def test_a_field_of_any_name_is_stored_as_it_was_typed(portal: Portal, as_person: Visit) -> None:
    address = f"/proposals/{draft_of(portal)}/edit/basics"
    page = as_person("applicant")
    page.goto(address)
    add(page, "实施地点", "东城区示范园区")
    saved(page)
    page.goto(address)
    expect(field(page, "实施地点")).to_have_value("东城区示范园区")
    typed_before_the_script(page)


def typed_before_the_script(page: Page) -> None:
    """On a slow line somebody types while the page's scripts are still under way."""
    act_at_once(page)
    waiting: list[Route] = []
    page.route("**/js/editing.js*", lambda route: waiting.append(route))
    page.reload(wait_until="commit")
    field(page, "实施地点").fill("脚本到达之前写的地点")
    field(page, "负责人").fill("组长甲")
    assert len(waiting) == 1
    waiting[0].continue_()
    saved(page)
    page.unroute("**/js/editing.js*")
    page.reload()
    expect(field(page, "实施地点")).to_have_value("脚本到达之前写的地点")
    expect(page.locator("[data-autosave-offer]")).to_be_hidden()


def test_two_people_see_each_other_and_write_on_undisturbed(
    portal: Portal, as_person: Visit
) -> None:
    key = draft_of(portal)
    mine = as_person("applicant")
    mine.goto(f"/proposals/{key}/edit/basics")
    field(mine, "负责人").fill("组长甲（邮政东城分公司）")
    saved(mine)
    theirs = as_person("leader")
    theirs.goto(f"/proposals/{key}/edit/plan")
    add(theirs, "实施方案", "组长写的方案。")
    saved(theirs)
    add(mine, "项目名称", "园区缴费【演示】")
    saved(mine)
    expect(mine.locator("[data-presence]")).to_have_text("组长甲正在编辑第3步“实施方案与联动”。")
    press(mine, "保存并继续")
    expect(mine.get_by_role("heading", level=1)).to_have_text("背景与模式")
    menu(theirs, "申报书")
    expect(theirs.get_by_role("link", name="园区缴费【演示】")).to_be_visible()
