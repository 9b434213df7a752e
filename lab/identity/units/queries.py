"""Queries for the unit pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Person, Unit


@dataclass(frozen=True)
class UnitRow:
    """One unit in the tree: depth 0 for the two roots, number of people with an open account."""

    key: str
    name: str
    side: str
    depth: int
    people: int
    active: bool


def unit_choices_with(unit_id: int | None) -> list[tuple[str, str]]:
    """Return (id, 方 · name) of the units in use, plus this one even when it is out of use."""
    rows = db.session.execute(
        select(Unit.id, Unit.side, Unit.name)
        .where(or_(Unit.active, Unit.id == unit_id))
        .order_by(Unit.side.desc(), Unit.name)
    )
    return [(str(row.id), f"{SIDE_LABELS[row.side]} · {row.name}") for row in rows]


def unit_tree() -> tuple[UnitRow, ...]:
    """Return all units, each below its parent, the post side first; two SELECTs."""
    units = list(db.session.scalars(select(Unit).order_by(Unit.side.desc(), Unit.name)))
    counts = _people_counts()
    children: dict[int | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit)
    rows: list[UnitRow] = []
    waiting = [(unit, 0) for unit in reversed(children.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        rows.append(_unit_row(unit, depth, counts.get(unit.id, 0)))
        waiting += [(child, depth + 1) for child in reversed(children.get(unit.id, []))]
    return tuple(rows)


def _people_counts() -> dict[int, int]:
    rows = db.session.execute(
        select(Person.unit_id, func.count())
        .where(Person.unit_id.is_not(None), Person.disabled_at.is_(None))
        .group_by(Person.unit_id)
    )
    return {unit_id: count for unit_id, count in rows if unit_id is not None}


def _unit_row(unit: Unit, depth: int, people: int) -> UnitRow:
    return UnitRow(unit.key, unit.name, SIDE_LABELS[unit.side], depth, people, unit.active)


def side_of(unit_id: int) -> str:
    """Return the side ("post", "bank") of a unit. Raises NoResultFound for an unknown one."""
    return str(db.session.scalars(select(Unit.side).where(Unit.id == unit_id)).one())
