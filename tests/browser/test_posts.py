"""Pressing a button in a real browser: with the line down, and Back after a refusal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from lab.extensions import db
from lab.identity.models.account import Unit
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import field, press
from tests.browser.readiness import act_at_once
from tests.support.builders.calls import closed_call, open_call
from tests.support.builders.proposals import filled_draft

pytestmark = pytest.mark.browser
NAME, LONG = "【演示】新设支行", "【演示】" + "名" * 70


def units(portal: Portal) -> int:
    with portal.app.app_context():
        return db.session.query(Unit).filter(Unit.name.startswith("【演示】")).count()


def fill(page: Page, name: str) -> None:
    field(page, "单位名称").fill(name)
    field(page, "上级单位").select_option(index=1)


def test_a_press_with_the_line_down_keeps_the_page(portal: Portal, as_person: Visit) -> None:
    _make_a_unit_over_a_dead_line(portal, as_person("office"))
    _save_a_text_over_a_dead_line(portal, as_person("applicant"))


def _make_a_unit_over_a_dead_line(portal: Portal, page: Page) -> None:
    page.goto("/units/new")
    fill(page, NAME)
    page.context.set_offline(True)
    press(page, "保存")
    note = page.locator("[data-line-note]")
    expect(note).to_contain_text("没有连上门户，刚才没有提交")
    assert field(page, "单位名称").input_value() == NAME and units(portal) == 0
    assert page.locator("form[data-guard]").get_attribute("data-changed") == "1"  # leaving warns
    page.context.set_offline(False)
    expect(note).to_contain_text("请再点一次“保存”")
    press(page, "保存")
    page.wait_for_url("**/units")
    assert units(portal) == 1


def _save_a_text_over_a_dead_line(portal: Portal, page: Page) -> None:
    with portal.app.app_context():
        key = filled_draft(portal.cast, open_call(portal.cast)).key
    page.goto(f"/proposals/{key}/edit/background")
    field(page, "项目背景与必要性").fill("断线时写下的背景。")
    page.context.set_offline(True)
    press(page, "保存")
    expect(page.locator("[data-line-note]")).to_be_visible()
    page.context.set_offline(False)
    press(page, "保存")
    expect(page.locator(".notice-green")).to_contain_text("已保存")
    assert field(page, "项目背景与必要性").input_value() == "断线时写下的背景。"


def test_a_double_click_sends_once(portal: Portal, as_person: Visit) -> None:
    page = as_person("office")
    page.goto("/units/new")
    fill(page, NAME)
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.get_by_role("button", name="保存", exact=True).dblclick()
    page.wait_for_url("**/units")
    assert len([url for url in posts if url.endswith("/units/new")]) == 1 and units(portal) == 1


def test_back_and_reload_find_a_refused_form(portal: Portal, as_person: Visit) -> None:
    for scripts in (True, False):
        _go_back_to_a_refused_form(as_person("office", java_script_enabled=scripts))
        assert units(portal) == 0, scripts


def _go_back_to_a_refused_form(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    page.goto("/units/new")
    for name in (LONG, LONG + "们"):
        fill(page, name)
        before = page.url
        press(page, "保存")
        page.wait_for_url(lambda url, before=before: "answer=" in url and url != before)
        expect(field(page, "单位名称")).to_have_value(name)
        expect(page.locator("body")).to_contain_text("最多60个字符")
    sent = [url for url in posts if "/editing/" not in url]
    page.goto("/calls")
    for name in (LONG + "们", LONG):
        page.go_back()
        expect(field(page, "单位名称")).to_have_value(re.compile(LONG))  # what was typed there last
        page.reload()
        expect(field(page, "单位名称")).to_have_value(name)
    assert [url for url in posts if "/editing/" not in url] == sent and len(sent) == 2


def test_what_is_wrong_takes_the_caret_from_nobody(as_person: Visit) -> None:
    page = as_person("office")
    page.goto("/units/new")
    fill(page, LONG)
    press(page, "保存")
    page.wait_for_url("**answer=**")
    wrong, name = page.locator("[data-focus]"), field(page, "单位名称")
    expect(wrong).to_be_focused()
    act_at_once(page)
    late: list[Route] = []
    page.route("**/static/js/page.js*", lambda route: late.append(route))
    page.reload(wait_until="commit")
    name.press("End")
    late.pop().continue_()
    page.wait_for_load_state()
    expect(name).to_be_focused()
    page.keyboard.type("新")
    expect(name).to_have_value(f"{LONG}新")


def test_an_offer_pushes_nobody_out_of_the_field(as_person: Visit) -> None:
    page = as_person("office")
    page.goto("/units/new")
    fill(page, NAME)
    expect(page.locator("[data-autosave-state]")).to_contain_text("草稿已自动保存")
    act_at_once(page)
    late: list[Route] = []
    page.route("**/static/js/editing.js*", lambda route: late.append(route))
    page.set_viewport_size({"width": 1440, "height": 500})  # a page longer than its window
    page.goto("/units/new", wait_until="commit")
    name = field(page, "单位名称")
    name.focus()
    before = name.bounding_box()
    late.pop().continue_()
    expect(page.locator("[data-autosave-offer]")).to_be_visible()
    after = name.bounding_box()
    assert before and after and abs(after["y"] - before["y"]) < 1, (before, after)
    expect(name).to_be_focused()


def test_a_code_is_shown_once_in_the_browser_too(portal: Portal, as_person: Visit) -> None:
    with portal.app.app_context():
        key = closed_call(portal.cast).key
    page = as_person("office")
    page.goto(f"/calls/{key}/codes")
    page.locator("[name=unit_id]").select_option(index=1)
    page.locator("[name=reason]").fill("经办人住院。")
    press(page, "生成补报码")
    code = page.locator(".late-code").inner_text()
    page.reload()
    expect(page.locator("main")).to_contain_text("已显示过")
    assert code not in page.content()
