"""Create many units in a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lab import audit
from lab.db import insert_all, new_key
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.identity.models.name_keys import UnitNameKey


@dataclass(frozen=True)
class NewUnit:
    """A unit to be created; `parent` is the name of its parent, "" for none."""

    name: str
    side: str
    parent: str


def create_units(
    levels: Sequence[Sequence[NewUnit]], parents: Mapping[str, int], facts: Mapping[str, str]
) -> dict[str, int]:
    """Create units level by level, an audit line each; return name -> id, of the parents as well.

    `parents` are the ids of units that are there, by name; `facts` go into each audit line. The
    rules were asked before: a name that is taken fails on the database's constraint.
    """
    ids = dict(parents)
    for level in levels:
        units = [
            Unit(
                key=new_key(),
                name=unit.name,
                side=unit.side,
                parent_id=ids[unit.parent] if unit.parent else None,
                version=1,
            )
            for unit in level
        ]
        insert_all(db.session(), units)
        names = [unit.name for unit in units]
        stored = select(Unit.name, Unit.id).where(Unit.name.in_(names))
        ids |= {name: unit_id for name, unit_id in db.session.execute(stored)}
        insert_all(
            db.session(),
            [
                UnitNameKey(unit_id=ids[unit.name], key=row.key)
                for unit in units
                for row in unit.name_keys
            ],
        )
        for unit in units:
            audit.record("units.create", object_type="Unit", object_key=unit.key, detail=facts)
    return ids
