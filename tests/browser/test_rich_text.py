"""Texts of light Markdown, and the preview that the server makes of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("is_older_dropped", [False, True])
def test_the_preview_shows_the_newest_text(as_person: Visit, is_older_dropped: bool) -> None:
    page = as_person("office")
    page.goto("/calls/new")
    box, held = page.locator("[data-rich]").first, list[Route]()
    page.route("**/calls/new", lambda route: held.append(route))
    for typed in ("先写的一段。", "后写的一段。"):
        box.locator("textarea").fill(typed)
        with page.expect_request("**/calls/new"):
            box.get_by_role("button", name="预览", exact=True).click()
    pane, state = box.locator(".rich-preview"), box.locator(".rich-state")
    older, newer = held
    newer.continue_()
    expect(pane).to_contain_text("后写的一段。")
    expect(pane).to_be_visible()
    if is_older_dropped:
        with page.expect_event("requestfailed"):
            older.abort()
    else:
        with page.expect_event("requestfinished"):
            older.continue_()
    page.evaluate("new Promise((done) => { setTimeout(done, 100); })")
    expect(pane).to_contain_text("后写的一段。")
    expect(state).to_have_text("")
