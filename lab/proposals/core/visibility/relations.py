"""A person's relations to a proposal: as one of its writers, or outside."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, func, not_, or_, select, union

from lab.policy import Actor
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal, ProposalPerson
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus

WRITER_RELATIONS = frozenset({"owner", "leader", "member"})


def relations(actor: Actor, proposal: Proposal) -> frozenset[str]:
    """Return which of owner, leader, member, partner the actor is.

    partner: chosen to confirm for the partner unit, and asked; being chosen alone does not count.
    Where the whole unit is asked, each of its people outside the proposal's writing is, until one
    has answered.
    """
    tests = {
        "owner": proposal.owner_id == actor.id,
        "leader": proposal.leader_id == actor.id,
        "member": any(row.person_id == actor.id for row in proposal.people),
        "partner": _is_partner(actor, proposal),
    }
    return frozenset(name for name, holds in tests.items() if holds)


def _is_partner(actor: Actor, proposal: Proposal) -> bool:
    if proposal.partner_id is not None:
        chosen = proposal.partner_id == actor.id
        return chosen and any(row.person_id == actor.id for row in proposal.confirmations)
    if actor.unit_id is None or actor.unit_id != proposal.joint_unit_id:
        return False
    as_unit = (row for row in proposal.confirmations if row.person_id is None)
    asked = any(
        row.status == ConfirmationStatus.ASKED and row.unit_id == actor.unit_id for row in as_unit
    )
    return asked and actor.id not in (proposal.owner_id, proposal.leader_id)


def has_relation(actor: Actor, relation: str) -> ColumnElement[bool]:
    """Return the SQL condition: the actor has this relation to the proposal; as in `relations`."""
    if relation == "member":
        return Proposal.id.in_(
            select(ProposalPerson.proposal_id).where(ProposalPerson.person_id == actor.id)
        )
    if relation == "partner":
        return or_(*_partner_conditions(actor))
    return (Proposal.owner_id if relation == "owner" else Proposal.leader_id) == actor.id


def _partner_conditions(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the ways in which the actor is the partner: asked in person, or as one of the unit."""
    requested = select(JointConfirmation.proposal_id).where(JointConfirmation.person_id == actor.id)
    is_partner = and_(Proposal.partner_id.is_not(None), Proposal.partner_id == actor.id)
    in_person = and_(is_partner, Proposal.id.in_(requested))
    return [in_person] if actor.unit_id is None else [in_person, _asked_as_unit(actor)]


def _asked_as_unit(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition: the actor's whole unit is asked to confirm."""
    requested = select(JointConfirmation.proposal_id).where(
        JointConfirmation.status == ConfirmationStatus.ASKED,
        JointConfirmation.person_id.is_(None),
        JointConfirmation.unit_id == actor.unit_id,
    )
    writes = or_(Proposal.owner_id == actor.id, func.coalesce(Proposal.leader_id, 0) == actor.id)
    in_unit = func.coalesce(Proposal.joint_unit_id, 0) == actor.unit_id
    return and_(Proposal.partner_id.is_(None), in_unit, Proposal.id.in_(requested), not_(writes))


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
            for relation in ("owner", "leader")
        ),
        *(select(Proposal.id).where(condition) for condition in _partner_conditions(actor)),
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
