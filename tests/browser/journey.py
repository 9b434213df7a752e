"""Walking the portal as people do: by labels and names of buttons, with an eye on every page."""

from __future__ import annotations

import os
import re
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.conftest import Visit

WIDE, NARROW, HEIGHT = 1440, 390, 900
LETTERS = re.compile(r"[A-Za-z]{3,}")
HASH = re.compile(r"\b[0-9a-f]{8,64}\b|(?<=指纹)[0-9a-f ]+")
KNOWN_LETTERS = {
    "PDF",
    "DOCX",
    "XLSX",
    "PNG",
    "JPG",
    "HEIC",
    "pdf",
    "xlsx",
    "Excel",
    "WPS",
    "Word",
    "Ctrl",
    "Enter",
    "Esc",
}


class Walk:
    """The people of one job, each in a browser of their own, and the pictures of their pages.

    Whatever goes wrong unseen (a failed request, a script's error, something that the security
    policy refused) is kept in `trouble`.
    """

    def __init__(self, as_person: Visit) -> None:
        self._as_person, self._pages, self._by_form = as_person, dict[str, Page](), False
        self.folder = os.environ.get("PICTURES", "")
        self.trouble, self.seen = list[str](), set[str]()

    def person(self, name: str) -> Page:
        """The person's page; the start page at the first time."""
        if name not in self._pages:
            page = self._as_person(name, by_form=self._by_form)
            page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
            page.on("console", lambda said: self._listen(page, said))
            page.on("response", self._watch)
            self._pages[name] = page
            if not self._by_form:
                page.goto("/")
        return self._pages[name]

    def signed_out(self) -> None:
        """Everybody has to sign in again, through the form."""
        self._by_form = True
        for page in self._pages.values():
            page.context.close()
        self._pages.clear()

    def _listen(self, page: Page, said: Any) -> None:
        if said.type in ("error", "warning"):
            self.trouble.append(f"{page.url}: {said.text}")

    def _watch(self, answer: Response) -> None:
        if answer.status >= 400:
            self.trouble.append(f"{answer.status} {answer.request.method} {answer.url}")

    def _picture(self, page: Page, file: str, width: int) -> None:
        """The whole page; a window as high as the page, so that nothing sticks over the text."""
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height})
        # The caret is left alone: hiding it would break the page's security policy.
        page.screenshot(path=file, type="jpeg", quality=70, caret="initial")

    def look(self, page: Page, name: str) -> None:
        """The page fits at both widths and speaks Chinese; with PICTURES set to a folder its
        picture goes there, since taking them costs more than all the rest.

        Once for each kind of page: a page that was seen under this name is left alone.
        """
        if name in self.seen:
            return
        self.seen.add(name)
        path = f"{self.folder}/{len(self.seen):02d}-{name}"
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state()  # what is read off the page next has come whole
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            if self.folder:
                self._picture(page, f"{path}-{width}.jpg", width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        words = set(LETTERS.findall(HASH.sub("", page.locator("body").inner_text())))
        assert words <= KNOWN_LETTERS, f"{name}: {words - KNOWN_LETTERS}"


def menu(page: Page, label: str) -> None:
    """Go where the menu leads."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=label).click()


def field(page: Page | Locator, label: str) -> Locator:
    """The control with this label, marked as required or not."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}(\s*(提交时)?必填)?$"))


def fill(page: Page | Locator, **values: str) -> None:
    """Type into the controls with these labels."""
    for label, value in values.items():
        field(page, label).fill(value)


def name_person(page: Page | Locator, label: str, typed: str, name: str = "") -> None:
    """Type part of a person's name, pinyin or unit into the control and take the first one found.

    `name`: who that must be, where it is not what was typed.
    """
    control = field(page, label)
    control.fill("")
    control.press_sequentially(typed)
    first = page.locator(".person-choice").first
    expect(first).to_contain_text(name or typed)
    control.press("Enter")
    expect(first).to_be_hidden()


def choose(page: Page | Locator, **values: str) -> None:
    """Choose the options with these labels."""
    for label, value in values.items():
        field(page, label).select_option(label=value)


def press(page: Page | Locator, name: str) -> None:
    """Press the one button with this name."""
    page.get_by_role("button", name=name, exact=True).click()


def confirmed(page: Page, name: str) -> None:
    """Press a button that asks back, and confirm."""
    page.locator("summary").get_by_text(name, exact=True).click()
    press(page, f"确认{name}")


def follow(page: Page | Locator, name: str) -> None:
    """Follow the one link with this name."""
    page.get_by_role("link", name=name, exact=True).click()


def says(page: Page, text: str | re.Pattern[str]) -> None:
    """The page's message after an act."""
    expect(page.locator("main .notice").get_by_text(text).first).to_be_visible()
    page.wait_for_load_state()  # what is read off the page next has come whole


def row(page: Page, text: str) -> Locator:
    """The table row that holds this text."""
    return page.get_by_role("row").filter(has_text=text)
