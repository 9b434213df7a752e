"""Every page that people reach by links, on demonstration data, judged by axe-core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from lab.demo import data as demo_data
from lab.demo.people import PASSWORD as DEMO_PASSWORD
from lab.extensions import db
from lab.factory import create_app
from lab.filesystem import ROOT
from tests.browser.conftest import Portal, Visit
from tests.conftest import settings_for
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.builders.reviews import open_round

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes is not written down for every element
}
KEY = re.compile(r"/[a-z0-9]{12}(?=/|$)|(?<=/entry/)\d{4}-\d\d")
FITS = "document.documentElement.scrollWidth <= innerWidth"
NO_PAGE = re.compile(r"/files/|/static/|/sign-out|/template$|/marked$|/original$")
LINKS = "links => links.map(link => link.href)"
JUDGE = """async rules => {
  const found = await axe.run(document, rules);
  return found.violations
    .filter(item => ['serious', 'critical'].includes(item.impact))
    .map(item => item.id + ': ' + item.nodes.map(node => node.target.join(' ')).join(' | '));
}"""


@pytest.fixture
def full_portal(portal: Portal) -> Portal:
    """The portal with the demonstration, a round under way, and a call with a draft."""
    app = create_app(settings_for(portal.instance))
    with app.app_context():
        demo_data.load()
        open_round(portal.cast, batch=8, title="第八批创新项目征集")
        filled_draft(portal.cast, open_call(portal.cast, batch=9, title="第九批创新项目征集"))
        db.session.remove()
        db.engine.dispose()
    return portal


def _kind(address: str) -> str:
    """The address without keys: pages that differ only by them are of one kind."""
    return KEY.sub("/*", urlsplit(address).path)


def _new_kinds(page: Page, seen: set[str]) -> Iterator[str]:
    """Addresses on the page that lead to kinds of pages not seen before."""
    for address in page.locator("a[href]").evaluate_all(LINKS):
        kind = _kind(address)
        if kind not in seen and not NO_PAGE.search(kind) and "#" not in address:
            seen.add(kind)
            yield address


def _judge(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    page.add_script_tag(path=AXE)
    wrong: list[str] = page.evaluate(JUDGE, RULES)
    if page.locator("form[data-changed='1']").count():
        wrong.append("says that something was typed")
    page.set_viewport_size({"width": 390, "height": 844})
    with suppress(TimeoutError):  # charts are drawn anew a moment after the window has changed
        page.wait_for_function(FITS, timeout=3000)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    return wrong + ([f"{width} pixels wide on a phone"] if width > 390 else [])


PEOPLE = (
    ("office", None),
    ("leading", None),
    ("reviewer", None),
    ("applicant", None),
    ("demo-leader", DEMO_PASSWORD),
    ("demo-applicant", DEMO_PASSWORD),
    ("system", None),
    ("security", None),
    ("audit", None),
)


def test_no_page_has_a_serious_barrier_for_anyone(as_person: Visit, full_portal: Portal) -> None:
    seen, wrong = set[str](), list[str]()
    for name, password in PEOPLE:
        words = {"password": password} if password else {}
        page = as_person(name, bypass_csp=True, **words)
        waiting = [page.url]
        while waiting:
            answer = page.goto(waiting.pop(0))
            where = f"{name} {_kind(page.url)}"
            if answer is None or answer.status != 200:
                wrong.append(f"{where}: {answer and answer.status}")
                continue
            wrong += [f"{where}: {item}" for item in _judge(page)]
            waiting += _new_kinds(page, seen)
        page.context.close()
    assert wrong == []
    assert len(seen) > 40, sorted(seen)


def test_the_judge_sees_a_barrier(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<main><h1>图</h1><img src='data:,'><button></button></main>")
    assert {item.partition(":")[0] for item in _judge(page)} >= {"button-name", "image-alt"}
    page.close()
