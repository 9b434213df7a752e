"""Units and people of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.identity.models.account import Person, RoleGrant, Unit
from lab.identity.rules.passwords import hash_password
from lab.policy import ROLE_LABELS

PASSWORD = "Yanshi-2022-lab"
ROOTS = {"post": "北京市邮政分公司", "bank": "邮储银行北京分行"}


@dataclass(frozen=True)
class DemoCast:
    """Stored units and people by their keys in the data file."""

    units: dict[str, Unit]
    people: dict[str, Person]

    def id(self, key: str) -> int:
        """Return the person's id."""
        return self.people[key].id


def hashed_password() -> str:
    """Return the hash of the demonstration password; slow, so computed before the transaction."""
    return hash_password(PASSWORD)


def store(data: dict[str, Any], hashed: str) -> DemoCast:
    """Store units below the two roots, and people who need not change their password."""
    roots = {
        side: db.session.scalars(select(Unit).where(Unit.name == name)).one()
        for side, name in ROOTS.items()
    }
    units = {
        row["key"]: Unit(
            name=row["name"], side=row["side"], parent_id=roots[row["side"]].id, is_demo=True
        )
        for row in data["units"]
    }
    db.session.add_all(units.values())
    db.session.flush()
    people = {row["key"]: _person(row, units, hashed) for row in data["people"]}
    db.session.add_all(people.values())
    db.session.flush()
    return DemoCast(units, people)


def _person(row: dict[str, Any], units: dict[str, Unit], hashed: str) -> Person:
    kind = row.get("kind", "staff")
    return Person(
        sign_in_name=row["key"],
        name=row["name"],
        kind=kind,
        unit_id=units[row["unit"]].id if kind == "staff" else None,
        duty=row.get("duty", ""),
        password_hash=hashed,
        password_at=clock.now(),
        must_change=False,
        is_demo=True,
        grants=[RoleGrant(role=role) for role in row.get("roles", [])],
    )


def listing() -> list[tuple[str, str, str]]:
    """Return (sign-in name, name, role labels) of the demonstration accounts."""
    people = db.session.scalars(
        select(Person).where(Person.is_demo, Person.disabled_at.is_(None)).order_by(Person.id)
    )
    return [
        (p.sign_in_name, p.name, "、".join(ROLE_LABELS[role] for role in sorted(p.roles)))
        for p in people
    ]
