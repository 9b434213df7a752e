"""Load the inbox of the current person."""

from __future__ import annotations

from flask import g

from lab.policy import Actor, Resource
from lab.web.request.guards import LoadedResource


def load_own(actor: Actor) -> LoadedResource:
    """Load the inbox of the current person: nobody else's has an address."""
    return LoadedResource(
        g.get("person"), Resource("inbox", "", frozenset({"receiver"})), "inbox.view"
    )
