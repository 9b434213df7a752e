"""The targets of requests: accounts in their current state, as plain facts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lab.accounts.rules.wording import DISABLED, FIRST, NONE, OPEN, OWN, TAKEN
from lab.db import lock_row
from lab.extensions import db
from lab.identity.core.queries import find_person
from lab.identity.core.role_labels import with_roles
from lab.identity.models.account import Person, Unit
from lab.identity.passwords.queries import last_reset
from lab.identity.rules.privileges import privilege_level
from lab.policy import ROLE_LABELS
from lab.releases.registry import Facts, ReleaseTarget


def _load_person(key: str, for_update: bool) -> Person | None:
    person = find_person(key)
    if person is not None and for_update:
        lock_row(person)
    return person


def _target(person: Person, facts: dict[str, Any], account_level: str) -> ReleaseTarget:
    return ReleaseTarget(
        key=person.key,
        name=with_roles(person),
        facts={"roles": sorted(person.roles), **facts},
        account_level=account_level,
        concerned_id=person.id,
    )


def _password_at(person: Person) -> str | None:
    return person.password_at.isoformat() if person.password_at else None


def password_target(key: str, _after: Facts, for_update: bool) -> ReleaseTarget | None:
    """Return an account with the time of its password.

    A reset is void once the owner has set another password.
    """
    person = _load_person(key, for_update)
    if person is None:
        return None
    facts = {"state": state_of(person), "password_at": _password_at(person)}
    return _target(person, facts, privilege_level(person.roles))


def closed_account_target(key: str, _after: Facts, for_update: bool) -> ReleaseTarget | None:
    """Return an account with its state and the time of its password."""
    return password_target(key, _after, for_update)


def state_of(person: Person) -> str:
    """Return the state of the account, OPEN or DISABLED."""
    return DISABLED if person.disabled_at else OPEN


def unit_target(key: str, _after: Facts, for_update: bool) -> ReleaseTarget | None:
    """Return an account with its unit."""
    person = _load_person(key, for_update)
    if person is None:
        return None
    facts = {"unit_id": person.unit_id, "unit": person.unit_name}
    return _target(person, facts, privilege_level(person.roles))


def roles_target(key: str, _after: Facts, for_update: bool) -> ReleaseTarget | None:
    """Return an account with roles, unit, who knows its password, and others' last reset.

    The kind of account makes no difference.
    """
    person = _load_person(key, for_update)
    if person is None:
        return None
    reset = last_reset(person.id)
    facts = {
        "unit": person.unit_name,
        "password": FIRST if person.must_change else OWN,
        "reset_at": reset.at.isoformat() if reset else None,
    }
    return _target(person, facts, "")


def new_account_target(key: str, after: Facts, _for_update: bool) -> ReleaseTarget | None:
    """Return an account that does not exist yet: its key is the sign-in name."""
    exists = db.session.scalar(select(Person.id).where(Person.sign_in_name == key)) is not None
    label = ROLE_LABELS.get(after.get("kind", ""), "")
    name = f"{after.get('name', key)}（{label}）"
    return ReleaseTarget(key=key, name=name, facts={"account": TAKEN if exists else NONE})


def find_unit(unit_id: int) -> Unit | None:
    """Return the unit with this id, None when there is none."""
    unit: Unit | None = db.session.get(Unit, unit_id)
    return unit
