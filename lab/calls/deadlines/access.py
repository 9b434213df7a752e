"""Load the code of a late proposal, with the actor's relations to it."""

from __future__ import annotations

from dataclasses import dataclass

from lab.calls.access import call_resource
from lab.calls.core.deadlines import find_code
from lab.calls.models.call import Call
from lab.calls.models.notice import CallLateCode
from lab.policy import Actor
from lab.web.request.guards import LoadedResource


@dataclass(frozen=True)
class Coded:
    """A late-entry code and its call."""

    call: Call
    row: CallLateCode
    key: str


def load_code(actor: Actor, key: str, code_key: str) -> LoadedResource | None:
    """Load a late-entry code of a call."""
    pair = find_code(key, code_key)
    return (
        LoadedResource(Coded(*pair, code_key), call_resource(pair[0]), "call.view")
        if pair
        else None
    )
