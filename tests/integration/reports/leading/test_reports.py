"""Reports: frozen, rendered by the worker, the same on reprint."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask, g
from pypdf import PdfReader
from sqlalchemy import select, text

from lab import clock
from lab.demo import data as demo_data
from lab.demo import facts
from lab.extensions import db
from lab.files.documents import service as rendering
from lab.files.documents import storage as documents
from lab.indicators.models import Entry
from lab.jobs.models import Job
from lab.jobs.service import due_keys, run_due, run_job
from lab.rejected import Rejected
from lab.reports.content.leading import data_hash
from lab.reports.leading import service as leading_service
from lab.reports.models import Report
from tests.support.cast import Cast, person

YEAR_END = date(2022, 12, 31)
EXACT = ("近20个", "12个", "4个", "19146个", "54个", "1户", "4户", "1家")
SCENARIOS = ("丽泽SOHO", "丽泽天街", "丽泽天地", "晋商大厦")


@contextmanager
def _acting(app: Flask, person_id: int) -> Iterator[None]:
    with app.test_request_context("/reports/new", method="POST"):
        g.person = person(person_id)
        yield


def _issued(app: Flask, cast: Cast, cutoff: date = YEAR_END) -> str:
    with _acting(app, cast.office):
        key = leading_service.issue_report(cutoff, ()).key
        db.session.commit()
    return key


def _report(key: str) -> Report:
    return db.session.scalars(select(Report).where(Report.key == key)).one()


def _text(report: Report) -> str:
    reader = PdfReader(io.BytesIO(documents.path_of(report.file_name or "").read_bytes()))
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def _load(app: Flask, *, with_demo: bool) -> None:
    with app.app_context():
        if with_demo:
            demo_data.load()
        else:
            facts.load()
            db.session.commit()


def test_the_leaders_pdf_shows_the_published_figures_exactly(
    both_app: Flask, both_cast: Cast
) -> None:
    _load(both_app, with_demo=False)
    key = _issued(both_app, both_cast)
    with both_app.app_context():
        assert run_due() == 1
        report = _report(key)
        text = _text(report)
        assert report.status == "ready" and not report.has_demo
        for figure in (*EXACT, *SCENARIOS, "预计每月100余万元"):
            assert figure in text, figure
        assert "立项12个" in text and "已落地4个" in text
        assert "演示数据" not in text


def test_demo_reports_carry_the_banner_on_every_page(app: Flask, cast: Cast) -> None:
    _load(app, with_demo=True)
    with app.app_context():
        first = db.session.scalars(select(Job.kind).order_by(Job.id).limit(2)).all()
        assert first == [leading_service.DOCUMENT.job] * 2, "printed before all else"
        db.session.remove()
        for key in due_keys()[:2]:
            run_job(key)
        reports = db.session.scalars(select(Report).order_by(Report.cutoff)).all()
        assert [report.status for report in reports] == ["ready", "ready"]
        report = reports[-1]
        reader = PdfReader(documents.path_of(report.file_name or ""))
        assert 2 <= len(reader.pages) <= 6
        for page in reader.pages:
            assert "演示数据，非真实业务数据" in page.extract_text()
        text = _text(report)
        assert "立项12个" in text and "已落地4个" in text and "19146个" in text


def test_a_reprint_is_byte_identical_after_data_changes(app: Flask, cast: Cast) -> None:
    _load(app, with_demo=False)
    key = _issued(app, cast)
    with app.app_context():
        run_due()
        first = documents.path_of(_report(key).file_name or "").read_bytes()
        entry = db.session.scalars(select(Entry).where(Entry.indicator == "K01")).one()
        past = text("UPDATE entry SET value = value + 100 WHERE id = :id")  # pages refuse this
        assert db.session.execute(past, {"id": entry.id}).rowcount == 1
        leading_service.audit.record("test.change", entry)
        report = _report(key)
        report._set_status("queued")
        db.session.commit()
        db.session.remove()
        rendering.render(leading_service.DOCUMENT, {"report": key})
        again = documents.path_of(_report(key).file_name or "").read_bytes()
    assert again == first


def test_the_printed_fingerprint_is_that_of_the_frozen_data(app: Flask, cast: Cast) -> None:
    _load(app, with_demo=False)
    key = _issued(app, cast)
    with app.app_context():
        report = _report(key)
        assert data_hash(json.loads(report.snapshot)) == report.data_hash
        code = report.data_hash[:8]
        db.session.rollback()
        run_due()
        assert code in _text(_report(key))


def test_a_second_report_of_the_day_supersedes_the_first(app: Flask, cast: Cast) -> None:
    _load(app, with_demo=False)
    first = _issued(app, cast)
    with clock.freeze(clock.now() + timedelta(hours=1)), app.app_context():
        run_due()
    with clock.freeze(clock.now() + timedelta(hours=1)):
        second = _issued(app, cast)
    with app.app_context():
        assert _report(second).supersedes_id == _report(first).id
        assert json.loads(_report(second).snapshot)["version"] == 2


def test_a_date_to_come_is_refused(app: Flask, cast: Cast) -> None:
    with _acting(app, cast.office), pytest.raises(Rejected) as refused:
        leading_service.issue_report(clock.today() + timedelta(days=1), ())
    assert refused.value.field == "cutoff"
