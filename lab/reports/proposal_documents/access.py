"""Load the document of a submitted version that an address names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lab.policy import Actor
from lab.proposals.access import Submitted, load_version
from lab.reports.models import Paper
from lab.reports.proposal_documents import queries
from lab.web.request.guards import LoadedResource


@dataclass(frozen=True)
class RequestedDocument:
    """One kind of document of a version; `document` is None until it is ordered."""

    AUDIT_TYPE: ClassVar[str] = "Sheet"  # the stored word of denials

    submitted: Submitted
    kind: str
    document: Paper | None


def load_document(actor: Actor, key: str, number: int, kind: str) -> LoadedResource | None:
    """Load one document of a submitted version, ordered or not."""
    loaded = load_version(actor, key, number)
    if loaded is None or kind not in queries.KIND_LABELS:
        return None
    submitted: Submitted = loaded.obj
    document = queries.find_document(submitted.version.id, kind)
    requested = RequestedDocument(submitted, kind, document)
    return LoadedResource(requested, loaded.resource, loaded.view_action)
