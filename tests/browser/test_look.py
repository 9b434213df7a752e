"""Lists and times as they stand on a screen of 1440 by 900."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from lab.demo import data as demo_data
from tests.browser.conftest import Portal

pytestmark = pytest.mark.browser
LISTS = (
    *("/proposals", "/checks?status=all", "/projects/", "/calls", "/people", "/rounds"),
    *("/releases?status=all", "/letters?status=all", "/units"),
)
ROWS, TWO_SCREENS = 18, 1800
# Where so many rows end, as tall as those of the longest table of the page.
HEIGHT = """rows => {
  const tables = [...document.querySelectorAll("main table > tbody")];
  const longest = tables.sort((a, b) => b.rows.length - a.rows.length)[0];
  const { top, height } = longest.getBoundingClientRect();
  return top + scrollY + height / longest.rows.length * rows;
}"""
# Cells that no longer stand in the row of their table.
LOOSE = """() => [...document.querySelectorAll("main table > * > tr > *")].filter(
  (cell) => getComputedStyle(cell).display !== "table-cell").map((cell) => cell.outerHTML)"""
BROKEN = """() => {
  const time = /\\d{4}年\\d{1,2}月(\\d{1,2}日)?( \\d\\d:\\d\\d)?/g, broken = [];
  for (const cell of document.querySelectorAll("main td.when, main td.unit-name, main dd")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      const whole = cell.matches(".unit-name") && node.data.trim().length < 12;
      const parts = whole ? [[0, node.data.length]] : [...node.data.matchAll(time)].map(
        (found) => [found.index, found.index + found[0].length]);
      for (const [start, end] of parts) {
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, end);
        const seen = [...range.getClientRects()].filter((box) => box.width);
        if (new Set(seen.map((box) => Math.round(box.top))).size > 1) broken.push(range.toString());
      }
    }
  }
  return broken;
}"""

# The text of a cell with room between its parts, on a phone, where each row is a card.
SPREAD = """() => [...document.querySelectorAll("main .table-cards td:not(.row-actions)")].filter(
  (cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const boxes = [...range.getClientRects()].filter((box) => box.width);
    return boxes.some((box, n) => n && Math.abs(box.top - boxes[n - 1].top) < 4 &&
      box.left - boxes[n - 1].right > 16);
  }).map((cell) => cell.textContent.trim())"""


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Page:
    """A page of a clerk of the demonstration's office."""
    with portal.app.app_context():
        demo_data.load()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=portal.url)
    portal.let_in(context, "demo-office")
    return context.new_page()


def test_lists_fit_two_screens_and_read_whole_on_a_phone(page: Page) -> None:
    _look_at_the_lists(page)
    _look_at_cells_on_a_phone(page)


def _look_at_the_lists(page: Page) -> None:
    """Eighteen rows take at most two screens, and no time or name of a unit is broken."""
    page.goto("/rounds")
    ranking = page.locator("main td a, main th a").first.get_attribute("href")
    too_long, broken, loose = {}, {}, {}
    for address in (*LISTS, f"{ranking}/ranking"):
        page.goto(address)
        if (height := page.evaluate(HEIGHT, ROWS)) > TWO_SCREENS:
            too_long[address] = round(height)
        if times := page.evaluate(BROKEN):
            broken[address] = times
        if cells := page.evaluate(LOOSE):
            loose[address] = cells[:2]
    assert (too_long, broken, loose) == ({}, {}, {})


def _look_at_cells_on_a_phone(page: Page) -> None:
    """A text of several parts stays one text."""
    page.set_viewport_size({"width": 390, "height": 844})
    for address, text in (("/", "近20个"), ("/letters?status=all", "发送")):
        page.goto(address)
        assert text in page.locator("main").inner_text().replace("\n", "")
        assert page.evaluate(SPREAD) == []
