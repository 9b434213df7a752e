"""What is printed from the browser: no page stands empty, and names of a list keep their width."""

from __future__ import annotations

import io
import unicodedata

import pdfplumber
import pytest

from lab.extensions import db
from lab.identity.people.service import create_person
from tests.browser.conftest import Portal, Visit
from tests.support.builders.calls import open_call
from tests.support.builders.letters import drafted
from tests.support.builders.proposals import unconfirmed_draft

pytestmark = pytest.mark.browser
NAME = "甲乙丙丁戊己庚辛壬癸" * 2  # of a project: twenty characters take two lines at most


def test_printed_lists_keep_names_and_leave_no_page_empty(as_person: Visit, portal: Portal) -> None:
    with portal.app.app_context():
        call = open_call(portal.cast)
        unconfirmed_draft(portal.cast, call, title=NAME)
        db.session.commit()
        key = call.key
    page = as_person("applicant")
    for address in ("/proposals", "/calls", f"/calls/{key}", "/inbox/letters"):
        page.goto(address)
        printed = page.pdf(prefer_css_page_size=True)
        with pdfplumber.open(io.BytesIO(printed)) as book:
            assert all(len(paper.extract_text()) > len("版本 0.0.0") for paper in book.pages)
            letters = [char for paper in book.pages for char in paper.chars]
            sideways = [paper.width > paper.height for paper in book.pages]
        if address == "/proposals":
            rows = {round(char["top"]) for char in letters if char["text"] in NAME}
            assert all(sideways) and 0 < len(rows) <= 2
        else:
            assert not any(sideways) or address == "/calls"


def test_a_long_printed_list_begins_below_its_heading(as_person: Visit, portal: Portal) -> None:
    with portal.app.app_context():
        unit = portal.cast.post_branch
        for number in range(12):
            create_person(sign_in_name=f"new{number}", name="新人", unit_id=unit, hashed="")
        db.session.commit()
    page = as_person("office")
    page.goto("/people")
    with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as book:
        texts = [unicodedata.normalize("NFKC", paper.extract_text()) for paper in book.pages]
    assert len(texts) == 2 and "申报" in texts[0] and "新人" in "".join(texts)


# So many that the signature comes to the end of the first page and of the second.
LENGTHS = (*range(12, 19), *range(34, 44))
CLOSING = "补正期限\n请在五个工作日内重新提交。"
ISSUER = "创新实验室的实施办公室"


def test_a_printed_letter_is_signed_below_its_last_words(as_person: Visit, portal: Portal) -> None:
    with portal.app.app_context():
        parts = ["\n\n".join(f"第{at}段。" for at in range(length)) for length in LENGTHS]
        texts = [f"{part}\n\n{CLOSING}\n\n{ISSUER}\n2022年7月1日" for part in parts]
        keys = [drafted(portal.cast, portal.cast.applicant, body=text).key for text in texts]
        db.session.commit()
    page = as_person("office")
    counts = set()
    for key in keys:
        page.goto(f"/letters/{key}/preview")
        with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as book:
            pages = [unicodedata.normalize("NFKC", paper.extract_text()) for paper in book.pages]
        counts.add(len(pages))
        for words in ("补正期限", "五个工作日", ISSUER, "7月1日"):
            assert [words in text for text in pages[:-1]] == [False] * (len(pages) - 1), words
            assert words in pages[-1], words
    assert counts == {1, 2, 3}, "both ends of a page are reached"
