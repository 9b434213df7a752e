"""Every write of proposal documents: order one for a submitted version, and again if need be."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.canonical import JsonString, canonical_json, short
from lab.db import lock_row
from lab.extensions import db
from lab.files.documents import service as documents
from lab.files.documents.kinds import FileKind, WaitingMessages
from lab.files.rules.lifecycle import RenderStatus
from lab.identity.models.account import Person
from lab.jobs import service as jobs
from lab.proposals.access import Submitted
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.reports.content.proposal_copy import AnyDocument, to_plain
from lab.reports.core.render import render_file
from lab.reports.models import Paper
from lab.reports.proposal_documents import builder, review_copy
from lab.reports.proposal_documents.queries import KIND_LABELS, find_document
from lab.web.request.hosts import absolute_url

_BUILDERS: dict[str, Callable[..., AnyDocument]] = {
    "receipt": builder.build_receipt,
    "proposal": builder.build_proposal,
    "review": review_copy.build_review_copy,
}


def order_documents(proposal: Proposal, version: ProposalVersion) -> None:
    """Order the documents of a version just submitted; part of the submission, no audit line."""
    submitter = db.session.get_one(Person, version.submitted_by_id)
    for kind in KIND_LABELS:
        _order(proposal, version, kind, submitter)


def order_document(submitted: Submitted, kind: str, person: Person) -> Paper:
    """Order a missing document, or again one that failed or whose file is damaged.

    The frozen content stays the same.

    Raises Rejected when it exists or is being rendered, and while the person has too many open
    jobs.
    """
    lock_row(submitted.proposal)
    detail = _detail(submitted.proposal, submitted.version, kind)
    document = find_document(submitted.version.id, kind)
    if document is None:
        jobs.require_room(person.id)
        document = _order(submitted.proposal, submitted.version, kind, person)
    elif lost := documents.retry(DOCUMENT, document, person.id):
        detail |= {"lost": lost}
    audit.record("paper.make", document, detail=detail)
    return document


def _order(proposal: Proposal, version: ProposalVersion, kind: str, person: Person) -> Paper:
    now = clock.now()
    content = _BUILDERS[kind](
        proposal,
        version,
        submitted_by=db.session.get_one(Person, version.submitted_by_id).name,
        made_by=person.name,
        made_at=now,
        verify_url=absolute_url("reports.verify", code=version.fingerprint),
    )
    document = Paper(
        kind=kind,
        proposal_version_id=version.id,
        snapshot=canonical_json(to_plain(content)),
        made_by_id=person.id,
        made_at=now,
    )
    documents.order(DOCUMENT, document, person.id)
    return document


def _detail(proposal: Proposal, version: ProposalVersion, kind: str) -> dict[str, Any]:
    return {
        "number": proposal.number,
        "version": version.number,
        "kind": kind,
        "fingerprint": short(version.fingerprint),
    }


def download_detail(submitted: Submitted, kind: str) -> dict[str, Any]:
    """Return what is noted of whoever downloads a document of this version."""
    return _detail(submitted.proposal, submitted.version, kind)


def record_export(submitted: Submitted) -> None:
    """Record who downloaded a version's content as JSON."""
    detail = _detail(submitted.proposal, submitted.version, "json")
    audit.record("proposal.export", submitted.proposal, detail=detail)


_THERE = "文件已经生成或正在生成，请返回刷新后再看。"
DOCUMENT: FileKind[Paper, JsonString] = FileKind(
    model=Paper,
    job="paper.render",
    argument="paper",
    rows=lambda key: select(Paper).where(Paper.key == key),
    key=attrgetter("key"),
    source=attrgetter("snapshot"),
    render=render_file,
    waiting_messages=WaitingMessages(ready="文件已生成。", missing="还没有要求生成。"),
    rejection_messages={RenderStatus.QUEUED: _THERE, RenderStatus.READY: _THERE},
    audit_rendered="paper.render",
    audit_failed="paper.fail",
    audit_downloaded="paper.download",
)
