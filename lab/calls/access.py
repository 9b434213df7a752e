"""Load the calls and files that addresses name, with the actor's relations to them."""

from __future__ import annotations

from dataclasses import dataclass

from lab import clock
from lab.calls.core import queries as calls_queries
from lab.calls.core.deadlines import unit_extension
from lab.calls.models.call import Call, CallFile
from lab.calls.rules.timing import effective_state, is_within_deadline
from lab.policy import Actor, Resource, allowed
from lab.web.request.guards import LoadedResource


def call_resource(call: Call) -> Resource:
    """Return the call as a policy resource: its effective state.

    "round_closed" once every score sheet is final.
    """
    relations = frozenset({"round_closed"}) if call.review_closed_at else frozenset[str]()
    return Resource("call", effective_state(call, clock.now()), relations)


def load_call(actor: Actor, key: str) -> LoadedResource | None:
    """Load the call with this key; "extension" for people of a unit whose extension still runs."""
    call = calls_queries.find_call(key)
    if call is None:
        return None
    resource, deadline = call_resource(call), unit_extension(call.id, actor.unit_id)
    if is_within_deadline(call, deadline, clock.now()):
        resource = Resource(resource.kind, resource.state, resource.relations | {"extension"})
    return LoadedResource(call, resource, "call.view")


@dataclass(frozen=True)
class Attached:
    """A file and the call whose notice it belongs to."""

    call: Call
    row: CallFile
    key: str


def load_attached(actor: Actor, key: str, file_key: str) -> LoadedResource | None:
    """Load a file of a call's notice; "visible" to whoever may see the call."""
    call, row = calls_queries.find_call(key), calls_queries.find_attached(key, file_key)
    if call is None or row is None:
        return None
    resource = call_resource(call)
    if allowed("call.view", actor, resource):
        resource = Resource(resource.kind, resource.state, resource.relations | {"visible"})
    return LoadedResource(Attached(call, row, file_key), resource, "call.view")
