"""Finds decisions and rankings, and how the person stands to them."""

from __future__ import annotations

from sqlalchemy import exists, select

from lab.calls.access import load_call
from lab.decisions.models import Decision
from lab.decisions.queries import decision_of, find_decision
from lab.decisions.rules.lifecycle import PUT_FORWARD
from lab.extensions import db
from lab.policy import Actor, Resource
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.conflicts import relations_to_call
from lab.reviews.models import ScoreSheet
from lab.web.request.guards import LoadedResource


def _relations(decision: Decision, actor: Actor) -> frozenset[str]:
    """proposer, conflicted, reviewer: nobody holds two of applying, reviewing and deciding."""
    here = Proposal.call_id == decision.call_id
    reviewed = (
        exists()
        .where(here, ScoreSheet.proposal_id == Proposal.id)
        .where(ScoreSheet.reviewer_id == actor.id)
    )
    standing = {
        "proposer": decision.proposed_by_id == actor.id,
        "reviewer": db.session.scalar(select(reviewed)),
    }
    stands = frozenset(name for name, true in standing.items() if true)
    return stands | relations_to_call(actor, decision.call_id)


def load_decision(actor: Actor, key: str) -> LoadedResource | None:
    """The decision with this key."""
    decision = find_decision(key)
    if decision is None:
        return None
    subject = Resource("decision", decision.status, _relations(decision, actor))
    return LoadedResource(decision, subject, "decision.view")


def load_ranking(actor: Actor, key: str) -> LoadedResource | None:
    """The call whose ranking is asked for; "decision_submitted" once the list was put forward."""
    found = load_call(actor, key)
    if found is None:
        return None
    known = decision_of(found.obj.id)
    if known and known[1] in PUT_FORWARD:
        found = _with_relations(found, frozenset({"decision_submitted"}))
    return _with_relations(found, relations_to_call(actor, found.obj.id), "ranking.view")


def load_reviewed_call(actor: Actor, key: str) -> LoadedResource | None:
    """The call on which a decision is to be drawn up."""
    found = load_call(actor, key)
    return _with_relations(found, relations_to_call(actor, found.obj.id)) if found else None


def _with_relations(
    found: LoadedResource, relations: frozenset[str], view: str = ""
) -> LoadedResource:
    subject = found.subject
    more = Resource(subject.kind, subject.state, subject.relations | relations)
    return LoadedResource(found.obj, more, view or found.view_action)
