"""How a person stands to a proposal, the loaders of its addresses, and what lists may show.

Lists, counts and pages take their visibility from the same row of the policy table.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from lab import policy
from lab.extensions import db
from lab.files.models import StoredFile
from lab.policy import Actor, Grant, Subject
from lab.proposals.models import Proposal, ProposalFile, ProposalPerson, ProposalVersion
from lab.proposals.models_joint import JointConfirmation
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


def takes_part(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: the actor is owner, leader, member or partner of the proposal."""
    # Without a leader the comparison is NULL, which is neither true nor false: count it as false.
    as_leader = and_(Proposal.leader_id.is_not(None), _stands(actor, "leader"))
    others = (_stands(actor, "member"), _stands(actor, "partner"))
    return or_(_stands(actor, "owner"), as_leader, *others)


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
    grants = [grant for grant in policy.TABLE[VIEW] if policy.holds(actor, grant.role)]
    return or_(false(), *(_granted(actor, grant) for grant in grants))


# -- loaders -----------------------------------------------------------------------------------


def find(key: str) -> Proposal | None:
    return db.session.scalar(select(Proposal).where(Proposal.key == key))


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


def load_file(actor: Actor, key: str, file_key: str) -> Found | None:
    """An attachment, removed ones included: "visible" to those who may see the proposal."""
    proposal = find(key)
    file = proposal and db.session.scalar(
        select(StoredFile)
        .join(ProposalFile, ProposalFile.file_id == StoredFile.id)
        .where(ProposalFile.proposal_id == proposal.id, StoredFile.key == file_key)
    )
    if not proposal or not file:
        return None
    subject = proposal_subject(actor, proposal)
    if policy.allowed(VIEW, actor, subject):
        subject = Subject(subject.kind, subject.state, subject.relations | {"visible"})
    return Found(file, subject, VIEW)
