"""Load what the addresses of proposals name, with the actor's relations to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    bindparam,
    select,
)
from sqlalchemy.orm import joinedload

from lab.extensions import db
from lab.files.models import StoredFile
from lab.policy import Actor, Resource
from lab.proposals.core.content.content import name_options
from lab.proposals.core.editing import note_read
from lab.proposals.core.visibility.contents import VIEW, resource_of
from lab.proposals.core.visibility.files import may_read_file
from lab.proposals.models.proposal import Proposal, ProposalFile, ProposalVersion
from lab.web.request.guards import LoadedResource


def find_proposal(key: str) -> Proposal | None:
    """Return the proposal with this key, with all people and units it names in two selects.

    None when there is none.
    """
    proposal = db.session.scalars(_by_key(), {"key": key}).one_or_none()
    if proposal is not None:
        note_read(proposal)
    return proposal


@cache  # made on first use, and once: nearly every address of a proposal asks it
def _by_key() -> Select[Any]:
    return select(Proposal).where(Proposal.key == bindparam("key")).options(*name_options())


def load_proposal(actor: Actor, key: str, **_rest: object) -> LoadedResource | None:
    """Load the proposal with this key; further parts of the address are up to the view."""
    proposal = find_proposal(key)
    return LoadedResource(proposal, resource_of(actor, proposal), VIEW) if proposal else None


@dataclass(frozen=True)
class Submitted:
    """A proposal and one of its submitted versions."""

    proposal: Proposal
    version: ProposalVersion


def load_version(actor: Actor, key: str, number: int) -> LoadedResource | None:
    """Load a submitted version of a proposal."""
    proposal = find_proposal(key)
    row = proposal and db.session.scalar(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == proposal.id, ProposalVersion.number == number
        )
    )
    if not proposal or not row:
        return None
    return LoadedResource(Submitted(proposal, row), resource_of(actor, proposal), VIEW)


@dataclass(frozen=True)
class Attached:
    """An attachment, and the proposal it belongs or belonged to."""

    proposal: Proposal
    row: ProposalFile

    @property
    def file(self) -> StoredFile:
        return self.row.file

    @property
    def key(self) -> str:
        return self.row.file.key


def load_file(actor: Actor, key: str, file_key: str, **_rest: object) -> LoadedResource | None:
    """Load an attachment, "visible" to those who may read it; nobody else finds one."""
    proposal = find_proposal(key)
    row = proposal and db.session.scalar(
        select(ProposalFile)
        .join(StoredFile, ProposalFile.file_id == StoredFile.id)
        .where(ProposalFile.proposal_id == proposal.id, StoredFile.key == file_key)
        .options(joinedload(ProposalFile.file))
    )
    if not proposal or not row:
        return None
    resource = resource_of(actor, proposal)
    if may_read_file(actor, proposal, row):
        resource = Resource(resource.kind, resource.state, resource.relations | {"visible"})
    return LoadedResource(Attached(proposal, row), resource, "file.download")
