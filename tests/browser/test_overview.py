"""The office opens the overview of a call, reminds a unit, and a second click is refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Portal, Visit
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import submitted_proposal

pytestmark = pytest.mark.browser


def _call(portal: Portal) -> str:
    with portal.app.app_context():
        call = open_call(portal.cast)
        submitted_proposal(portal.cast, call)
        key: str = call.key
    return key


def test_the_office_reminds_a_unit_once_a_day(portal: Portal, as_person: Visit) -> None:
    key = _call(portal)
    page, other = as_person("office"), as_person("office2", 390)
    for reader in (page, other):
        reader.goto(f"/calls/{key}")
        reader.get_by_role("link", name="申报概况").click()
        expect(reader.get_by_role("heading", level=1)).to_have_text("申报概况")
        expect(reader.locator("figure.chart canvas")).to_be_visible()
        assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    unit = page.locator("#idle tr", has_text="邮储丰台支行")
    unit.get_by_role("button", name="催办").click()
    expect(page.get_by_text("已催办1个单位，已通知申报人。")).to_be_visible()
    expect(page.locator("#idle tr", has_text="邮储丰台支行")).to_contain_text("经办甲")
    # The other clerk's page is from before: the click comes too late and says by whom.
    other.locator("#idle tr", has_text="邮储丰台支行").get_by_role("button", name="催办").click()
    refused = other.locator(".error-summary")
    expect(refused).to_contain_text("已由经办甲催办，每个单位每天最多催办一次。")
    told = as_person("stranger")
    told.goto("/inbox")
    expect(told.locator("main")).to_contain_text("邮储丰台支行还没有申报，请尽快办理")
