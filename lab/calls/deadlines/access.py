"""Load the code of a late proposal, with the actor's relations to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lab.calls.access import call_resource
from lab.calls.core.deadlines import find_code
from lab.calls.models.call import Call
from lab.calls.models.notice import CallLateCode
from lab.policy import Actor
from lab.web.request.guards import LoadedResource


@dataclass(frozen=True)
class LoadedLateCode:
    """A late-entry code and its call."""

    AUDIT_TYPE: ClassVar[str] = "Coded"  # the stored word of denials

    call: Call
    row: CallLateCode
    key: str


def load_code(actor: Actor, key: str, code_key: str) -> LoadedResource | None:
    """Load a late-entry code of a call."""
    pair = find_code(key, code_key)
    if pair is None:
        return None
    late_code = LoadedLateCode(*pair, code_key)
    return LoadedResource(late_code, call_resource(pair[0]), "call.view")
