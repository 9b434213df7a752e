"""Finds the rounds and sheets that addresses name, and how the person stands to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lab.calls.access import call_resource
from lab.calls.core.queries import find_call
from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import SINCE_CLOSING
from lab.extensions import db
from lab.identity.models.account import Person
from lab.policy import Actor, Resource
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.conflicts import relations_to_call, relations_to_proposal
from lab.reviews.core.locking import is_round_open
from lab.reviews.core.queries import find_sheet
from lab.web.request.guards import LoadedResource


def load_round(actor: Actor, key: str) -> LoadedResource | None:
    """Load the round of the call with this key; none before the call has closed.

    "conflicted" for whoever takes part in one of its proposals.
    """
    call = find_call(key)
    if call is None:
        return None
    resource = call_resource(call)
    if resource.state not in SINCE_CLOSING:
        return None
    relations = resource.relations | relations_to_call(actor, call.id)
    return LoadedResource(call, Resource(resource.kind, resource.state, relations), "round.view")


@dataclass(frozen=True)
class Reminder:
    """A reviewer of a round."""

    call: Call
    reviewer: Person

    @property
    def key(self) -> str:
        return self.call.key


def load_reminder(actor: Actor, key: str, person_key: str) -> LoadedResource | None:
    """Load a round and one reviewer."""
    loaded = load_round(actor, key)
    person = db.session.scalar(select(Person).where(Person.key == person_key))
    if loaded is None or person is None:
        return None
    return LoadedResource(Reminder(loaded.obj, person), loaded.resource, loaded.view_action)


def load_entry(actor: Actor, key: str, proposal_key: str) -> LoadedResource | None:
    """Load one proposal of a round, for the page that names its reviewers."""
    loaded = load_round(actor, key)
    proposal = db.session.scalar(select(Proposal).where(Proposal.key == proposal_key))
    if loaded is None or proposal is None or proposal.call_id != loaded.obj.id:
        return None
    resource = Resource("proposal", loaded.resource.state, relations_to_proposal(actor, proposal))
    return LoadedResource(proposal, resource, "round.sheets")


def load_office_sheet(actor: Actor, key: str) -> LoadedResource | None:
    """Load a sheet as the office sees it."""
    sheet = find_sheet(key)
    if sheet is None:
        return None
    relations = relations_to_proposal(actor, sheet.proposal)
    if is_round_open(sheet.proposal.call):
        relations |= {"round_open"}
    return LoadedResource(sheet, Resource("sheet", sheet.status, relations), "round.sheets")
