"""People found by typing: initials in a row, the partner unit alone, members without an account."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from tests.browser.axe import barriers
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import choose, field, name_person, press
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft

pytestmark = pytest.mark.browser


def _offered(page: Page) -> list[str]:
    expect(page.locator(".person-list")).to_be_visible()
    return page.locator(".person-choice").all_inner_texts()


def _partner(page: Page) -> None:
    """Only the partner unit's people are offered, also before a word is typed."""
    field(page, "联合单位确认人").focus()
    page.keyboard.type("lhj")
    expect(page.locator(".person-note")).to_have_text("请先选联合申报单位，再查找人员。")
    field(page, "联合单位确认人").fill("")
    choose(page, 联合申报单位="银行 · 邮储东城支行")
    field(page, "联合单位确认人").focus()
    expect(page.locator(".person-choice")).to_have_count(2)
    page.keyboard.type("wrj")
    expect(page.locator(".person-note")).to_have_text("没有找到，请换姓名、拼音或单位查找。")
    name_person(page, "联合单位确认人", "lhj", "联合甲")


def test_people_are_named_by_keyboard(portal: Portal, as_person: Visit) -> None:
    with portal.app.app_context():
        key = empty_draft(portal.cast, open_call(portal.cast)).key
        db.session.remove()
    page = as_person("applicant")
    page.goto(f"/proposals/{key}/edit/basics")
    _partner(page)
    name_person(page, "负责人", "zuzhang", "组长甲")
    page.locator("[data-rows='people'] [data-row-add]").press("Enter")
    page.keyboard.type("wrj")
    expect(page.locator(".person-choice")).to_have_count(1)
    assert _offered(page) == ["外人甲\n邮储丰台支行"] and barriers(page) == []
    page.keyboard.press("Enter")
    expect(field(page, "第4行，成员")).to_have_value("外人甲")
    expect(field(page, "第4行，单位")).to_have_value("邮储丰台支行")
    field(page, "第1行，成员").fill("王五")
    expect(page.locator(".person-note")).to_contain_text("直接填写姓名和单位")
    page.keyboard.press("Escape")
    expect(page.locator(".person-list")).to_have_count(0)
    field(page, "第1行，单位").fill("科技公司")
    press(page, "保存并继续")
    expect(page.get_by_role("heading", level=1)).to_have_text("背景与模式")
    with portal.app.app_context():
        stored = db.session.scalars(select(Proposal)).one()
        assert (stored.leader_id, stored.partner_id) == (portal.cast.leader, portal.cast.partner)
        members = [(row.person_id, row.shown_name, row.shown_unit) for row in stored.people]
        assert members == [
            (None, "王五", "科技公司"),
            (portal.cast.stranger, "外人甲", "邮储丰台支行"),
        ]
        db.session.remove()
