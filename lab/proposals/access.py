"""The loaders of a proposal's addresses, and which proposals lists may show.

Lists, counts and pages take their visibility from the same row of the policy table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import joinedload

from lab import policy
from lab.extensions import db
from lab.files.models import StoredFile
from lab.policy import Actor, Grant, Subject
from lab.proposals.content import names
from lab.proposals.models import Proposal, ProposalFile, ProposalVersion
from lab.proposals.standing import acts_in, relations, stands_as, takes_part
from lab.proposals.visibility import VIEW, subject_of
from lab.proposals.visibility_files import may_read_file
from lab.web.guards import Found

# Named here as well, because whoever loads a proposal asks for them.
__all__ = ["VIEW", "acts_in", "proposal_subject", "relations", "takes_part"]
proposal_subject = subject_of

# -- lists -------------------------------------------------------------------------------------


def _granted(actor: Actor, grant: Grant) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if grant.relations:
        parts.append(or_(*(stands_as(actor, name) for name in sorted(grant.relations))))
    if grant.states:
        parts.append(Proposal.status.in_(sorted(grant.states)))
    if grant.unless:
        parts.append(not_(takes_part(actor)))
    return and_(true(), *parts)


def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL condition for the proposals that the actor may open."""
    return _visible(actor, policy.TABLE[VIEW])


@lru_cache(maxsize=256)
def _visible(actor: Actor, _row: tuple[Grant, ...]) -> ColumnElement[bool]:
    # Kept, because every page of lists asks several times, and building it costs as much as asking.
    parts = [_granted(actor, grant) for grant in _grants(actor)]
    if not covers_states(actor):
        return or_(false(), *parts)
    # The same as above. Nearly every row fits: a list must be read in its order and stop after a
    # page; of a plain OR the planner would gather all rows through their indexes first.
    return not_(and_(true(), *(not_(part) for part in parts)))


def _grants(actor: Actor) -> list[Grant]:
    return [grant for grant in policy.TABLE[VIEW] if policy.holds(actor, grant.role)]


def covers_states(actor: Actor) -> bool:
    """Whether the actor sees proposals by their state, not only those that are the actor's own."""
    return any(not grant.relations for grant in _grants(actor))


def visible_ids(actor: Actor) -> Select[Any]:
    """The ids of the proposals that the actor may open, for somebody who sees only own ones."""
    return select(Proposal.id).where(visible(actor))


# -- loaders -----------------------------------------------------------------------------------


def find(key: str) -> Proposal | None:
    """The proposal with this key, and in two selects everybody and every unit that it names."""
    return db.session.scalars(_by_key(), {"key": key}).one_or_none()


@cache  # made on first use, and once: nearly every address of a proposal asks it
def _by_key() -> Select[Any]:
    return select(Proposal).where(Proposal.key == bindparam("key")).options(*names())


def load_proposal(actor: Actor, key: str, **_rest: object) -> Found | None:
    """The proposal with this key; further parts of the address are the view's business."""
    proposal = find(key)
    return Found(proposal, proposal_subject(actor, proposal), VIEW) if proposal else None


@dataclass(frozen=True)
class Submitted:
    """A proposal and one of its submitted versions."""

    proposal: Proposal
    version: ProposalVersion


def load_version(actor: Actor, key: str, number: int) -> Found | None:
    """A submitted version of a proposal."""
    proposal = find(key)
    row = proposal and db.session.scalar(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == proposal.id, ProposalVersion.number == number
        )
    )
    if not proposal or not row:
        return None
    return Found(Submitted(proposal, row), proposal_subject(actor, proposal), VIEW)


@dataclass(frozen=True)
class Attached:
    """An attachment, together with the proposal that it belongs or belonged to."""

    proposal: Proposal
    row: ProposalFile

    @property
    def file(self) -> StoredFile:
        return self.row.file

    @property
    def key(self) -> str:
        return self.row.file.key


def load_file(actor: Actor, key: str, file_key: str, **_rest: object) -> Found | None:
    """An attachment, "visible" to those who may read it; for everybody else there is none."""
    proposal = find(key)
    row = proposal and db.session.scalar(
        select(ProposalFile)
        .join(StoredFile, ProposalFile.file_id == StoredFile.id)
        .where(ProposalFile.proposal_id == proposal.id, StoredFile.key == file_key)
        .options(joinedload(ProposalFile.file))
    )
    if not proposal or not row:
        return None
    subject = proposal_subject(actor, proposal)
    if may_read_file(actor, proposal, row):
        subject = Subject(subject.kind, subject.state, subject.relations | {"visible"})
    return Found(Attached(proposal, row), subject, "file.download")
