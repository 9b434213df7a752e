"""A person's relations to a proposal: as one of its writers, or outside."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select, union

from lab.policy import Actor
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal, ProposalPerson

WRITER_RELATIONS = frozenset({"owner", "leader", "member"})


def relations(actor: Actor, proposal: Proposal) -> frozenset[str]:
    """Return which of owner, leader, member, partner the actor is.

    partner: chosen to confirm for the partner unit, and asked; being chosen alone does not count.
    """
    tests = {
        "owner": proposal.owner_id == actor.id,
        "leader": proposal.leader_id == actor.id,
        "member": any(row.person_id == actor.id for row in proposal.people),
        "partner": proposal.partner_id == actor.id
        and any(row.person_id == actor.id for row in proposal.confirmations),
    }
    return frozenset(name for name, holds in tests.items() if holds)


def has_relation(actor: Actor, relation: str) -> ColumnElement[bool]:
    """Return the SQL condition: the actor has this relation to the proposal; as in `relations`."""
    if relation == "member":
        return Proposal.id.in_(
            select(ProposalPerson.proposal_id).where(ProposalPerson.person_id == actor.id)
        )
    if relation == "partner":
        is_requested = select(JointConfirmation.proposal_id).where(
            JointConfirmation.person_id == actor.id
        )
        is_partner = and_(Proposal.partner_id.is_not(None), Proposal.partner_id == actor.id)
        return and_(is_partner, Proposal.id.in_(is_requested))
    return (Proposal.owner_id if relation == "owner" else Proposal.leader_id) == actor.id


@lru_cache(maxsize=256)
def is_participant(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: the actor is owner, leader, member or partner of the proposal."""
    return or_(is_writer(actor), has_relation(actor, "partner"))


@lru_cache(maxsize=256)
def participant_ids(actor: Actor) -> CompoundSelect[Any]:
    """Return the ids of the proposals of which the actor is owner, leader, member or partner.

    The same as `is_participant`, for reading those few: each of its parts has an index.
    """
    return union(
        *(
            select(Proposal.id).where(has_relation(actor, relation))
            for relation in ("owner", "leader", "partner")
        ),
        select(ProposalPerson.proposal_id).where(ProposalPerson.person_id == actor.id),
    )


def is_writer(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: the actor is owner, leader or member of the proposal."""
    return or_(is_owner_or_leader(actor), has_relation(actor, "member"))


@lru_cache(maxsize=256)
def is_owner_or_leader(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: the actor is owner or leader, who write and submit."""
    # Without a leader the comparison is NULL, which is neither true nor false: count it as false.
    as_leader = and_(Proposal.leader_id.is_not(None), has_relation(actor, "leader"))
    return or_(has_relation(actor, "owner"), as_leader)
