"""Dates: typed as text, or chosen from the browser's calendar; never the browser's own words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_a_picked_day_reads_like_a_typed_one(as_person: Visit) -> None:
    page = as_person("office")
    page.goto("/calls/new")
    typed = page.get_by_label("开始时间", exact=True)
    typed.fill("2099年7月1日 9:05")
    page.get_by_role("button", name="选日期：开始时间").click()
    calendar = page.locator(".date-native")
    expect(calendar).to_have_value("2099-07-01T09:05")
    assert calendar.get_attribute("name") is None and calendar.get_attribute("tabindex") == "-1"
    page.keyboard.press("Escape")
    calendar.evaluate(
        "native => { native.value = '2099-08-02T10:30';"
        " native.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    expect(typed).to_have_value("2099-08-02 10:30")
    expect(page.locator("form.form-wide")).to_have_attribute("data-changed", "1")


def test_the_calendar_button_can_be_hit_with_a_thumb(as_person: Visit) -> None:
    page = as_person("office", 390)
    page.goto("/calls/new")
    for button in page.get_by_role("button", name=re.compile("^选日期：")).all():
        box = button.bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
