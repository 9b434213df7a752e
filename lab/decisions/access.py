"""Load decisions and rankings, with the actor's relations to them."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from lab.calls.access import load_call
from lab.decisions.models import Decision, DecisionItem
from lab.decisions.rules.lifecycle import PUT_FORWARD
from lab.extensions import db
from lab.policy import Actor, Resource
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.conflicts import relations_to_call
from lab.reviews.models import ScoreSheet
from lab.web.request.guards import LoadedResource


def _relations(decision: Decision, actor: Actor) -> frozenset[str]:
    """Return the actor's relations to a decision.

    Nobody may combine applying, reviewing and deciding: "proposer" submitted the list, "reviewer"
    reviewed a proposal of the call, "conflicted" has a conflict with one.
    """
    in_call = Proposal.call_id == decision.call_id
    reviewed = (
        exists()
        .where(in_call, ScoreSheet.proposal_id == Proposal.id)
        .where(ScoreSheet.reviewer_id == actor.id)
    )
    flags = {
        "proposer": decision.proposed_by_id == actor.id,
        "reviewer": db.session.scalar(select(reviewed)),
    }
    relations = frozenset(name for name, holds in flags.items() if holds)
    return relations | relations_to_call(actor, decision.call_id)


def load_decision(actor: Actor, key: str) -> LoadedResource | None:
    """Load the decision with this key."""
    decision = find_decision(key)
    if decision is None:
        return None
    resource = Resource("decision", decision.status, _relations(decision, actor))
    return LoadedResource(decision, resource, "decision.view")


def load_ranking(actor: Actor, key: str) -> LoadedResource | None:
    """Load the call of a ranking.

    It has the relation "decision_submitted" while its decision is with the leading group or later.
    """
    loaded = load_call(actor, key)
    if loaded is None:
        return None
    decision = decision_of(loaded.obj.id)
    if decision and decision[1] in PUT_FORWARD:
        loaded = _with_relations(loaded, frozenset({"decision_submitted"}))
    return _with_relations(loaded, relations_to_call(actor, loaded.obj.id), "ranking.view")


def load_reviewed_call(actor: Actor, key: str) -> LoadedResource | None:
    """Load the call for which a decision is to be drafted."""
    loaded = load_call(actor, key)
    return _with_relations(loaded, relations_to_call(actor, loaded.obj.id)) if loaded else None


def _with_relations(
    loaded: LoadedResource, relations: frozenset[str], view: str = ""
) -> LoadedResource:
    resource = loaded.resource
    more = Resource(resource.kind, resource.state, resource.relations | relations)
    return LoadedResource(loaded.obj, more, view or loaded.view_action)


def find_decision(key: str) -> Decision | None:
    """Return the decision with this key, with its call, people and items.

    None when there is none.
    """
    decision: Decision | None = db.session.scalar(
        select(Decision)
        .where(Decision.key == key)
        .options(
            joinedload(Decision.call),
            joinedload(Decision.proposed_by),
            joinedload(Decision.decided_by),
            selectinload(Decision.items).joinedload(DecisionItem.proposal),
        )
    )
    return decision


def decision_of(call_id: int) -> tuple[str, str] | None:
    """Return key and state of the decision on a call, None when there is none."""
    row = db.session.execute(
        select(Decision.key, Decision.status).where(Decision.call_id == call_id)
    ).first()
    return (row.key, row.status) if row else None
