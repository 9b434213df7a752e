"""What the outbox asks the features above it. Receivers only read."""

from __future__ import annotations

from typing import Any

from blinker import Signal

from lab.policy import Actor

# Sent with actor=<Actor>; a receiver returns (type of object, select of the keys of those objects
# from whose letters the actor must keep out, although he works in the office).
asking_conflicts = Signal()


def closed_objects(actor: Actor) -> tuple[tuple[str, Any], ...]:
    """(object type, select of keys) for every feature that has letters written about its own."""
    return tuple(answer for _, answer in asking_conflicts.send(actor=actor))
