"""A formality check by keys: returned for two fields, mended, seen as a difference, passed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from lab.proposals.search import similar
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import Walk, field, follow, menu, press, says
from tests.browser.steps.proposal import send_letters
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import avoiding, submitted_proposal

pytestmark = pytest.mark.browser

FIRST, SECOND, THIRD = "园区缴费", "校园食堂", "社区菜店"
REASON = "请按通知要求改名称，并补充单位意见。"


def _submit_three(portal: Portal) -> None:
    """Three proposals wait, as though handed in one after another."""
    with portal.app.app_context():
        call = open_call(portal.cast)
        for title in (FIRST, SECOND, THIRD):
            submitted_proposal(portal.cast, call, title=title, joint_unit_id=None)


def _heading(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"形式审查：{title}")


def _keys(page: Page, *keys: str) -> None:
    expect(page.locator("[data-keys]")).to_be_visible()  # shown once keys are listened to
    for key in keys:
        page.keyboard.press(key)


def _return_by_keys(walk: Walk) -> None:
    """Everything is in order but the unit's opinion; it and the title are opened."""
    page = walk.person("office")
    menu(page, "形式审查")
    follow(page, "逐份审查")
    _heading(page, FIRST)
    expect(page.get_by_text("本日已办0份，待办3份")).to_be_visible()
    _keys(page, "j", "1", "1", "1", "2")
    page.keyboard.type("没有盖章，1j2k和n都只是字")
    expect(page.get_by_text("已保存").first).to_be_visible()
    # Somebody comes in: the page is closed, and nothing of it is lost.
    page.reload()
    opinion = page.locator(".check-item").nth(3)
    expect(opinion.get_by_label("不合格", exact=True)).to_be_checked()
    expect(opinion.get_by_role("textbox")).to_have_value("没有盖章，1j2k和n都只是字")
    assert page.locator("input[value='ok']:checked").count() == 3
    page.get_by_label("退回补正", exact=True).check()
    expect(page.get_by_label("申报单位意见", exact=True)).to_be_checked()  # suggested by the mark
    page.locator("summary").filter(has_text="基本信息").click()
    page.get_by_label("项目名称", exact=True).check()
    field(page, "补正期限").select_option("3")
    walk.look(page, "office-returning")
    field(page, "理由").fill(REASON)
    page.keyboard.press("Control+Enter")
    says(page, "已办理：退回补正")
    _heading(page, SECOND)


def _mend(walk: Walk) -> None:
    """The applicant finds two fields open and nothing else."""
    page = walk.person("applicant")
    menu(page, "申报书")
    follow(page, FIRST)
    expect(page.locator("main").get_by_text(REASON).first).to_be_visible()
    follow(page, "补正")
    steps = page.get_by_role("navigation", name="步骤")
    expect(steps.get_by_role("link", name="（可修改）")).to_have_count(2)
    form = page.locator("form[data-autosave]")
    expect(form.get_by_role("textbox")).to_have_count(1)
    expect(form.get_by_role("combobox")).to_have_count(0)
    walk.look(page, "applicant-mending")
    field(page, "项目名称").fill(f"{FIRST}试点")
    press(page, "保存并继续")  # on to the next step that is open
    expect(page.get_by_role("heading", level=1)).to_have_text("附件与提交")
    expect(page.locator("form[data-autosave]").get_by_role("textbox")).to_have_count(1)
    field(page, "申报单位意见").fill("同意申报，已盖章。")
    press(page, "保存并核对提交")
    page.get_by_label(re.compile("^签署承诺")).check()
    press(page, "提交")
    says(page, "已提交，申报编号")


def _pass_by_keys(walk: Walk) -> None:
    """What came back is first in the queue, its changes on top; it passes, the next one opens."""
    page = walk.person("office")
    menu(page, "形式审查")
    walk.look(page, "office-queue")
    follow(page, "逐份审查")
    _heading(page, f"{FIRST}试点")
    changed = page.locator(".came-back")
    expect(changed.locator("ins")).to_contain_text(["试点", "，已盖章"])
    expect(changed.get_by_role("heading", level=3)).to_have_text(["项目名称", "申报单位意见"])
    expect(page.get_by_text("上次：不合格，没有盖章")).to_be_visible()
    walk.look(page, "office-came-back")
    _keys(page, *"11111111")
    page.get_by_label("合格，进入待评审").check()
    page.keyboard.press("Control+Enter")
    says(page, "已办理：合格")
    _heading(page, SECOND)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("n")
    _heading(page, THIRD)


def test_clerk_returns_two_fields_and_passes_the_correction(
    as_person: Visit, portal: Portal
) -> None:
    _submit_three(portal)
    walk = Walk(as_person)
    _return_by_keys(walk)
    send_letters(walk, 1)
    _mend(walk)
    _pass_by_keys(walk)
    assert walk.trouble == []


# Of the page as it stands: which of these elements is not wholly in the window, and what scrolls.
OUT_OF_SIGHT = """selectors => selectors.flatMap(one => Array.from(document.querySelectorAll(one)))
  .filter(e => { const r = e.getBoundingClientRect(); return r.width === 0 || r.top < 0 ||
    r.left < 0 || r.bottom > innerHeight || r.right > innerWidth; })
  .map(e => e.textContent.trim().slice(0, 20))"""
SCROLLERS = """() => Array.from(document.querySelectorAll(".checklist, .checklist *"))
  .filter(e => e.tagName !== "TEXTAREA" && e.scrollHeight > e.clientHeight + 1 &&
    /auto|scroll/.test(getComputedStyle(e).overflowY)).length"""
COVERED = """one => Array.from(document.querySelectorAll(one)).filter(e =>
  e.getBoundingClientRect().bottom >
    document.querySelector(".checklist .action-bar").getBoundingClientRect().top)"""
PARTS = [".check-item", "[name='outcome']", ".checklist .action-bar"]


def test_the_whole_list_is_in_sight_and_usable_on_a_phone(as_person: Visit, portal: Portal) -> None:
    _submit_three(portal)
    _look_at_the_list(as_person("office"))
    _look_at_it_on_a_phone(as_person("office2", width=390, height=844))


def _look_at_the_list(page: Page) -> None:
    """All is in sight, and boxes for notes stand only where one is needed."""
    page.goto("/checks/next")
    expect(page.locator(".check-note:visible")).to_have_count(0)
    assert page.locator(".check-item").count() == 8
    assert page.evaluate(OUT_OF_SIGHT, PARTS) == []
    _keys(page, "j", "1", "1", "2")
    page.keyboard.type("没有附件")
    note = page.locator(".check-note:visible")
    expect(note).to_have_count(1)
    assert page.evaluate(OUT_OF_SIGHT, [*PARTS, ".check-item:nth-of-type(3) .check-note"]) == []
    assert page.evaluate("scrollY") == 0 and page.evaluate(SCROLLERS) == 0
    # Changed to in order, the item keeps what was typed in sight; emptied and left, its box goes.
    item = page.locator(".check-item").nth(2)
    item.get_by_label("合格", exact=True).check()
    expect(item.get_by_role("textbox")).to_have_value("没有附件")
    item.get_by_role("textbox").fill("")
    item.get_by_label("合格", exact=True).focus()
    page.locator(".check-item").nth(4).get_by_role("button", name="写说明").click()
    expect(note).to_have_count(1)
    expect(page.locator(".check-item").nth(4).get_by_role("textbox")).to_be_focused()
    # A return needs more than fits: the page scrolls, the list never inside itself.
    page.get_by_label("退回补正", exact=True).check()
    field(page, "理由").fill("请补充附件。")
    assert page.evaluate(SCROLLERS) == 0
    page.mouse.wheel(0, 3000)
    expect(field(page, "理由")).to_be_in_viewport()
    page.mouse.wheel(0, -900)
    expect(page.locator(".check-item").first).to_be_in_viewport()


def test_whom_to_avoid_leaves_the_outcome_in_sight(as_person: Visit, portal: Portal) -> None:
    with portal.app.app_context():
        cast = portal.cast
        named = avoiding(cast.reviewer, "曾经共事")
        unknown = {"name": "王大力", "unit": "某单位", "reason": "亲属"}
        call = open_call(cast)
        submitted_proposal(cast, call, joint_unit_id=None, avoided=[named, unknown])
    page = as_person("office")
    page.goto("/checks/next")
    assert page.locator(".check-avoided").count() == 2
    assert page.evaluate(OUT_OF_SIGHT, [".check-avoided", *PARTS]) == []
    assert page.evaluate(COVERED, "[name='outcome']") == []
    outcome, last = page.locator("#outcome"), page.locator(".check-avoided [data-person]").last
    assert _edges(last)[1] <= _edges(outcome)[0]
    page.set_viewport_size({"width": 1440, "height": 600})  # the list no longer fits
    assert page.evaluate(OUT_OF_SIGHT, ["[name='outcome']"]) == []
    assert page.evaluate(COVERED, "[name='outcome']") == []
    before = _picture(page, outcome)
    assert _edges(outcome)[0] < _edges(last)[0]
    page.locator(".check-avoided, .check-item").evaluate_all(
        "rows => rows.forEach(row => { row.style.visibility = 'hidden'; })"
    )
    assert _picture(page, outcome) == before  # nothing of what lies behind is seen through it
    page.reload()
    nobody = page.locator(".check-avoided").last.get_by_label("查无此人")
    nobody.check()
    last.fill("王大")
    expect(nobody).not_to_be_checked()  # somebody typed takes its place
    last.fill("")
    expect(nobody).to_be_checked()


def _picture(page: Page, place: Locator) -> bytes:
    return page.screenshot(clip=place.bounding_box())


def _edges(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


def _look_at_it_on_a_phone(page: Page) -> None:
    page.goto("/checks/next")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    follow(page, "到审查清单")
    page.locator(".check-item").nth(2).get_by_label("不合格", exact=True).check()
    page.locator(".check-item").nth(2).get_by_role("textbox").fill("没有附件")
    page.get_by_label("退回补正", exact=True).check()
    assert page.evaluate(SCROLLERS) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_comparison_shows_itself_while_the_clerk_types(as_person: Visit, portal: Portal) -> None:
    with portal.app.app_context():
        call = open_call(portal.cast)
        ids = [
            submitted_proposal(portal.cast, call, title=title, joint_unit_id=None).id
            for title in ("社区食堂用餐", "社区食堂　用餐")
        ]
    page = as_person("office")
    page.goto("/checks/next")
    follow(page, "跳过，看下一份")
    panel = page.locator("#similar")
    expect(panel).to_contain_text("正在与以往申报书比对")
    _keys(page, "2")
    page.keyboard.type("名称相同")
    with portal.app.app_context():
        similar.compare({"proposal": ids[1]})
    expect(panel).to_contain_text("名称相似100%")
    expect(page.locator(".check-item").first.get_by_role("textbox")).to_have_value("名称相同")


LAYOUT = """() => [".check-item", ".check-note", "[name='outcome']"].flatMap(one =>
  Array.from(document.querySelectorAll(one), e => e.getBoundingClientRect().top))"""

PAINTED = """() => document.querySelector(".action-bar [data-record]") &&
  Array.from(document.querySelectorAll("link[rel='stylesheet']")).every(link => link.sheet) &&
  document.fonts.status === "loaded" """
# By hand before the scripts: the unit's opinion fails, a part is to be opened.
BEGIN = """() => { const opinion = document.querySelectorAll(".check-item")[3];
  opinion.querySelector("[value='fail']").click();
  document.querySelector("[data-opens] [value='title']").click(); }"""


def test_no_row_moves_when_the_scripts_come(as_person: Visit, portal: Portal) -> None:
    """On a slow line the clerk begins before them, and what they began is taken up."""
    _submit_three(portal)
    page = as_person("office")
    held: list[Route] = []
    page.route(re.compile(r"/static/.*\.js"), lambda route: held.append(route))
    page.goto("/checks/next", wait_until="commit")
    page.wait_for_function(PAINTED)
    page.evaluate(BEGIN)
    before = page.evaluate(LAYOUT)
    assert len(before) == 8 + 8 + 3
    assert held
    page.unroute_all()  # lets them go on
    expect(page.locator("[data-keys]")).to_be_visible()
    assert page.evaluate(LAYOUT) == before
    page.get_by_label("退回补正", exact=True).check()
    opinion = page.get_by_label("申报单位意见", exact=True)
    expect(opinion).to_be_checked()
    expect(page.get_by_text("已选1项")).to_have_count(2)
    # What the office took off again and stored is not suggested once more. By key: the panel may
    # still be on its way after the page scrolled, and a click of no duration would miss.
    opinion.focus()
    page.keyboard.press("Space")
    expect(opinion).not_to_be_checked()
    expect(page.locator("form[data-changed='1']")).to_have_count(0)
    page.reload()
    expect(page.locator("[data-keys]")).to_be_visible()
    expect(page.locator("[data-opens] input:checked")).to_have_count(1)
