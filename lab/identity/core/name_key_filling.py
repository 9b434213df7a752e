"""Keys of people and units who were there before names had keys, written by the worker."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from lab import audit
from lab.db import reading, writing
from lab.identity.models.account import Person, Unit
from lab.identity.models.name_keys import PersonNameKey, UnitNameKey
from lab.identity.rules.name_keys import search_keys, unit_keys

FILLED_AT_ONCE = 500


def fill_name_keys() -> None:
    """Write the keys of the people and units that have none, `FILLED_AT_ONCE` of each."""
    people = [
        PersonNameKey(person_id=row.id, key=key)
        for row in _without(Person, PersonNameKey.person_id)
        for key in sorted(search_keys(row.name))
    ]
    units = [
        UnitNameKey(unit_id=row.id, key=key)
        for row in _without(Unit, UnitNameKey.unit_id)
        for key in sorted(unit_keys(row.name))
    ]
    _write("people.name_keys", "Person", people, len({row.person_id for row in people}))
    _write("units.name_keys", "Unit", units, len({row.unit_id for row in units}))


def _without(model: Any, owner: Any) -> Any:
    query = select(model.id, model.name).where(~exists().where(owner == model.id))
    with reading() as session:
        return session.execute(query.order_by(model.id).limit(FILLED_AT_ONCE)).all()


def _write(action: str, object_type: str, rows: list[Any], count: int) -> None:
    if not rows:
        return
    with writing() as session:
        session.add_all(rows)
        detail = {"count": count, "by": "clock"}
        audit.record(action, detail=detail, session=session, object_type=object_type)
