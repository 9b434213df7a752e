"""Who must keep out of review and decision on a proposal, whatever other role they hold.

Everybody who takes part in it, and everybody with a recorded recusal. See docs/decisions/0023.

The policy lists the actions that the relation "conflicted" bars (`policy.IMPARTIAL`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, union

from lab.extensions import db
from lab.inbox.core.extension_points import ClosedObjects
from lab.policy import CONFLICTED, Actor
from lab.proposals.core.visibility.relations import is_participant, relations
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal, ProposalPerson
from lab.reviews.models import Recusal


@lru_cache(maxsize=256)
def conflicted_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition on Proposal: the actor must keep out of its review."""
    recused = select(Recusal.proposal_id).where(Recusal.reviewer_id == actor.id)
    return or_(is_participant(actor), Proposal.id.in_(recused))


def relations_to_proposal(actor: Actor, proposal: Proposal) -> frozenset[str]:
    """Return the actor's relations to a proposal under review."""
    own = relations(actor, proposal)
    recused = exists().where(Recusal.proposal_id == proposal.id, Recusal.reviewer_id == actor.id)
    if own or db.session.scalar(select(recused)):
        return own | {CONFLICTED}
    return own


def relations_to_call(actor: Actor, call_id: int) -> frozenset[str]:
    """Return "conflicted" where the actor must keep out of any review or decision within the call.

    Decisions on the other proposals affect this one as well.
    """
    has_conflict = select(exists().where(Proposal.call_id == call_id, conflicted_condition(actor)))
    return frozenset({CONFLICTED}) if db.session.scalar(has_conflict) else frozenset()


def conflicted_keys(actor: Actor, call_id: int) -> frozenset[str]:
    """Return the keys of the call's proposals that the actor must keep out of."""
    query = select(Proposal.key).where(Proposal.call_id == call_id, conflicted_condition(actor))
    return frozenset(db.session.scalars(query))


def conflicted_calls(actor: Actor) -> frozenset[int]:
    """Return the ids of the calls with such a proposal."""
    query = select(Proposal.call_id).where(conflicted_condition(actor)).distinct()
    return frozenset(db.session.scalars(query))


def without_conflict(people: Iterable[int | None], call_id: int) -> list[int]:
    """Return those of the people (ids) with no part in any proposal of the call, for notices."""
    table, in_call = Proposal, Proposal.call_id == call_id
    parts: list[Any] = [
        select(table.owner_id).where(in_call),
        select(table.leader_id).where(in_call),
    ]
    for other, person in (
        (ProposalPerson, ProposalPerson.person_id),
        (JointConfirmation, JointConfirmation.person_id),
        (Recusal, Recusal.reviewer_id),
    ):
        joined = select(person).join(Proposal, Proposal.id == other.proposal_id)
        parts.append(joined.where(in_call))
    out = frozenset(db.session.scalars(union(*parts)))
    return [person for person in people if person and person not in out]


def without_conflict_with(proposal_id: int, people: Iterable[int]) -> list[int]:
    """Return those of the people (ids) who have not recused themselves from the proposal."""
    recused = select(Recusal.reviewer_id).where(Recusal.proposal_id == proposal_id)
    out = frozenset(db.session.scalars(recused))
    return [person for person in people if person not in out]


def closed_letters(actor: Actor) -> ClosedObjects:
    """Return what letters must not tell the actor: proposals that they keep out of."""
    return ClosedObjects("Proposal", select(Proposal.key).where(conflicted_condition(actor)))
