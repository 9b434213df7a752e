"""Everybody who may be named in a proposal, for looking up many names at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lab.extensions import db
from lab.identity.models.account import Person, RoleGrant, Unit
from lab.policy import STAFF


@dataclass(frozen=True)
class StaffEntry:
    """An enabled member of staff."""

    id: int
    sign_in_name: str
    name: str
    unit: str
    roles: frozenset[str]


def staff_entries() -> tuple[StaffEntry, ...]:
    """Return all of them, in two queries."""
    rows = db.session.execute(
        select(Person.id, Person.sign_in_name, Person.name, Unit.name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.disabled_at.is_(None), Person.kind == STAFF)
        .order_by(Person.id)
    ).all()
    roles: dict[int, set[str]] = {}
    for person_id, role in db.session.execute(select(RoleGrant.person_id, RoleGrant.role)):
        roles.setdefault(person_id, set()).add(role)
    return tuple(StaffEntry(*row, frozenset(roles.get(row[0], ()))) for row in rows)
