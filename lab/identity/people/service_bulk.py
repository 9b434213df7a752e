"""Create many accounts, and give many people roles, in a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from lab import audit, clock
from lab.db import insert_all, new_key
from lab.extensions import db
from lab.identity.core import sessions
from lab.identity.models.account import Person, RoleGrant
from lab.identity.models.addresses import AddressChange
from lab.identity.models.name_keys import PersonNameKey
from lab.policy import STAFF


@dataclass(frozen=True)
class NewAccount:
    """A business account to be created."""

    sign_in_name: str
    name: str
    unit_id: int
    duty: str = ""
    phone: str = ""
    email: str = ""


def create_accounts(
    accounts: Sequence[NewAccount], by: Person, facts: Mapping[str, Any]
) -> dict[str, int]:
    """Create accounts without password and roles, an audit line each; return sign-in name -> id.

    Their owners set a password with a slip. `facts` go into each audit line. The rules were asked
    before: a sign-in name that is taken fails on the database's constraint.
    """
    people = [
        Person(
            key=new_key(),
            version=1,
            sign_in_name=account.sign_in_name,
            name=account.name,
            unit_id=account.unit_id,
            kind=STAFF,
            duty=account.duty,
            phone=account.phone,
            email=account.email,
            password_hash="",
            must_change=True,
        )
        for account in accounts
    ]
    insert_all(db.session(), people)
    names = [person.sign_in_name for person in people]
    stored = select(Person.sign_in_name, Person.id).where(Person.sign_in_name.in_(names))
    ids = {name: person_id for name, person_id in db.session.execute(stored)}
    insert_all(
        db.session(),
        [
            PersonNameKey(person_id=ids[person.sign_in_name], key=row.key)
            for person in people
            for row in person.name_keys
        ],
    )
    insert_all(
        db.session(),
        [
            AddressChange(
                person_id=ids[person.sign_in_name], email=person.email, changed_by_id=by.id
            )
            for person in people
            if person.email
        ],
    )
    for person in people:
        detail = {"kind": STAFF, "roles": [], **facts}
        audit.record("people.create", object_type="Person", object_key=person.key, detail=detail)
    return ids


def add_roles(additions: Mapping[Person, Sequence[str]], facts: Mapping[str, Any]) -> None:
    """Give people further business roles; ends their sessions. An audit line each, with `facts`.

    The people are locked and loaded with their grants, and hold none of these roles yet.
    """
    ids = [person.id for person in additions]
    now = clock.now()
    for person, roles in additions.items():
        before = sorted(person.roles)
        detail = {"before": before, "after": sorted({*before, *roles}), **facts}
        audit.record("people.grant", object_type="Person", object_key=person.key, detail=detail)
    insert_all(
        db.session(),
        [
            RoleGrant(person_id=person.id, person_kind=STAFF, role=role, granted_at=now)
            for person, roles in additions.items()
            for role in roles
        ],
    )
    db.session.execute(
        update(Person)
        .where(Person.id.in_(ids))
        .values(version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )
    sessions.end_all(*ids)
    for person in additions:
        db.session.expire(person, ["grants", "version"])
