"""Queries of proposal documents: those of a submitted version, and fingerprint verification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lab import policy
from lab.extensions import db
from lab.files.documents.read_model import ShownDocument
from lab.files.documents.storage import shown_state
from lab.policy import Actor
from lab.proposals.core.visibility.contents import VIEW, resource_of
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.reports.models import Paper
from lab.reports.rules.lifecycle import PROPOSAL_DOCUMENT

MIN_DIGITS, MAX_SHOWN = 8, 5


@dataclass(frozen=True)
class DocumentRow(ShownDocument):
    """One kind of document on the documents page.

    State "" means not ordered; size in bytes; `damage`: what is wrong with a ready file.
    """

    kind: str
    name: str
    state: str
    label: str
    tone: str
    made_at: datetime | None = None
    file_hash: str | None = None
    file_size: int | None = None
    failure: str = ""
    damage: str = ""


def document_rows(version_id: int) -> tuple[DocumentRow, ...]:
    """Return every kind of document of a version."""
    documents = db.session.scalars(select(Paper).where(Paper.proposal_version_id == version_id))
    by_kind = {document.kind: document for document in documents}
    return tuple(_row(kind, by_kind.get(kind)) for kind in KIND_LABELS)


def _row(kind: str, document: Paper | None) -> DocumentRow:
    if document is None:
        return DocumentRow(kind, KIND_LABELS[kind], "", "尚未生成", "grey")
    state, damage = shown_state(PROPOSAL_DOCUMENT, document.status, document)
    return DocumentRow(
        kind,
        KIND_LABELS[kind],
        state.code,
        state.label,
        state.tone,
        document.made_at,
        document.file_hash,
        document.file_size,
        document.failure,
        damage,
    )


# -- verification ------------------------------------------------------------------------------


@dataclass(frozen=True)
class VerifiedFingerprint:
    """A fingerprint known to the portal. Without `visible` nothing more may be revealed."""

    visible: bool
    key: str = ""
    number: str = ""
    title: str = ""
    version: int = 0
    newest: bool = False
    submitted_at: datetime | None = None
    fingerprint: str = ""


def is_code(code: str) -> bool:
    """Return whether this can be the start of a fingerprint: at least 8 hex digits."""
    return len(code) >= MIN_DIGITS and all(c in "0123456789abcdef" for c in code)


def find_by_fingerprint(actor: Actor, code: str) -> list[VerifiedFingerprint]:
    """Return the submitted versions whose content, or a document of which, has this fingerprint."""
    code = code.strip().lower()
    if not is_code(code):
        return []
    printed = select(Paper.proposal_version_id).where(Paper.file_hash.startswith(code))
    matches = db.session.execute(
        select(ProposalVersion, Proposal)
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .where(ProposalVersion.fingerprint.startswith(code) | ProposalVersion.id.in_(printed))
        .order_by(ProposalVersion.id.desc())
        .limit(MAX_SHOWN)
    )
    results = [_verified(actor, proposal, version) for version, proposal in matches]
    return [row for row in results if row.visible] or results[:1]


def _verified(actor: Actor, proposal: Proposal, version: ProposalVersion) -> VerifiedFingerprint:
    if not policy.allowed(VIEW, actor, resource_of(actor, proposal)):
        return VerifiedFingerprint(visible=False)
    content = version.content.parsed()
    later = select(ProposalVersion.id).where(
        ProposalVersion.proposal_id == proposal.id, ProposalVersion.number > version.number
    )
    return VerifiedFingerprint(
        visible=True,
        key=proposal.key,
        number=content["number"] or "",
        title=content["title"],
        version=version.number,
        newest=db.session.scalar(later.limit(1)) is None,
        submitted_at=version.submitted_at,
        fingerprint=version.fingerprint,
    )


KIND_LABELS = {"receipt": "提交回执", "proposal": "申报书", "review": "评审稿"}


def find_document(version_id: int, kind: str) -> Paper | None:
    """Return a version's document of this kind, None when not ordered."""
    query = select(Paper).where(Paper.proposal_version_id == version_id, Paper.kind == kind)
    return db.session.scalar(query)
