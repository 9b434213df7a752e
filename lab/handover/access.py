"""Load the people and records that addresses name."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lab.extensions import db
from lab.handover.models import Handover
from lab.identity.access import person_resource
from lab.identity.core.queries import find_person
from lab.identity.models.account import Person
from lab.policy import Actor, Resource
from lab.web.request.guards import LoadedResource


def load_giver(actor: Actor, key: str) -> LoadedResource | None:
    """Load the person with this key, whose things are to be handed over."""
    person = find_person(key)
    if person is None:
        return None
    return LoadedResource(person, person_resource(actor, person), "handover.view")


def load_handover(_actor: Actor, key: str) -> LoadedResource | None:
    """Load a record with its people."""
    record = db.session.scalar(
        select(Handover)
        .where(Handover.key == key)
        .options(
            joinedload(Handover.giver).joinedload(Person.unit),
            joinedload(Handover.by),
            selectinload(Handover.items),
        )
    )
    return LoadedResource(record, Resource("none"), "handover.list") if record else None
