"""What waits for a person: collected from the features, stored nowhere, so never stale."""

from __future__ import annotations

from datetime import date

from lab.feature import Todo, registry
from lab.policy import Actor, holds


def todos(actor: Actor) -> list[Todo]:
    """Return everything that waits for this person, dated items first."""
    sources = sorted(registry().todos, key=lambda source: source.order)
    waiting = [
        todo for source in sources if holds(actor, source.role) for todo in source.find(actor)
    ]
    return sorted(waiting, key=lambda todo: (todo.due is None, todo.due or date.max))
