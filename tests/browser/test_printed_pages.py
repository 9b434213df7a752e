"""What is printed from the browser: no page stands empty, and names of a list keep their width."""

from __future__ import annotations

import io

import pdfplumber
import pytest

from lab.extensions import db
from tests.browser.conftest import Portal, Visit
from tests.support.builders.calls import open_call
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
