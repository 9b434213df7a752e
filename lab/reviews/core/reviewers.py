"""Eligible reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from lab.extensions import db
from lab.identity.models.account import Person, RoleGrant, Unit
from lab.policy import OFFICE, REVIEWER


@dataclass(frozen=True)
class ReviewerRow:
    """A person who can be assigned."""

    id: int
    key: str
    name: str
    unit: str
    side: str


def _holders(role: str) -> Select[Any]:
    return select(RoleGrant.person_id).where(RoleGrant.role == role)


def _eligible(statement: Select[Any]) -> Select[Any]:
    """Apply the office rule that the office does not score: its members are not offered."""
    return statement.where(
        Person.disabled_at.is_(None),
        Person.id.in_(_holders(REVIEWER)),
        Person.id.not_in(_holders(OFFICE)),
    )


def reviewer_ids() -> frozenset[int]:
    """Return the ids of everybody who can be assigned."""
    return frozenset(db.session.scalars(_eligible(select(Person.id))))


def reviewers(also: frozenset[int] = frozenset()) -> list[ReviewerRow]:
    """Return everybody who can be assigned, and those in `also`, by side, unit and name."""
    rows = db.session.execute(
        select(Person.id, Person.key, Person.name, Unit.name.label("unit"), Unit.side)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id.in_(_eligible(select(Person.id))) | Person.id.in_(sorted(also)))
        .order_by(Unit.side.desc(), Unit.name, Person.name, Person.id)
    )
    return [ReviewerRow(row.id, row.key, row.name, row.unit, row.side) for row in rows]
