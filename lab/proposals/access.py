"""How a person stands to a proposal, the loaders of its addresses, and what lists may show.

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
    case,
    false,
    func,
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
from lab.proposals.lifecycle import UNSETTLED
from lab.proposals.models import Proposal, ProposalFile, ProposalPerson, ProposalVersion
from lab.proposals.models_joint import JointConfirmation
from lab.proposals.models_search import OTHERS, SearchEntry
from lab.web.guards import Found

VIEW = "proposal.view"


def relations(actor: Actor, proposal: Proposal) -> frozenset[str]:
    """owner, leader, member, partner: as which of them the actor stands in the proposal.

    partner: chosen to confirm for the partner unit, and asked; who is only chosen is not.
    """
    tests = {
        "owner": proposal.owner_id == actor.id,
        "leader": proposal.leader_id == actor.id,
        "member": any(row.person_id == actor.id for row in proposal.people),
        "partner": proposal.partner_id == actor.id
        and any(row.person_id == actor.id for row in proposal.confirmations),
    }
    return frozenset(name for name, holds in tests.items() if holds)


def proposal_subject(actor: Actor, proposal: Proposal) -> Subject:
    """The proposal as the policy sees it."""
    return Subject("proposal", proposal.status, relations(actor, proposal))


# -- lists -------------------------------------------------------------------------------------


def _stands(actor: Actor, relation: str) -> ColumnElement[bool]:
    if relation == "member":
        return Proposal.id.in_(
            select(ProposalPerson.proposal_id).where(ProposalPerson.person_id == actor.id)
        )
    if relation == "partner":
        asked = select(JointConfirmation.proposal_id).where(JointConfirmation.person_id == actor.id)
        chosen = and_(Proposal.partner_id.is_not(None), Proposal.partner_id == actor.id)
        return and_(chosen, Proposal.id.in_(asked))
    return (Proposal.owner_id if relation == "owner" else Proposal.leader_id) == actor.id


@lru_cache(maxsize=256)
def takes_part(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: the actor is owner, leader, member or partner of the proposal."""
    return or_(acts_in(actor), _stands(actor, "member"), _stands(actor, "partner"))


@lru_cache(maxsize=256)
def acts_in(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: the actor is owner or leader of the proposal, who write and submit."""
    # Without a leader the comparison is NULL, which is neither true nor false: count it as false.
    as_leader = and_(Proposal.leader_id.is_not(None), _stands(actor, "leader"))
    return or_(_stands(actor, "owner"), as_leader)


def _granted(actor: Actor, grant: Grant) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if grant.relations:
        parts.append(or_(*(_stands(actor, name) for name in sorted(grant.relations))))
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


@lru_cache(maxsize=256)
def shown_title(actor: Actor) -> ColumnElement[str]:
    """The title as the reader may know it: a new one that was not handed in is its people's own."""
    entry = SearchEntry
    submitted = (
        select(entry.title)
        .where(entry.proposal_id == Proposal.id, entry.audience == OTHERS)
        .correlate(Proposal)
        .scalar_subquery()
    )
    hidden = and_(Proposal.status.in_(UNSETTLED), not_(takes_part(actor)))
    return case((hidden, func.coalesce(submitted, Proposal.title)), else_=Proposal.title)


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
    """An attachment, "visible" to those who may see the proposal; a removed one that never was
    in a submitted version only to those inside (own people and the office)."""
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
    seen = row.removed_at is None or is_inside(actor, proposal) or _was_submitted(row)
    if seen and policy.allowed(VIEW, actor, subject):
        subject = Subject(subject.kind, subject.state, subject.relations | {"visible"})
    return Found(Attached(proposal, row), subject, VIEW)


def is_inside(actor: Actor, proposal: Proposal) -> bool:
    """Whether the actor is one of the lead side's own people or of the office."""
    return bool(relations(actor, proposal) - {"partner"}) or policy.OFFICE in actor.roles


def _was_submitted(row: ProposalFile) -> bool:
    """Whether a submitted version names the file."""
    named = select(ProposalVersion.id).where(
        ProposalVersion.proposal_id == row.proposal_id,
        ProposalVersion.content.contains(f'"key":"{row.file.key}"'),
    )
    return db.session.scalar(named.limit(1)) is not None
