"""The one door for another unit of a reviewer, and the check that stands behind it.

Own-unit proposals do not exist for a reviewer, so whoever moves a reviewer opens them. Every way
of writing the unit passes here: an object that is changed, and an UPDATE of many rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from lab import audit
from lab.identity.models.account import Person, RoleGrant
from lab.policy import REVIEWER

_APPROVED_UNIT = "_unit_door"


class UnitWriteRejected(Exception):
    """Somebody wrote a reviewer's unit past the one door."""


def requires_release(person: Person) -> bool:
    """Whether the unit of this account is changed by release only."""
    return REVIEWER in person.roles


def change_unit(person: Person, unit_id: int, facts: Mapping[str, Any]) -> None:
    """Put a reviewer into another unit, as part of a release; its audit line carries `facts`."""
    person.__dict__[_APPROVED_UNIT] = unit_id
    person.unit_id = unit_id
    audit.record("people.unit", person, detail=facts)


@event.listens_for(Person, "before_update")
def _reject_direct_write(_mapper: Any, connection: Any, person: Person) -> None:
    approved = person.__dict__.pop(_APPROVED_UNIT, None)
    if not inspect(person).attrs.unit_id.history.has_changes() or approved == person.unit_id:
        return
    stored = connection.scalar(select(Person.unit_id).where(Person.id == person.id))
    reviews = select(RoleGrant.id).where(
        RoleGrant.person_id == person.id, RoleGrant.role == REVIEWER
    )
    if stored != person.unit_id and connection.scalar(reviews) is not None:
        raise UnitWriteRejected(person.key)


@event.listens_for(Session, "do_orm_execute")
def _reject_mass_writes(state: ORMExecuteState) -> None:
    """An UPDATE of many people would pass by the door: refused when it names the unit."""
    statement: Any = state.statement
    if not state.is_update or statement.table.name != Person.__tablename__:
        return
    parameters = (
        state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    )
    if "unit_id" in statement.compile().params or any("unit_id" in row for row in parameters):
        raise UnitWriteRejected(Person.__tablename__)
