"""Texts of light Markdown, and the preview that the server makes of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.network import answer_backwards

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("is_older_dropped", [False, True])
def test_the_preview_shows_the_newest_text(as_person: Visit, is_older_dropped: bool) -> None:
    page = as_person("office")
    page.goto("/calls/new")
    box = page.locator("[data-rich]").first
    pane = box.locator(".rich-preview")
    sent = answer_backwards(page, "**/calls/new", is_older_dropped=is_older_dropped)
    for typed in ("先写的一段。", "后写的一段。"):
        box.locator("textarea").fill(typed)
        box.get_by_role("button", name="预览", exact=True).click()
    expect(pane).to_contain_text("后写的一段。")
    older = sent[0].response()
    assert (older is None) == is_older_dropped
    if older:
        older.finished()
    expect(pane).to_contain_text("后写的一段。")
    expect(pane).to_be_visible()
    expect(box.locator(".rich-state")).to_have_text("")
