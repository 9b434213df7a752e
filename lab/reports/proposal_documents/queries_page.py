"""Reads for the page of the documents of a submitted version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.policy import Actor
from lab.proposals.access import Submitted
from lab.proposals.core.visibility.contents import title_for
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.reports.proposal_documents.queries import DocumentRow, document_rows


@dataclass(frozen=True)
class DocumentsPage:
    """A submitted version and what can be printed of it."""

    proposal: Proposal
    name: str
    version: ProposalVersion
    documents: Sequence[DocumentRow]


def documents_page(submitted: Submitted, reader: Actor) -> DocumentsPage:
    """Return the documents of the version, made or not."""
    return DocumentsPage(
        proposal=submitted.proposal,
        name=title_for(reader, submitted.proposal),
        version=submitted.version,
        documents=document_rows(submitted.version.id),
    )
