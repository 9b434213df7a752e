"""Reports, papers and previews are ordered, rendered once, failed and retried in the same way."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from lab import audit, clock
from lab.audit.models import AuditEvent
from lab.extensions import db
from lab.files.documents import pages, service
from lab.files.documents.kinds import DocumentKind, FileKind
from lab.files.models import FilePreview
from lab.files.previews import drawing
from lab.files.previews import service as previews
from lab.files.storing import storage
from lab.files.storing.service import purge_expired, store_upload
from lab.files.storing.uploads import ReceivedUpload
from lab.jobs import service as jobs
from lab.jobs.models import Job
from lab.jobs.sandbox import ChildStopped
from lab.proposals.access import Submitted
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.rejected import Rejected
from lab.reports.core import sandbox
from lab.reports.leading import service as reports
from lab.reports.models import Paper, Report
from lab.reports.proposal_documents import service as papers
from lab.workflow import TransitionRejected
from tests.support.builders import files as build_files
from tests.support.builders.calls import open_call
from tests.support.builders.proposals import submitted_proposal
from tests.support.cast import Cast, person

TOO_SLOW = "超过规定时间"
PNG = build_files.image(size=(60, 40))


def order_report(cast: Cast) -> str:
    return reports.issue_report(date(2022, 9, 30), ()).key


def retry_report(cast: Cast, report: Report) -> None:
    reports.retry_report(report)


def order_paper(cast: Cast) -> str:
    submitted_proposal(cast, open_call(cast))
    return db.session.scalars(select(Paper.key).where(Paper.kind == "receipt")).one()


def retry_paper(cast: Cast, paper: Paper) -> None:
    version = db.session.get_one(ProposalVersion, paper.proposal_version_id)
    proposal = db.session.get_one(Proposal, version.proposal_id)
    papers.order_document(Submitted(proposal, version), paper.kind, person(cast.office))


def order_preview(cast: Cast) -> str:
    upload = ReceivedUpload("照片.png", storage.store_file(io.BytesIO(build_files.image())), "")
    file = store_upload(upload, cast.applicant)
    previews.order_pictures(file, cast.applicant)
    audit.record("test.cause")
    return file.key


def retry_preview(cast: Cast, preview: FilePreview) -> None:
    service.order_again(previews.PICTURES, preview)


@dataclass(frozen=True)
class Case:
    """One kind: how a person orders and retries one, and where its files lie."""

    kind: DocumentKind[Any, Any, Any]
    order: Callable[[Cast], str]
    retry: Callable[[Cast, Any], None]
    folder: str = storage.DOCUMENTS


CASES = (
    Case(reports.DOCUMENT, order_report, retry_report),
    Case(papers.DOCUMENT, order_paper, retry_paper),
    Case(previews.PICTURES, order_preview, retry_preview, storage.PREVIEWS),
)
each_kind = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind.job)
each_file = pytest.mark.parametrize("case", CASES[:2], ids=lambda case: case.kind.job)


class Renderer:
    """Stands for the confined processes: may fail, and may do something before it answers."""

    def __init__(self) -> None:
        self.fails = False
        self.before: Callable[[], None] | None = None

    def _run(self) -> None:
        if self.before is not None:
            before, self.before = self.before, None
            before()

    def document(self, *_args: Any, **_kwargs: Any) -> bytes:
        self._run()
        if self.fails:
            raise sandbox.RenderFailed("time")
        return b"%PDF-1.7"

    def pictures(self, *_args: Any, **_kwargs: Any) -> tuple[dict[str, Any], bytes]:
        self._run()
        if self.fails:
            raise ChildStopped("time")
        size = {"width": 60, "height": 40, "size": len(PNG)}
        page = {"page": 1, "piece": 1, "kind": "png", **size}
        return {"problem": None, "total": 1, "pages": [page]}, PNG


@pytest.fixture
def renderer(both_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Renderer:
    renderer = Renderer()
    monkeypatch.setattr(sandbox, "render_in_child", renderer.document)
    monkeypatch.setattr(drawing, "run_confined", renderer.pictures)
    jobs.on_wake(both_app, lambda _: None)
    return renderer


@pytest.fixture
def acting(both_app: Flask, both_cast: Cast) -> Iterator[None]:
    """A request of the office."""
    with both_app.test_request_context("/reports/new", method="POST"):
        g.person = person(both_cast.office)
        yield


def ordered(case: Case, cast: Cast) -> str:
    key = case.order(cast)
    db.session.commit()
    db.session.remove()
    return key


def render(case: Case, key: str) -> None:
    """The job; the worker has the database for itself."""
    db.session.remove()
    service.render(case.kind, {case.kind.argument: key})


def row_of(case: Case, key: str) -> Any:
    db.session.remove()
    return db.session.scalars(case.kind.rows(key)).one()


def state_of(case: Case, key: str) -> dict[str, Any]:
    answer: dict[str, Any] = pages.state_answer(case.kind, row_of(case, key), "/page").get_json()
    db.session.remove()
    return answer


def on_disk(case: Case) -> set[str]:
    return {path.name for path in storage.folder(case.folder).iterdir()}


def lines(action: str) -> int:
    """How many lines of the audit log note this action; none for one without a code."""
    matching = select(func.count()).where(AuditEvent.action == action)
    return db.session.scalar(matching) or 0


def jobs_of(case: Case, key: str) -> list[Job]:
    rows = db.session.scalars(select(Job).where(Job.kind == case.kind.job).order_by(Job.id))
    return [job for job in rows if job.arguments == {case.kind.argument: key}]


@each_kind
def test_an_order_waits_for_a_worker(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    (job,) = jobs_of(case, key)
    assert (job.state, job.asked_by_id is None) == ("queued", False)
    assert row_of(case, key).status == "queued"
    assert state_of(case, key) == {
        "state": "queued",
        "text": case.kind.waiting_messages.queued,
        "url": "/page",
    }


@each_kind
def test_a_document_that_a_worker_is_at_is_not_one_that_waits(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    seen: list[dict[str, Any]] = []
    renderer.before = lambda: seen.append(state_of(case, key))
    (job,) = jobs_of(case, key)
    db.session.remove()
    assert jobs.run_job(job.key)
    assert seen == [
        {"state": "rendering", "text": case.kind.waiting_messages.queued, "url": "/page"}
    ]
    assert state_of(case, key)["state"] == "done"


@each_kind
def test_rendered_twice_a_document_stays_as_it_was(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    render(case, key)
    first, files = row_of(case, key).version, on_disk(case)
    render(case, key)
    assert (row_of(case, key).version, on_disk(case)) == (first, files)
    assert (len(files), lines(case.kind.audit_rendered)) == (1, bool(case.kind.audit_rendered))


@each_kind
def test_of_two_workers_the_slower_leaves_nothing(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    renderer.before = lambda: render(case, key)
    render(case, key)
    assert row_of(case, key).status == "ready"
    assert len(on_disk(case)) == 1
    assert lines(case.kind.audit_rendered) == bool(case.kind.audit_rendered)


@each_kind
def test_a_worker_killed_before_its_row_leaves_it_waiting(
    case: Case,
    both_cast: Cast,
    renderer: Renderer,
    acting: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_args: Any) -> bool:
        raise Killed

    key = ordered(case, both_cast)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(service, "_finish", kill)
        render(case, key)
    assert row_of(case, key).status == "queued"
    lost = on_disk(case)
    render(case, key)
    assert row_of(case, key).status == "ready"
    db.session.remove()
    assert (len(lost), purge_expired(older_than=-1)) == (1, 1)
    assert on_disk(case) and not on_disk(case) & lost


@each_kind
def test_a_failure_says_why_and_is_made_good_by_a_retry(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    renderer.fails = True
    for attempt in range(jobs.MAX_ATTEMPTS):
        with clock.freeze(clock.now() + timedelta(minutes=attempt)):
            jobs.run_due()
    row = row_of(case, key)
    assert row.status == "failed" and TOO_SLOW in row.failure
    assert lines(case.kind.audit_failed) >= bool(case.kind.audit_failed)
    assert state_of(case, key)["text"] == case.kind.waiting_messages.failed.format(row.failure)
    renderer.fails = False
    case.retry(both_cast, row_of(case, key))
    db.session.commit()
    row = row_of(case, key)
    assert (row.status, row.failure) == ("queued", "")
    assert [job.state for job in jobs_of(case, key)] == ["failed", "queued"]
    render(case, key)
    assert row_of(case, key).status == "ready"


@each_kind
def test_a_failure_comes_too_late_for_what_is_ready(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    render(case, key)
    db.session.remove()
    service.note_failure(case.kind, {case.kind.argument: key}, "太晚。")
    row = row_of(case, key)
    assert (row.status, row.failure) == ("ready", "")


@each_file
def test_a_file_is_made_again_only_when_it_is_damaged(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    render(case, key)
    with pytest.raises(Rejected):
        case.retry(both_cast, row_of(case, key))
    db.session.rollback()
    (first,) = on_disk(case)
    Path(storage.folder(case.folder), first).write_bytes(b"%PDF-1.6")
    case.retry(both_cast, row_of(case, key))
    db.session.commit()
    with pytest.raises((Rejected, TransitionRejected)):
        case.retry(both_cast, row_of(case, key))
    db.session.rollback()
    render(case, key)
    row = row_of(case, key)
    assert row.status == "ready" and row.file_name != first
    assert (
        storage.find_damage(Path(storage.folder(case.folder), row.file_name), row.file_hash) == ""
    )


@each_file
def test_a_person_with_twenty_open_jobs_retries_later(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    key = ordered(case, both_cast)
    service.note_failure(case.kind, {case.kind.argument: key}, "没有成功。")
    for _ in range(jobs.MAX_OPEN):
        jobs.enqueue(case.kind.job, {}, asked_by=both_cast.office)
    with pytest.raises(Rejected, match=r"您已有20项文件"):
        case.retry(both_cast, db.session.scalars(case.kind.rows(key)).one())


@each_file
def test_nobody_is_noted_for_a_file_that_is_not_there_yet(
    case: Case, both_cast: Cast, renderer: Renderer, acting: None
) -> None:
    assert isinstance(case.kind, FileKind)
    key = ordered(case, both_cast)
    with pytest.raises(Rejected, match="还没有生成"):
        pages.download(case.kind, row_of(case, key), "文件.pdf", {})
    db.session.commit()
    assert lines(case.kind.audit_downloaded) == 0
