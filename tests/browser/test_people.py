"""People found by typing: initials in a row, the partner unit alone, members without an account."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from lab.extensions import db
from lab.identity.people.service import create_person
from lab.proposals.models.proposal import Proposal
from tests.browser.axe import barriers
from tests.browser.conftest import Portal, Visit
from tests.browser.journey import choose, field, name_person, press
from tests.browser.readiness import act_at_once
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import empty_draft
from tests.support.cast import Cast, person

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


def _colleagues(cast: Cast) -> None:
    for number, name in enumerate(
        ("张伟", "章维", "王芳", *(f"同事{sign}" for sign in "甲乙丙丁戊己"))
    ):
        create_person(
            sign_in_name=f"colleague{number}",
            name=name,
            unit_id=cast.post_branch,
            hashed="chosen",
            roles=["applicant"],
        )
    db.session.commit()


def _handover(portal: Portal) -> tuple[str, str]:
    """The address of a page where a draft is handed over to one of many, and the draft's key."""
    with portal.app.app_context():
        key = empty_draft(portal.cast, open_call(portal.cast)).key
        _colleagues(portal.cast)
        giver = person(portal.cast.applicant).key
        db.session.remove()
    return f"/handovers/people/{giver}", key


def test_a_receiver_is_found_in_a_long_list(portal: Portal, as_person: Visit) -> None:
    address, _ = _handover(portal)
    page = as_person("office")
    page.goto(address)
    receiver = page.get_by_role("textbox", name="接收人")
    receiver.focus()
    expect(page.locator(".person-choice")).not_to_have_count(0)
    page.keyboard.type("zhangw")
    expect(page.locator(".person-choice")).to_have_count(2)
    assert [text.split("\n")[0] for text in _offered(page)] == ["张伟", "章维"]
    assert barriers(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    field(page, "原因").fill("调离。")
    press(page, "办理交接")
    expect(page.get_by_role("cell", name="章维（邮政东城分公司）")).to_be_visible()


def test_who_entered_a_long_list_before_its_script_stays_in_it(
    portal: Portal, as_person: Visit
) -> None:
    address, _ = _handover(portal)
    page = as_person("office")
    act_at_once(page)
    late: list[Route] = []
    page.route("**/static/js/people.js*", lambda route: late.append(route))
    page.goto(address, wait_until="commit")
    page.get_by_role("combobox", name="接收人").focus()
    late[0].continue_()
    receiver = page.get_by_role("textbox", name="接收人")
    expect(receiver).to_be_focused()
    page.keyboard.type("zhangw")
    expect(page.locator(".person-choice")).to_have_count(2)


def test_enter_chooses_what_is_typed_and_never_sends_the_form(
    portal: Portal, as_person: Visit
) -> None:
    address, key = _handover(portal)
    page = as_person("office")
    page.goto(address)
    field(page, "原因").fill("调离。")
    receiver = page.locator(".person-box > input")
    receiver.focus()
    page.keyboard.type("zhang")
    expect(page.locator(".person-choice")).to_have_count(3)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("wangf")  # the old list still stands below
    page.keyboard.press("Enter")
    expect(receiver).to_have_value("王芳（邮政东城分公司）")
    receiver.fill("")
    page.keyboard.type("zhang")
    page.keyboard.press("Enter")
    expect(page.locator(".person-choice")).to_have_count(3)
    expect(receiver).to_have_value("zhang")
    assert page.url.endswith(address)
    _leader_by_a_slow_answer(as_person("applicant"), key)


def _leader_by_a_slow_answer(page: Page, key: str) -> None:
    """Enter waits for the answer that is under way."""
    page.goto(f"/proposals/{key}/edit/basics")
    leader = field(page, "负责人")
    leader.focus()
    page.keyboard.type("z")
    expect(page.locator(".person-choice").first).to_be_visible()
    late: list[Route] = []
    page.route("**/people/search*", lambda route: late.append(route))
    with page.expect_request("**/people/search*q=zuzhangjia*"):
        page.keyboard.type("uzhangjia")
        page.keyboard.press("Enter")
    expect(leader).to_have_value("zuzhangjia")
    for route in late:
        route.continue_()
    expect(leader).to_have_value("组长甲（邮政东城分公司）")
    expect(page.get_by_role("heading", level=1)).to_have_text("基本信息")
