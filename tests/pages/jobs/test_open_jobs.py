"""One person cannot keep the worker from everybody else; nobody loses what was typed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lab import audit
from lab.extensions import db
from lab.files.models import FilePreview
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.proposals.attachments.service import order_missing_previews
from lab.proposals.models.imports import ProposalImport
from lab.rejected import Rejected
from lab.reports.proposal_documents import service as proposal_documents_service
from tests.support.builders import files as build_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import filled_draft
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of
from tests.support.concurrency import at_once

KIND = proposal_documents_service.DOCUMENT.job
SENTENCE = "您已有20项文件正在生成或核对，请等完成一些后再试。"


@pytest.fixture(autouse=True)
def no_huey(both_app: Flask) -> None:
    jobs.on_wake(both_app, lambda _: None)


def fill(app: Flask, person_id: int | None, number: int, state: str = "queued") -> None:
    with app.app_context():
        for _ in range(number):
            job = jobs.enqueue(KIND, {"paper": "none"}, asked_by=person_id)
            job.state = state
        audit.record("test.cause")
        db.session.commit()


def asked_by(app: Flask, person_id: int) -> int:
    with app.app_context():
        mine = select(func.count()).select_from(Job).where(Job.asked_by_id == person_id)
        return db.session.scalar(mine) or 0


def test_a_persons_twenty_first_document_waits(
    both_app: Flask, both_client: PageClient, both_cast: Cast
) -> None:
    office, second = both_client.as_(both_cast.office), both_client.as_(both_cast.office2)
    fill(both_app, both_cast.office, jobs.MAX_OPEN)
    typed = {"cutoff": "2022-12-31", "title_1": "请决定的事项"}
    page = office.submit("/reports/new", typed, status=422)
    assert SENTENCE in text_of(page) and "请决定的事项" in page.text
    assert asked_by(both_app, both_cast.office) == jobs.MAX_OPEN
    second.submit("/reports/new", typed)
    assert asked_by(both_app, both_cast.office2) == 1, "nobody else is held up"


@pytest.mark.parametrize("state", ["done", "failed"])
def test_what_is_finished_does_not_count(
    both_app: Flask, both_client: PageClient, both_cast: Cast, state: str
) -> None:
    fill(both_app, both_cast.office, jobs.MAX_OPEN, state)
    fill(both_app, both_cast.office, jobs.MAX_OPEN - 1, "running")
    fill(both_app, None, jobs.MAX_OPEN)
    both_client.as_(both_cast.office).submit("/reports/new", {"cutoff": "2022-12-31"})


def test_a_workbook_is_refused_beside_its_field(app: Flask, client: PageClient, cast: Cast) -> None:
    with app.app_context():
        key = open_call(cast).key
    fill(app, cast.office, jobs.MAX_OPEN)
    before = stored_files(app)
    sheet = {"files": (io.BytesIO(build_files.office("xlsx")), "来件.xlsx")}
    page = client.as_(cast.office).post(f"/proposals/imports/calls/{key}", sheet, status=422)
    assert SENTENCE in text_of(page)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ProposalImport)) == 0
    assert stored_files(app) == before


def stored_files(app: Flask) -> int:
    with app.app_context():
        return len(list(Path(app.config["INSTANCE"], "files").glob("*")))


def test_an_attachment_is_taken_all_the_same_and_shown_later(
    both_app: Flask, both_client: PageClient, both_cast: Cast
) -> None:
    with both_app.app_context():
        key = filled_draft(both_cast, open_call(both_cast)).key
    fill(both_app, both_cast.applicant, jobs.MAX_OPEN)
    applicant = both_client.as_(both_cast.applicant)
    body = {"upload_key": "k" * 24, "file": (io.BytesIO(build_files.pdf("新附件")), "附件.pdf")}
    answer = applicant.http.post(
        f"/proposals/{key}/files",
        data={**body, "csrf_token": applicant.token()},
        headers={"Origin": "http://localhost", "Accept": "application/json"},
    )
    assert answer.get_json()["state"] == "saved", answer.text
    assert asked_by(both_app, both_cast.applicant) == jobs.MAX_OPEN
    with both_app.app_context():
        bare = db.session.scalar(select(func.count()).select_from(FilePreview))
        db.session.remove()
        order_missing_previews()
        assert db.session.scalar(select(func.count()).select_from(FilePreview)) > (bare or 0)


def test_thirty_requests_at_once_open_twenty_jobs(both_app: Flask, both_cast: Cast) -> None:
    def ask(_number: int) -> bool:
        try:
            jobs.require_room(both_cast.office)
        except Rejected:
            db.session.rollback()
            return False
        jobs.enqueue(KIND, {"paper": "none"}, asked_by=both_cast.office)
        audit.record("test.cause")
        db.session.commit()
        return True

    assert sum(at_once(both_app, 30, ask)) == jobs.MAX_OPEN
