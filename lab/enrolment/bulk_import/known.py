"""What is there already: units, accounts and requested roles, in a few queries for all rows."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lab.enrolment.models import RoleRequest
from lab.enrolment.rules.person_rows import KnownPerson
from lab.enrolment.rules.request_lifecycle import RequestStatus
from lab.enrolment.rules.unit_rows import KnownUnit, units_by_key
from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.importing.rules.names import name_key


def known_units() -> dict[str, KnownUnit]:
    """Return every unit by the key of its name."""
    rows = db.session.execute(select(Unit.id, Unit.name, Unit.side, Unit.active))
    return units_by_key(KnownUnit(*row) for row in rows)


def known_people(sign_in_names: Collection[str]) -> dict[str, KnownPerson]:
    """Return the accounts with these sign-in names, by them, in at most three queries.

    With the roles they hold and those that wait for a decision.
    """
    query = select(Person).where(Person.sign_in_name.in_(sign_in_names))
    options = (joinedload(Person.unit), selectinload(Person.grants))
    people = list(db.session.scalars(query.options(*options)))
    requested = _requested([person.id for person in people])
    return {
        person.sign_in_name: KnownPerson(
            id=person.id,
            sign_in_name=person.sign_in_name,
            name=person.name,
            kind=person.kind,
            unit_key=name_key(person.unit_name),
            disabled=person.disabled_at is not None,
            roles=person.roles,
            requested=frozenset(requested.get(person.id, ())),
        )
        for person in people
    }


def _requested(person_ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    query = select(RoleRequest.person_id, RoleRequest.role).where(
        RoleRequest.person_id.in_(person_ids), RoleRequest.status == RequestStatus.PENDING
    )
    for person_id, role in db.session.execute(query):
        found.setdefault(person_id, set()).add(role)
    return found
