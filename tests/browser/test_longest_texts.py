"""A proposal of the longest allowed texts and all the rows breaks none of its pages."""

from __future__ import annotations

import io
import unicodedata
from decimal import Decimal
from typing import Any

import pdfplumber
import pytest
from playwright.sync_api import Page, expect
from werkzeug.datastructures import FileStorage

from lab.catalogue.indicators import ENTERED
from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form import schema
from lab.proposals.submission import service as proposals
from lab.proposals.writing import service as drafts
from tests.browser.conftest import Portal, Visit
from tests.support.builders.calls import open_call
from tests.support.builders.files import pdf
from tests.support.builders.proposals import confirm, content_values, unconfirmed_draft
from tests.support.cast import Cast

pytestmark = pytest.mark.browser
TEXTS = tuple(field.key for field in schema.SHOWN_TEXTS)
WIDTHS = (390, 1440)
ORDER = (
    *("基本信息", "背景与模式", "预期指标", "资金来源或说明", "可复制性说明", "诚信承诺"),
    *("牵头单位(盖章)", "联合单位(盖章)"),
)
LARGEST = Decimal(99_999_999_999)
NAME_LETTERS = 116  # and the ending: names of files have 120 characters at most


def _people(cast: Cast, letter: str) -> list[dict[str, Any]]:
    """Everybody of staff but the leader and who confirms, as far as the form allows."""
    others = {cast.leader, cast.partner, cast.applicant}
    staff = [n for n in range(cast.applicant, cast.leading2 + 1) if n not in others]
    return [{"person_id": n, "duty": letter * 60} for n in staff[: schema.MAX_PEOPLE]]


def _values(cast: Cast, letter: str) -> dict[str, Any]:
    start = content_values(cast)["starts_on"]
    return {
        **{name: letter * schema.LIMITS[name] for name in TEXTS},
        "smart_contract": True,
        "leader_duty": letter * 40,
        "people": _people(cast, letter),
        "milestones": [{"name": letter * 60, "due_on": start}] * schema.MAX_MILESTONES,
        "targets": [
            {"indicator": code, "base": LARGEST, "target": LARGEST, "due_on": start}
            for code in ENTERED[: schema.MAX_TARGETS]
        ],
        "budget": [{"item": letter * 40, "amount_fen": 10**14, "note": letter * 100}]
        * schema.MAX_BUDGET_ROWS,
    }


def _store(portal: Portal, letter: str) -> str:
    """A confirmed draft of the longest texts with ten files; its key."""
    with portal.app.app_context():
        cast = portal.cast
        proposal = unconfirmed_draft(cast, open_call(cast), **_values(cast, letter))
        files = [
            FileStorage(io.BytesIO(pdf(str(number))), letter * NAME_LETTERS + ".pdf")
            for number in range(schema.MAX_FILES)
        ]
        assert (
            drafts.save_draft(
                drafts.SaveDraft(proposal, None, {}, uploads=files, person_id=cast.applicant)
            )
            == ()
        )
        db.session.commit()
        confirm(proposal, letter * 500)
        key = proposal.key
    return key


def _submit(portal: Portal, key: str) -> None:
    with portal.app.app_context():
        proposal = db.session.query(Proposal).filter_by(key=key).one()
        proposals.submit(proposal, portal.cast.applicant, pledged=True)
        db.session.commit()


def _fits(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} wide at {width}"


def _printed(document: bytes) -> tuple[str, str]:
    """All letters of a printed page in reading order, and those beyond the edges of the paper."""
    with pdfplumber.open(io.BytesIO(document)) as book:
        sides = [(page.width, page.chars) for page in book.pages]
    letters = [(char, width) for width, chars in sides for char in chars if char["text"].strip()]
    outside = [char["text"] for char, width in letters if char["x0"] < 0 or char["x1"] > width]
    # Browsers write some signs as the radicals that look the same.
    said = unicodedata.normalize("NFKC", "".join(char["text"] for char, _ in letters))
    return said, "".join(outside)


# Dense Chinese breaks anywhere: a run of Latin letters is the harder text for a page.
@pytest.mark.parametrize("letter", ["W"])
def test_no_page_scrolls_sideways_and_the_printed_page_keeps_all(
    as_person: Visit, portal: Portal, letter: str
) -> None:
    key = _store(portal, letter)
    page, partner = as_person("applicant"), as_person("partner")
    steps = [f"/edit/{step.slug}" for step in schema.STEPS]
    for part in ("", "/submit", "/joint", *steps):
        _fits(page, f"/proposals/{key}{part}")
    _fits(partner, f"/proposals/{key}/joint")
    _submit(portal, key)
    _fits(page, f"/proposals/{key}/versions/1")
    _fits(as_person("office"), f"/checks/{key}")
    page.goto(f"/proposals/{key}")
    said, outside = _printed(page.pdf(prefer_css_page_size=True))
    assert outside == ""
    assert said.count(letter) >= sum(schema.LIMITS[name] for name in TEXTS) + 500
    assert "办理情况" not in said and "负责人电话" not in said
    places = [said.find(words) for words in ORDER]
    assert places == sorted(places) and -1 not in places, dict(zip(ORDER, places, strict=True))
