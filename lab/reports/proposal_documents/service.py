"""Every write of papers: order one for a submitted version, render it, note who takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.canonical import canonical_json, short
from lab.db import lock_row, reading, transition
from lab.extensions import db
from lab.identity.models.account import Person
from lab.jobs import service as jobs
from lab.proposals.access import Submitted
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.rejected import Rejected
from lab.reports.content.proposal_copy import AnyDocument, to_plain
from lab.reports.core import storage as documents
from lab.reports.core.render import make_file
from lab.reports.models import Paper
from lab.reports.proposal_documents import builder, review_copy
from lab.reports.proposal_documents.queries import KINDS, find
from lab.web.request.hosts import absolute_url

JOB = "paper.render"
_FILL: dict[str, Callable[..., AnyDocument]] = {
    "receipt": builder.build_receipt,
    "proposal": builder.build_proposal,
    "review": review_copy.build_review_copy,
}


def order_documents(proposal: Proposal, version: ProposalVersion) -> None:
    """Order the papers of a version just submitted; part of the submission, no audit line."""
    submitter = db.session.get_one(Person, version.submitted_by_id)
    for kind in KINDS:
        _order(proposal, version, kind, submitter)


def make(found: Submitted, kind: str, person: Person) -> Paper:
    """Order a paper that does not exist yet, or once more one that failed or whose file is
    missing or altered; the frozen content stays the same.

    Raises Rejected when it is there or being made, and while the person has too many open jobs.
    """
    lock_row(found.proposal)
    jobs.expect_room(person.id)
    detail = _detail(found.proposal, found.version, kind)
    paper = find(found.version.id, kind)
    if paper is None:
        paper = _order(found.proposal, found.version, kind, person)
    elif paper.status == "failed":
        _again(paper, person)
    elif paper.status == "ready" and documents.damage(paper):
        _again(paper, person)
        detail |= {"lost": paper.file_hash}
    else:
        raise Rejected("文件已经生成或正在生成，请返回刷新后再看。")
    audit.record("paper.make", paper, detail=detail)
    return paper


def _again(paper: Paper, person: Person) -> None:
    transition(paper, "retry")
    paper.failure = ""
    documents.give_up(paper)
    paper.job_id = jobs.enqueue(JOB, {"paper": paper.key}, asked_by=person.id).id


def _order(proposal: Proposal, version: ProposalVersion, kind: str, person: Person) -> Paper:
    now = clock.now()
    content = _FILL[kind](
        proposal,
        version,
        submitted_by=db.session.get_one(Person, version.submitted_by_id).name,
        made_by=person.name,
        made_at=now,
        verify_url=absolute_url("reports.verify", code=version.fingerprint),
    )
    paper = Paper(
        kind=kind,
        proposal_version_id=version.id,
        snapshot=canonical_json(to_plain(content)),
        made_by_id=person.id,
        made_at=now,
    )
    paper.begin()
    db.session.add(paper)
    db.session.flush()
    paper.job_id = jobs.enqueue(JOB, {"paper": paper.key}, asked_by=person.id).id
    return paper


def _detail(proposal: Proposal, version: ProposalVersion, kind: str) -> dict[str, Any]:
    return {
        "number": proposal.number,
        "version": version.number,
        "kind": kind,
        "fingerprint": short(version.fingerprint),
    }


def note_download(found: Submitted, paper: Paper) -> None:
    """Note who took the file. Raises Rejected while there is none."""
    if paper.status != "ready":
        raise Rejected("文件还没有生成，请稍后再下载。")
    audit.record("paper.download", paper, detail=_detail(found.proposal, found.version, paper.kind))


def note_export(found: Submitted) -> None:
    """Note who took the content of a version as JSON."""
    detail = _detail(found.proposal, found.version, "json")
    audit.record("proposal.export", found.proposal, detail=detail)


# -- the job -----------------------------------------------------------------------------------


def render(arguments: Mapping[str, Any]) -> None:
    """The job: snapshot → PDF → file → row. Run again after a crash it ends the same way."""
    with reading() as session:
        row = session.scalar(select(Paper).where(Paper.key == arguments["paper"]))
        if row is None or row.status != "queued":
            return
        snapshot = row.snapshot
    kept = make_file(snapshot)
    paper = db.session.scalars(select(Paper).where(Paper.key == arguments["paper"])).one()
    transition(
        paper, "finish", file_name=kept.storage_name, file_hash=kept.sha256, file_size=kept.size
    )
    audit.record("paper.render", paper, detail={"file": kept.sha256})
    db.session.commit()


def render_failed(arguments: Mapping[str, Any], sentence: str) -> None:
    """After the last try: say so on the page of papers."""
    paper = db.session.scalar(select(Paper).where(Paper.key == arguments["paper"]))
    if paper is not None and paper.status == "queued":
        transition(paper, "fail", failure=sentence[:300])
        audit.record("paper.fail", paper, result="failed")
        db.session.commit()
