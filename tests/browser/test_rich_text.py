"""Texts of light Markdown, and the preview that the server makes of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.lines import answer_backwards

pytestmark = pytest.mark.browser


def test_the_preview_shows_the_newest_text(as_person: Visit) -> None:
    page = as_person("office")
    page.goto("/calls/new")
    box = page.locator("[data-rich]").first
    asked = answer_backwards(page, "**/calls/new")
    for typed in ("先写的一段。", "后写的一段。"):
        box.locator("textarea").fill(typed)
        box.get_by_role("button", name="预览", exact=True).click()
    expect(box.locator(".rich-preview")).to_contain_text("后写的一段。")
    older = asked[0].response()
    assert older and older.finished() is None
    expect(box.locator(".rich-preview")).to_contain_text("后写的一段。")
    expect(box.locator(".rich-state")).to_have_text("")
