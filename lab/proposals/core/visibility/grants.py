"""Which proposals lists may show, as SQL, from the same row of the policy table as pages."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    and_,
    false,
    not_,
    or_,
    true,
)

from lab import policy
from lab.policy import Actor, Grant
from lab.proposals.core.visibility.contents import VIEW
from lab.proposals.core.visibility.relations import has_relation, is_participant
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import PROPOSAL


def grant_condition(actor: Actor, grant: Grant) -> ColumnElement[bool]:
    """Return the condition of the proposals that one grant of the policy opens."""
    parts: list[ColumnElement[bool]] = []
    if grant.relations:
        parts.append(or_(*(has_relation(actor, name) for name in sorted(grant.relations))))
    if grant.states:
        parts.append(Proposal.status.in_(sorted(grant.states)))
    if grant.unless:
        parts.append(not_(is_participant(actor)))
    return and_(true(), *parts)


def visible_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL condition for the proposals that the actor may open."""
    return _visible(actor, policy.TABLE[VIEW])


@lru_cache(maxsize=256)
def _visible(actor: Actor, _row: tuple[Grant, ...]) -> ColumnElement[bool]:
    # Kept, because every page of lists asks several times, and building it costs as much as asking.
    parts = [grant_condition(actor, grant) for grant in _grants(actor)]
    if not sees_by_state(actor):
        return or_(false(), *parts)
    # The same as above. Nearly every row fits: a list must be read in its order and stop after a
    # page; of a plain OR the planner would gather all rows through their indexes first.
    return not_(and_(true(), *(not_(part) for part in parts)))


def _grants(actor: Actor) -> list[Grant]:
    return [grant for grant in policy.TABLE[VIEW] if policy.holds(actor, grant.role)]


def sees_by_state(actor: Actor) -> bool:
    """Return whether the actor sees proposals by state, not only own ones."""
    return any(not grant.relations for grant in _grants(actor))


def states_seen(actor: Actor) -> tuple[str, ...]:
    """Return the states in which the actor may open whatever proposal, but perhaps own ones."""
    seen: set[str] = set()
    for grant in _grants(actor):
        if not grant.relations:
            seen |= grant.states or frozenset(PROPOSAL.codes)
    return tuple(code for code in PROPOSAL.codes if code in seen)
