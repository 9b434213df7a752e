"""The only way to change a reviewer's unit, and the guard behind it.

Reviewers must not see their own unit's proposals, so moving a reviewer reveals them. Every write of
the unit passes here: changed objects and bulk UPDATEs.
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
    """Something wrote a reviewer's unit without going through `change_unit`."""


def requires_release(person: Person) -> bool:
    """Return whether the unit of this account can be changed by release only."""
    return REVIEWER in person.roles


def change_unit(person: Person, unit_id: int, facts: Mapping[str, Any]) -> None:
    """Move a reviewer to another unit as part of a release; the audit line carries `facts`."""
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
    """Reject a bulk UPDATE of people that names the unit: it would bypass `change_unit`."""
    statement: Any = state.statement
    if not state.is_update or statement.table.name != Person.__tablename__:
        return
    parameters = (
        state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    )
    if "unit_id" in statement.compile().params or any("unit_id" in row for row in parameters):
        raise UnitWriteRejected(Person.__tablename__)
