"""Finds decisions and rankings, and how the person stands to them."""

from __future__ import annotations

from sqlalchemy import exists, select

from lab.calls.loaders import load_call
from lab.decisions.models import Decision
from lab.decisions.queries import decision_of, find_decision
from lab.extensions import db
from lab.policy import Actor, Subject
from lab.proposals.models import Proposal
from lab.proposals.standing import takes_part
from lab.reviews.models import ScoreSheet
from lab.web.guards import Found

PUT_FORWARD = ("submitted", "approved", "published")


def _relations(decision: Decision, actor: Actor) -> frozenset[str]:
    """proposer, applicant, reviewer: nobody holds two of applying, reviewing and deciding."""
    here = Proposal.call_id == decision.call_id
    applied = exists().where(here, takes_part(actor))
    reviewed = (
        exists()
        .where(here, ScoreSheet.proposal_id == Proposal.id)
        .where(ScoreSheet.reviewer_id == actor.id)
    )
    applicant, reviewer = db.session.execute(select(applied, reviewed)).one()
    standing = {
        "proposer": decision.proposed_by_id == actor.id,
        "applicant": applicant,
        "reviewer": reviewer,
    }
    return frozenset(name for name, true in standing.items() if true)


def load_decision(actor: Actor, key: str) -> Found | None:
    """The decision with this key."""
    decision = find_decision(key)
    if decision is None:
        return None
    subject = Subject("decision", decision.status, _relations(decision, actor))
    return Found(decision, subject, "decision.view")


def load_ranking(actor: Actor, key: str) -> Found | None:
    """The call whose ranking is asked for; "decision_submitted" once the list was put forward."""
    found = load_call(actor, key)
    if found is None:
        return None
    subject, known = found.subject, decision_of(found.obj.id)
    if known and known[1] in PUT_FORWARD:
        relations = subject.relations | {"decision_submitted"}
        subject = Subject(subject.kind, subject.state, relations)
    return Found(found.obj, subject, "ranking.view")
