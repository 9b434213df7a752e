"""Every page that people reach by links, on demonstration data, judged by axe-core."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from lab.demo import data as demo_data
from lab.jobs import service as jobs
from lab.reports.core import sandbox
from tests.browser.axe import AXE, barriers
from tests.browser.conftest import Portal, Visit
from tests.support.builders.calls import open_call
from tests.support.builders.files import pdf
from tests.support.builders.proposals import filled_draft
from tests.support.builders.reviews import open_round

pytestmark = pytest.mark.browser

# Drawn by one template, the same on every page of a person: half of the elements of most pages.
SHELL = [".topbar", ".menu-phone", "nav.side"]
KEY = re.compile(r"/[a-z0-9]{12}(?=/|$)|(?<=/entry/)\d{4}-\d\d")
FITS = "document.documentElement.scrollWidth <= innerWidth"
NO_PAGE = re.compile(r"/files/|/static/|/sign-out|/template$|/marked$|/original$")
LINKS = "links => links.map(link => link.href)"


@pytest.fixture
def full_portal(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """The portal with the demonstration, a round under way, and a call with a draft.

    All documents are ready. What is printed in them is not seen by the judge.
    """
    paper = pdf()
    monkeypatch.setattr(sandbox, "render_in_child", lambda *plain, **limits: paper)
    with portal.app.app_context():
        demo_data.load()
        open_round(portal.cast, batch=8, title="第八批创新项目征集")
        filled_draft(portal.cast, open_call(portal.cast, batch=9, title="第九批创新项目征集"))
        jobs.run_due()
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


def _judge(page: Page, known: Sequence[str] = ()) -> list[str]:
    """What is wrong with the page as it stands, but for the parts `known` already."""
    wrong = barriers(page, known)
    if page.locator("form[data-changed='1']").count():
        wrong.append("says that something was typed")
    page.set_viewport_size({"width": 390, "height": 844})
    with suppress(TimeoutError):  # charts are drawn anew a moment after the window has changed
        page.wait_for_function(FITS, timeout=3000)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    return wrong + ([f"{width} pixels wide on a phone"] if width > 390 else [])


PEOPLE = (
    *("office", "leading", "reviewer", "applicant", "demo-leader", "demo-applicant"),
    *("system", "security", "audit"),
)


def _walk(page: Page, seen: set[str]) -> Iterator[str]:
    """What is wrong on the pages that the person who is signed in reaches: new kinds, and `/`."""
    waiting, judged = ["/"], set[str]()
    while waiting:
        answer = page.goto(waiting.pop(0))
        if page.url in judged:  # led on to from another address
            continue
        if answer is None or answer.status != 200:
            yield f"{_kind(page.url)}: {answer and answer.status}"
            continue
        for item in _judge(page, SHELL if judged else ()):
            yield f"{_kind(page.url)}: {item}"
        judged.add(page.url)
        waiting += _new_kinds(page, seen)


def test_no_page_has_a_serious_barrier_for_anyone(as_person: Visit, full_portal: Portal) -> None:
    seen, wrong = {"/"}, list[str]()
    page = as_person(PEOPLE[0], bypass_csp=True)
    page.context.add_init_script(path=AXE)
    for name in PEOPLE:
        full_portal.let_in(page.context, name)
        wrong += [f"{name} {item}" for item in _walk(page, seen)]
    assert wrong == []
    assert len(seen) > 40, sorted(seen)


def test_the_judge_sees_a_barrier(browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(path=AXE)
    page.goto("about:blank")
    page.set_content("<main><h1>图</h1><img src='data:,'><button></button></main>")
    assert {item.partition(":")[0] for item in _judge(page)} >= {"button-name", "image-alt"}
    page.close()
