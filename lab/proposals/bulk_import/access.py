"""Load the import that an address names."""

from __future__ import annotations

from sqlalchemy import select

from lab.extensions import db
from lab.policy import Actor, Resource
from lab.proposals.models.imports import ProposalImport
from lab.web.request.guards import LoadedResource

VIEW = "import.view"


def load_import(_actor: Actor, key: str) -> LoadedResource | None:
    """Load the import with this key."""
    batch = db.session.scalar(select(ProposalImport).where(ProposalImport.key == key))
    return LoadedResource(batch, Resource("import", batch.status), VIEW) if batch else None
