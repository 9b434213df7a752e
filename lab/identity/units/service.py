"""Writes of units."""

from __future__ import annotations

from sqlalchemy import select

from lab import audit
from lab.db import expect_version
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.rejected import Rejected


def create_unit(
    name: str, side: str, parent_id: int | None, *, is_demo: bool = False, source_label: str = ""
) -> Unit:
    """Create a unit below its parent, on the parent's side.

    Raises Rejected when the name is taken.
    """
    if db.session.scalar(select(Unit.id).where(Unit.name == name)):
        raise Rejected(f"已有名为“{name}”的单位。", "name")
    if parent_id is not None and db.session.get_one(Unit, parent_id).side != side:
        raise Rejected("上级单位属于另一方，请重新选择。", "parent")
    unit = Unit(
        name=name, side=side, parent_id=parent_id, is_demo=is_demo, source_label=source_label
    )
    db.session.add(unit)
    db.session.flush()
    audit.record("units.create", unit)
    return unit


def edit_unit(unit: Unit, version: int, *, name: str, active: bool) -> None:
    """Rename a unit or take it out of the choices. Raises EditConflict, Rejected."""
    expect_version(unit, version)
    duplicate = db.session.scalar(select(Unit.id).where(Unit.name == name, Unit.id != unit.id))
    if duplicate:
        raise Rejected(f"已有名为“{name}”的单位。", "name")
    unit.name, unit.active = name, active
    audit.record("units.edit", unit)
