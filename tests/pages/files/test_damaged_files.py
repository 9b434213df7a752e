"""A stored file that is missing or altered: a page with a number, a line in the log, no byte of
it; and a document is made again from what was frozen."""

from __future__ import annotations

import io
import logging
import os
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select
from werkzeug.test import TestResponse

from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.files.documents import service as rendering
from lab.files.documents import storage as documents
from lab.files.models import FilePreview, FilePreviewPage, StoredFile
from lab.files.storing import service as stored_files
from lab.files.storing import storage
from lab.jobs.service import run_due
from lab.proposals.attachments import service as attachments_service
from lab.proposals.models.proposal import Proposal
from lab.reports.leading import service as reports
from lab.reports.models import Paper, Report
from lab.reports.proposal_documents import service as proposal_documents_service
from tests.integration.proposals.attachments.test_attachments import taken
from tests.support.builders import calls as build_calls
from tests.support.builders import files as builders_files
from tests.support.builders import proposals as build
from tests.support.builders.workbooks import good_row, grid, xlsx
from tests.support.cast import Cast, person
from tests.support.client import PageClient, text_of

EVENT = re.compile(r"事件编号[：（ ]*([0-9A-F]{8})")


def alter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"!")


MISSING, ALTERED = "在服务器上找不到", "与保存时的内容不一致"
spoilt = pytest.mark.parametrize(("spoil", "said"), [(Path.unlink, MISSING), (alter, ALTERED)])


def with_file(cast: Cast) -> Proposal:
    proposal = build.unconfirmed_draft(cast, build_calls.open_call(cast))
    attachments_service.attach(proposal, taken("意向书.pdf", builders_files.pdf()), cast.applicant)
    db.session.commit()
    build.confirm(proposal)
    return proposal


def spoil_all(app: Flask, spoil: Callable[[Path], Any], where: str = storage.FILES) -> None:
    with app.app_context():
        for path in storage.folder(where).iterdir():
            spoil(path)


def check_told(answer: TestResponse, said: str, log: pytest.LogCaptureFixture) -> None:
    """The page says it, and its number leads to a line of the log."""
    text = text_of(answer)
    found = EVENT.search(text)
    assert said in text and found, text
    assert b"%PDF" not in answer.data
    lines = [r for r in log.records if getattr(r, "event", "") == found[1]]
    assert [line.levelno for line in lines] == [logging.ERROR]


@spoilt
def test_a_damaged_attachment_is_a_page_with_a_number(
    app: Flask,
    client: PageClient,
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Path], Any],
    said: str,
) -> None:
    with app.app_context():
        proposal = with_file(cast)
        key = db.session.scalars(select(StoredFile.key)).one()
        address = f"/proposals/{proposal.key}/files/{key}"
    applicant = client.as_(cast.applicant)
    with applicant.get(address) as whole:
        assert whole.data == builders_files.pdf() and whole.content_length == len(
            builders_files.pdf()
        )
    spoil_all(app, spoil)
    check_told(applicant.get(address, status=410), said, caplog)


@spoilt
def test_a_damaged_attachment_is_not_handed_in(
    app: Flask,
    client: PageClient,
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Path], Any],
    said: str,
) -> None:
    with app.app_context():
        address = f"/proposals/{with_file(cast).key}/submit"
    spoil_all(app, spoil)
    applicant = client.as_(cast.applicant)
    answer = applicant.submit(address, {"pledge": "1"}, status=422)
    assert "请移除后重新上传" in text_of(answer)
    check_told(answer, said, caplog)
    with app.app_context():
        assert db.session.scalars(select(Proposal.status)).one() == "draft"


@spoilt
def test_a_damaged_workbook_is_neither_read_nor_handed_out(
    app: Flask, client: PageClient, cast: Cast, spoil: Callable[[Path], Any], said: str
) -> None:
    with app.app_context():
        call = build_calls.open_call(cast).key
    office = client.as_(cast.office)
    sheet = xlsx(grid([good_row()]))
    upload = {"files": (io.BytesIO(sheet), "来件.xlsx")}
    page = office.post(f"/proposals/imports/calls/{call}", upload).headers["Location"]
    spoil_all(app, spoil)
    with app.app_context():
        run_due()
    text = text_of(office.get(page))
    assert said in text and EVENT.search(text), text
    assert said in text_of(office.post(f"{page}/file", status=410))


@pytest.fixture
def report(app: Flask, cast: Cast) -> str:
    """The key of a report whose PDF is made."""
    with app.test_request_context("/reports/new", method="POST"):
        g.person = person(cast.office)
        key = reports.issue_report(date(2022, 9, 30), ()).key
        db.session.commit()
    with app.app_context():
        run_due()
    return key


def pdf_of(app: Flask, table: type[Any], **which: str) -> bytes:
    with app.app_context():
        row = db.session.scalars(select(table).filter_by(**which)).one()
        data = documents.path_of(row.file_name).read_bytes()
        db.session.rollback()
    return data


def test_a_damaged_report_is_made_again_with_the_same_figures(
    app: Flask,
    client: PageClient,
    cast: Cast,
    report: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    office, page = client.as_(cast.office), f"/reports/{report}"
    before = pdf_of(app, Report)
    assert "重新生成" not in text_of(office.get(page))
    office.post(f"{page}/retry", status=409)
    spoil_all(app, alter, storage.DOCUMENTS)
    check_told(office.post(f"{page}/download", status=410), ALTERED, caplog)
    shown = text_of(office.get(page))
    assert ALTERED in shown and "重新生成" in shown and "下载PDF" not in shown
    office.submit(page)
    with app.app_context():
        run_due()
        lines = db.session.scalars(
            select(AuditEvent.detail).where(AuditEvent.action == "report.retry")
        )
        assert ["lost" in line for line in lines] == [True]
        db.session.rollback()
    assert pdf_of(app, Report) == before
    with office.post(f"{page}/download", status=200) as file:
        assert file.data == before


@spoilt
def test_a_damaged_report_is_nowhere_shown_as_ready(
    app: Flask, client: PageClient, cast: Cast, report: str, spoil: Callable[[Path], Any], said: str
) -> None:
    office, pages = client.as_(cast.office), ("/reports/", f"/reports/{report}")
    for page in pages:
        assert "可下载" in text_of(office.get(page))
    spoil_all(app, spoil, storage.DOCUMENTS)
    for page in pages:
        text = text_of(office.get(page))
        assert "需重新生成" in text and "可下载" not in text
    assert said in text


def make_receipt(app: Flask) -> None:
    """Let the worker make this one of the three papers."""
    with app.app_context():
        key = db.session.scalars(select(Paper.key).where(Paper.kind == "receipt")).one()
        db.session.rollback()
        rendering.render(proposal_documents_service.DOCUMENT, {"paper": key})


def test_a_damaged_receipt_is_made_again_by_its_owner(
    app: Flask,
    client: PageClient,
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with app.app_context():
        key = build.submitted_proposal(cast, build_calls.open_call(cast)).key
        db.session.rollback()
    make_receipt(app)
    page = f"/proposals/{key}/versions/1/paper"
    before = pdf_of(app, Paper, kind="receipt")
    spoil_all(app, Path.unlink, storage.DOCUMENTS)
    applicant = client.as_(cast.applicant)
    check_told(applicant.post(f"{page}/receipt/download", status=410), MISSING, caplog)
    shown = text_of(applicant.get(page))
    assert shown.count("文件需要重新生成") == 1 and "可下载" not in shown
    applicant.post(f"{page}/receipt")
    make_receipt(app)
    assert pdf_of(app, Paper, kind="receipt") == before
    assert text_of(applicant.get(page)).count("文件需要重新生成") == 0


@pytest.fixture
def pictured(app: Flask, cast: Cast) -> str:
    """The address of an attachment whose pictures are made."""
    with app.app_context():
        proposal = with_file(cast)
        address = (
            f"/proposals/{proposal.key}/files/{db.session.scalars(select(StoredFile.key)).one()}"
        )
        db.session.rollback()
        run_due()
    return address


def test_pictures_that_are_gone_are_drawn_again_unasked(
    app: Flask, client: PageClient, cast: Cast, pictured: str
) -> None:
    applicant = client.as_(cast.applicant)
    applicant.get(f"{pictured}/preview/1").close()
    spoil_all(app, Path.unlink, storage.PREVIEWS)
    with app.app_context():
        assert (stored_files.delete_lost_previews(), stored_files.delete_lost_previews()) == (1, 0)
        attachments_service.order_missing_previews()
        run_due()
    applicant.get(f"{pictured}/preview/1").close()


@spoilt
@pytest.mark.parametrize("first", ["/preview", "/preview/1"])
def test_a_damaged_picture_is_drawn_again(
    app: Flask,
    client: PageClient,
    cast: Cast,
    pictured: str,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Path], Any],
    said: str,
    first: str,
) -> None:
    applicant = client.as_(cast.applicant)
    with applicant.get(f"{pictured}/preview/1") as whole:
        before = whole.data
    spoil_all(app, spoil, storage.PREVIEWS)
    if first == "/preview":
        text = text_of(applicant.get(f"{pictured}/preview"))
        assert f"预览图片{said}，正在由原文件重新生成。 正在生成预览" in text
        assert "stored file damaged" in caplog.text
    else:
        check_told(applicant.get(f"{pictured}/preview/1", status=410), said, caplog)
    assert applicant.get(f"{pictured}/preview/state").json["state"] == "queued"
    with app.app_context():
        run_due()
    with applicant.get(f"{pictured}/preview/1") as picture:
        assert picture.data == before
    assert "预览图片" not in text_of(applicant.get(f"{pictured}/preview"))


def test_a_damaged_picture_of_a_lost_file_says_so(
    app: Flask, client: PageClient, cast: Cast, pictured: str
) -> None:
    applicant = client.as_(cast.applicant)
    spoil_all(app, alter, storage.PREVIEWS)
    spoil_all(app, Path.unlink)
    text = text_of(applicant.get(f"{pictured}/preview"))
    assert f"有预览图片{ALTERED}，原文件{MISSING}，不能重新生成" in text
    assert EVENT.search(text) and "第1页" in text, "the pictures that are left stay"
    text = text_of(applicant.get(f"{pictured}/preview/1", status=410))
    assert f"预览图片{ALTERED}" in text and "重新生成" not in text
    with app.app_context():
        assert db.session.scalar(select(FilePreviewPage.id)) is not None


def test_a_damaged_picture_is_named_where_nothing_can_be_saved(
    app: Flask, client: PageClient, cast: Cast, pictured: str
) -> None:
    spoil_all(app, alter, storage.PREVIEWS)
    app.config["AUDIT_KEY"] = "another-key-0123456789-abcdefghijklmnop"
    app.extensions.pop("audit_suspended", None)
    text = text_of(client.as_(cast.applicant).get(f"{pictured}/preview"))
    assert f"预览图片{ALTERED}" in text and "请稍后再看" in text


def test_pictures_made_meanwhile_are_not_taken_for_lost(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        with_file(cast)
        db.session.rollback()
    before = stored_files.reading

    def made_first() -> Any:
        run_due()
        return before()

    with app.app_context():
        storage.folder(storage.PREVIEWS)
        monkeypatch.setattr(stored_files, "reading", made_first)
        assert stored_files.delete_lost_previews() == 0
        assert db.session.scalars(select(FilePreview.status)).one() == "ready"


def link(path: Path) -> None:
    """Put a link in the place of a file."""
    other = path.with_name("elsewhere")
    path.rename(other)
    path.symlink_to(other)


def age_all(app: Flask) -> int:
    """Sweep as if all documents had lain there for two days; how many are left."""
    with app.app_context():
        folder, long_ago = (
            storage.folder(storage.DOCUMENTS),
            time.time() - 2 * stored_files.DAY_SECONDS,
        )
        for path in folder.iterdir():
            os.utime(path, (long_ago, long_ago), follow_symlinks=False)
        stored_files.purge_expired()
        return len(list(folder.iterdir()))


@pytest.mark.parametrize(
    ("spoil", "works", "left"),
    [
        (alter, True, 1),
        (alter, False, 0),
        (link, True, 1),
        (link, False, 1),  # it cannot be read now, and may be whole: it stays
    ],
)
def test_the_damaged_file_goes_when_a_report_is_made_again(
    app: Flask,
    client: PageClient,
    cast: Cast,
    report: str,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], Any],
    works: bool,
    left: int,
) -> None:
    spoil_all(app, spoil, storage.DOCUMENTS)
    assert age_all(app) > 0, "a row names it"
    client.as_(cast.office).submit(f"/reports/{report}")
    if works:
        with app.app_context():
            run_due()
    assert age_all(app) == left


def test_a_report_whose_data_were_altered_is_not_made_again(
    app: Flask, client: PageClient, cast: Cast, report: str
) -> None:
    spoil_all(app, Path.unlink, storage.DOCUMENTS)
    with app.app_context():
        db.session.execute(db.text("UPDATE report SET snapshot = replace(snapshot, '1', '2')"))
        db.session.commit()
    answer = client.as_(cast.office).post(f"/reports/{report}/retry", status=409)
    assert "锁定的数据与数据指纹不一致" in text_of(answer)
