"""A long proposal in a real browser: contents that follow the reader, a head of one line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal, Visit
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft, submitted_proposal

pytestmark = pytest.mark.browser
TITLE = "园区数字人民币缴费与积分联动【演示】" * 2
DESK, PHONE = (1440, 900), (390, 844)
NO_SCRIPTS = {"java_script_enabled": False}


def _proposal(portal: Portal) -> str:
    with portal.app.app_context():
        proposal = submitted_proposal(portal.cast, open_call(portal.cast), title=TITLE)
        return f"/proposals/{proposal.key}"


def _top(page: Page, css: str) -> float:
    box = page.locator(css).bounding_box()
    assert box is not None
    return box["y"]


def test_contents_stay_beside_and_mark_what_is_read(portal: Portal, as_person: Visit) -> None:
    page = as_person("applicant", *DESK)
    page.goto(_proposal(portal))
    page.locator(".contents-list").get_by_role("link", name="预算").click()
    assert 0 <= _top(page, "#part-budget") < 60 and 0 <= _top(page, ".contents") < 60
    expect(page.locator(".contents-list a[aria-current]")).to_have_text("预算")
    page.evaluate("document.getElementById('part-background').scrollIntoView()")
    page.mouse.wheel(0, 5)
    expect(page.locator(".contents-list a[aria-current]")).to_have_text("背景与模式")
    page.emulate_media(media="print")
    expect(page.locator(".contents")).to_be_hidden()


def test_on_a_phone_head_and_contents_fold(portal: Portal, as_person: Visit) -> None:
    page, plain = as_person("applicant", *PHONE), as_person("applicant", *PHONE, **NO_SCRIPTS)
    address = _proposal(portal)
    page.goto(address)
    _look_at_the_head(page)
    _follow_the_contents(page)
    plain.goto(address)
    expect(plain.get_by_role("link", name="回执与打印").first).to_be_visible()
    expect(plain.get_by_role("button", name="操作")).to_be_hidden()
    plain.locator(".contents-fold > summary").click()
    plain.locator(".contents-menu").get_by_role("link", name="预算").click()
    assert plain.url.endswith("#part-budget")


def _look_at_the_head(page: Page) -> None:
    """It has one line, a menu of actions, and the whole title on a tap."""
    head, title = page.locator("[data-head]"), page.locator("h1")
    box = head.bounding_box()
    assert box is not None and box["height"] < 56
    paper = head.get_by_role("link", name="回执与打印")
    expect(paper).to_be_hidden()
    head.get_by_role("button", name="操作").click()
    expect(paper).to_be_visible()
    page.keyboard.press("Escape")
    expect(paper).to_be_hidden()
    cut = title.evaluate("e => e.scrollWidth > e.clientWidth")
    title.click()
    assert cut and not title.evaluate("e => e.scrollWidth > e.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def _follow_the_contents(page: Page) -> None:
    expect(page.locator(".contents-list")).to_be_hidden()
    page.locator(".contents-fold > summary").click()
    page.locator(".contents-menu").get_by_role("link", name="预算").click()
    expect(page.locator(".contents-menu")).to_be_hidden()
    expect(page.locator("[data-contents-here]")).to_have_text("预算")
    assert 50 <= _top(page, "#part-budget") < 120


def test_pages_of_writing_begin_on_a_phones_first_screen(portal: Portal, as_person: Visit) -> None:
    with portal.app.app_context():
        draft = filled_draft(portal.cast, open_call(portal.cast), title=TITLE)
        address = f"/proposals/{draft.key}"
    page = as_person("applicant", *PHONE)
    for tail in ("/edit/basics", "/edit/plan", "/drafts", "/submit"):
        page.goto(address + tail)
        _look_at_the_first_screen(page, writes="/edit/" in tail)


def _look_at_the_first_screen(page: Page, *, writes: bool) -> None:
    head = page.locator("[data-head]").bounding_box()
    assert head is not None and head["height"] < 56
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    if not writes:
        return
    expect(page.locator(".steps-phone > summary")).to_contain_text("共7步")
    expect(page.locator(".gauge")).to_be_hidden()
    first = page.locator("main form .field .form-control").first.bounding_box()
    bar = page.locator(".action-bar").bounding_box()
    assert first is not None and bar is not None
    assert first["y"] + min(first["height"], 80) <= bar["y"]
