"""Who handed on whose first password."""

from __future__ import annotations

from sqlalchemy import CTE, select

from lab.extensions import db
from lab.identity.models.account import Person


def linked_to(person_id: int) -> frozenset[int]:
    """Return the ids of the people linked to this account by first passwords.

    Those who knew one of this account, and those whose first password its holder knew, transitively
    in either direction.

    Whoever hands out an account can sign in with it before its owner does, so the two may be one
    human. Two accounts handed out by the same third person are not linked.
    """
    givers, takers = _givers(person_id), _takers(person_id)
    ids = db.session.scalars(select(givers.c.id).union(select(takers.c.id)))
    return frozenset(ids) - {person_id}


def _givers(person_id: int) -> CTE:
    giver = Person.first_password_by_id.label("id")
    line = select(giver).where(Person.id == person_id, giver.is_not(None)).cte(recursive=True)
    return line.union(select(giver).where(Person.id == line.c.id, giver.is_not(None)))


def _takers(person_id: int) -> CTE:
    line = select(Person.id).where(Person.first_password_by_id == person_id).cte(recursive=True)
    return line.union(select(Person.id).where(Person.first_password_by_id == line.c.id))
