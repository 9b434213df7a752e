"""Load a revision of a notice, with the actor's relations to it."""

from __future__ import annotations

from dataclasses import dataclass

from lab.calls.access import call_resource
from lab.calls.models.call import Call
from lab.calls.models.notice import CallRevision
from lab.calls.notice.queries import find_revision
from lab.policy import Actor
from lab.web.request.guards import LoadedResource


@dataclass(frozen=True)
class Revised:
    """A revision and the call whose notice it belongs to."""

    call: Call
    row: CallRevision


def load_revision(actor: Actor, key: str, number: int) -> LoadedResource | None:
    """Load a revision of a call's notice."""
    pair = find_revision(key, number)
    return LoadedResource(Revised(*pair), call_resource(pair[0]), "call.view") if pair else None
