"""Queries for the people pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lab.extensions import db
from lab.identity.core.people_search import found_by_office
from lab.identity.core.queries import unit_parents
from lab.identity.core.role_labels import role_labels
from lab.identity.models.account import Person, RoleGrant, Unit
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, ROLE_LABELS, STAFF
from lab.web.pages.pagination import Page, paginate


@dataclass(frozen=True)
class PersonRow:
    """One person as listed; `roles` are labels."""

    key: str
    name: str
    sign_in_name: str
    unit: str
    duty: str
    roles: tuple[str, ...]
    disabled: bool


@dataclass(frozen=True)
class PersonPage:
    """One person's page; `must_change`: the first password has not been changed yet."""

    key: str
    version: int
    name: str
    sign_in_name: str
    kind_label: str
    unit: str
    duty: str
    phone: str
    email: str
    mail_wanted: bool
    roles: tuple[str, ...]
    disabled_at: datetime | None
    must_change: bool
    has_password: bool
    is_staff: bool


def _below(unit_id: int) -> set[int]:
    """Return this unit and all units below it."""
    parents, ids = unit_parents(), {unit_id}
    grown = True
    while grown:
        more = {unit for unit, parent in parents.items() if parent in ids} - ids
        ids |= more
        grown = bool(more)
    return ids


def _filtered(query: Any, args: Mapping[str, str]) -> Any:
    if text := args.get("q", "").strip()[:40]:
        query = query.where(found_by_office(text))
    if (unit := args.get("unit", "")).isdecimal():
        query = query.where(Person.unit_id.in_(_below(int(unit[:9]))))
    role = args.get("role", "")
    if role in BUSINESS_ROLES:
        holders = select(RoleGrant.person_id).where(RoleGrant.role == role)
        query = query.where(Person.id.in_(holders))
    elif role in ADMIN_ROLES:
        query = query.where(Person.kind == role)
    if args.get("state") in ("open", "disabled"):
        is_closed = Person.disabled_at.is_not(None)
        query = query.where(is_closed if args["state"] == "disabled" else ~is_closed)
    return query


def list_people(args: Mapping[str, str], *, admins: bool) -> Page:
    """Return a page of PersonRow by name; administrators' accounts only with `admins`."""
    query = select(Person.id, Person.key, Person.name, Person.sign_in_name, Person.kind)
    query = query.add_columns(
        Person.duty, Person.disabled_at, func.coalesce(Unit.name, "").label("unit")
    ).outerjoin(Unit, Unit.id == Person.unit_id)
    if not admins:
        query = query.where(Person.kind == STAFF)
    keys = (Person.name, Person.id)
    session = db.session()
    page = paginate(_filtered(query, args), keys, args, session=session, size=50, count=True)
    roles = _roles_of([row.id for row in page.items])
    return page.map(lambda row: _person_row(row, roles.get(row.id, ())))


def _roles_of(ids: list[int]) -> dict[int, tuple[str, ...]]:
    roles_by_person: dict[int, tuple[str, ...]] = {}
    rows = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(ids))
    )
    for person_id, role in rows:
        roles_by_person[person_id] = (*roles_by_person.get(person_id, ()), role)
    return roles_by_person


def _person_row(row: Any, roles: tuple[str, ...]) -> PersonRow:
    return PersonRow(
        key=row.key,
        name=row.name,
        sign_in_name=row.sign_in_name,
        unit=row.unit,
        duty=row.duty,
        roles=role_labels(roles if row.kind == STAFF else (row.kind,)),
        disabled=row.disabled_at is not None,
    )


def person_page(person: Person) -> PersonPage:
    """Return what the page of a person shows."""
    return PersonPage(
        key=person.key,
        version=person.version,
        name=person.name,
        sign_in_name=person.sign_in_name,
        kind_label=ROLE_LABELS[person.kind],
        unit=person.unit_name,
        duty=person.duty,
        phone=person.phone,
        email=person.email,
        mail_wanted=person.mail_wanted,
        roles=role_labels(person.roles),
        disabled_at=person.disabled_at,
        must_change=person.must_change,
        has_password=bool(person.password_hash),
        is_staff=person.kind == STAFF,
    )
