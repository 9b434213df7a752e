"""What the outbox asks the features above it, which only read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from lab.feature import ExtensionPoint
from lab.policy import Actor


@dataclass(frozen=True)
class ClosedObjects:
    """Objects of a type from whose letters a person of the office must keep out, by their keys."""

    object_type: str
    keys: Select[Any]


CLOSED_OBJECTS: ExtensionPoint[Callable[[Actor], ClosedObjects]] = ExtensionPoint(
    "objects from whose letters the actor must keep out"
)


def closed_objects(actor: Actor) -> tuple[ClosedObjects, ...]:
    """Return what every feature has letters written about that the actor must keep out of."""
    return tuple(ask(actor) for ask in CLOSED_OBJECTS.extensions())
