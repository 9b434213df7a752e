"""Load the import and the requests that addresses name, and say how the actor stands to them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from lab.enrolment.models import PeopleImport, RoleRequest
from lab.extensions import db
from lab.policy import Actor, Resource
from lab.web.request.guards import LoadedResource

VIEW = "people_import.view"


def load_import(_actor: Actor, key: str) -> LoadedResource | None:
    """Load the import with this key."""
    batch = db.session.scalar(select(PeopleImport).where(PeopleImport.key == key))
    if batch is None:
        return None
    return LoadedResource(batch, Resource("people_import", batch.status), VIEW)


def request_resource(actor: Actor, row: RoleRequest, linked_ids: Collection[int]) -> Resource:
    """Return a requested role as a policy resource.

    Relations: "asker", "concerned", "linked". `linked_ids`: see
    `identity.people.queries_handovers.linked_to`.
    """
    is_related = {
        "asker": row.asked_by_id == actor.id,
        "concerned": row.person_id == actor.id,
        "linked": row.asked_by_id in linked_ids,
    }
    relations = frozenset(word for word, holds in is_related.items() if holds)
    return Resource("role_request", row.status, relations)
