"""Queries of identity."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import selectinload

from lab.db import reading
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Person, RoleGrant, Unit
from lab.rejected import Rejected


def unit_id_by_name(name: str) -> int:
    """Return the id of the unit with this name. Raises Rejected when there is none."""
    unit_id = db.session.scalar(select(Unit.id).where(Unit.name == name))
    if unit_id is None:
        raise Rejected(f"没有名为“{name}”的单位。", "unit")
    return unit_id


def person_named(sign_in_name: str) -> Person | None:
    """Return the account with this sign-in name, None when there is none."""
    name = sign_in_name.strip().lower()
    person: Person | None = db.session.scalar(select(Person).where(Person.sign_in_name == name))
    return person


_INVENTED = select(Person).where(Person.is_demo, Person.disabled_at.is_(None)).order_by(Person.id)


def demonstration_people() -> list[Person]:
    """Return the demonstration accounts that could sign in."""
    return list(db.session.scalars(_INVENTED))


def open_demonstration_accounts() -> int:
    """Return how many demonstration accounts could sign in; 0 without tables or database."""
    try:
        with reading() as session:
            return len(session.scalars(_INVENTED).all())
    except DBAPIError:
        return 0


def open_holders(roles: Iterable[str]) -> list[Person]:
    """Return everybody who can sign in and has one of the roles, by name.

    The account is open and has a password (none before its slip was opened).
    """
    role_codes = tuple(roles)
    holders = select(RoleGrant.person_id).where(RoleGrant.role.in_(role_codes))
    query = select(Person).where(
        Person.disabled_at.is_(None),
        Person.password_hash != "",
        or_(Person.id.in_(holders), Person.kind.in_(role_codes)),
    )
    if current_app.config["SETTINGS"].production:
        query = query.where(~Person.is_demo)
    people = selectinload(Person.grants)
    return list(db.session.scalars(query.options(people).order_by(Person.name, Person.id)))


def unit_choices() -> list[tuple[str, str]]:
    """Return (id, 方 · name) of all units in use, ordered by side and name."""
    rows = db.session.execute(
        select(Unit.id, Unit.side, Unit.name)
        .where(Unit.active)
        .order_by(Unit.side.desc(), Unit.name)
    )
    return [(str(row.id), f"{SIDE_LABELS[row.side]} · {row.name}") for row in rows]


def unit_path(unit_id: int | None) -> tuple[int, ...]:
    """Return the ids from the side's root down to this unit; () for None.

    At most one query a level.
    """
    path: list[int] = []
    while unit_id is not None and unit_id not in path:
        path.append(unit_id)
        unit_id = db.session.scalar(select(Unit.parent_id).where(Unit.id == unit_id))
    return tuple(reversed(path))


def unit_parents() -> dict[int, int | None]:
    """Return every unit's parent in one query, for rules that need many paths."""
    return {row.id: row.parent_id for row in db.session.execute(select(Unit.id, Unit.parent_id))}


def unit_of(person_id: int) -> int | None:
    """Return the id of the person's unit, None when unknown or without one."""
    return db.session.scalar(select(Person.unit_id).where(Person.id == person_id))


def find_person(key: str) -> Person | None:
    """Return the person with this key, None when there is none."""
    person: Person | None = db.session.scalar(select(Person).where(Person.key == key))
    return person


def find_unit(key: str) -> Unit | None:
    """Return the unit with this key, None when there is none."""
    unit: Unit | None = db.session.scalar(select(Unit).where(Unit.key == key))
    return unit
