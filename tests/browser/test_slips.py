"""The page of slips after their file has come: it stays in place and says what is issued."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lab.extensions import db
from lab.identity.people import service as people_service
from tests.browser.conftest import Portal, Visit

pytestmark = pytest.mark.browser


def test_printed_slips_are_shown_as_issued_at_once(portal: Portal, as_person: Visit) -> None:
    with portal.app.app_context():
        people_service.create_person(
            sign_in_name="newcomer",
            name="新来者",
            unit_id=portal.cast.post_branch,
            roles=(),
            hashed="",
        )
        db.session.commit()
        db.session.remove()
    page = as_person("system")
    page.goto("/people/slips")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("未发放")
    with page.expect_download():
        page.get_by_role("button", name="打印所选的启用单（PDF）").click()
    expect(row).to_contain_text("发放，有效期至")
    expect(row.get_by_role("checkbox")).not_to_be_checked()
