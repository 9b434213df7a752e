"""Texts of the corpus in a report: it is printed, and shows what was typed."""

from __future__ import annotations

from datetime import date

import pypdfium2
from flask import g
from sqlalchemy import select

from lab.extensions import db
from lab.files.documents import storage as documents
from lab.jobs.service import run_due
from lab.reports.content.leading import DecisionRequest
from lab.reports.leading import service as leading_service
from lab.reports.models import Report
from tests.support.cast import person
from tests.support.corpus.portal import Portal
from tests.support.corpus.records import OTHERS, fill, lines
from tests.support.permission_matrix.populated_portal import request_time


def printed(portal: Portal, wanted: tuple[DecisionRequest, ...]) -> str:
    """The text of a report that the office has issued and the worker printed, without blanks."""
    with portal.app.test_request_context("/reports/new", method="POST"):
        g.person = person(portal.populated.people["office"])
        key = leading_service.issue_report(date(2022, 9, 30), wanted).key
        db.session.commit()
    with portal.app.app_context():
        run_due()
        report = db.session.scalars(select(Report).where(Report.key == key)).one()
        assert (report.status, report.failure) == ("ready", "")
        data = documents.path_of(report.file_name or "").read_bytes()
        db.session.rollback()
    # By the reader that browsers have: others lose a whole font to one character without a glyph.
    with pypdfium2.PdfDocument(data) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(text.split()) for text in texts)


def test_a_report_prints_what_was_typed_as_it_was_typed(portal: Portal) -> None:
    texts = (
        *("<b>{{ 7*7 }}</b>", "=1+1；'; DROP TABLE person;--", "file:///etc/passwd"),
        *("喆昇堃玥䶮𬸚，" * 8, "１２３，－5，@张，&amp;amp;", "<img src='http://127.0.0.1:9/x'>"),
    )
    wanted = tuple(
        DecisionRequest(a, b, None, False) for a, b in zip(texts[:3], texts[3:], strict=True)
    )
    with request_time():
        portal.snapshots.restore("populated")
        said = printed(portal, wanted)
    assert [text for text in texts if "".join(text.split()) not in said] == []


def test_a_report_on_records_full_of_odd_texts_is_printed(portal: Portal) -> None:
    reasons = lines(120)
    with request_time():
        portal.snapshots.restore("populated")
        fill(portal, OTHERS)
        scripts = [text for text in lines(60) if "alert(1)" in text]
        parts = zip(scripts[:3], reasons[-3:], strict=False)
        said = printed(portal, tuple(DecisionRequest(a, b, None, False) for a, b in parts))
        assert "四、需领导小组决定的事项" in said and "alert(1)" in said
