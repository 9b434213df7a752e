"""Writes of people and their roles; passwords and units have their own packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from lab import audit, clock
from lab.db import bump_version, expect_version
from lab.extensions import db
from lab.identity.addresses.service import record_address, set_address
from lab.identity.core import sessions, slips
from lab.identity.models.account import Person, RoleGrant
from lab.identity.people.unit_guard import requires_release
from lab.identity.rules.privileges import PLAIN, privilege_level
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, STAFF
from lab.rejected import Rejected


def create_person(
    *,
    sign_in_name: str,
    name: str,
    unit_id: int | None,
    kind: str = STAFF,
    hashed: str,
    duty: str = "",
    phone: str = "",
    email: str = "",
    roles: Iterable[str] = (),
    is_demo: bool = False,
    facts: Mapping[str, Any] | None = None,
    by: Person | None = None,
) -> Person:
    """Create an account whose first password must be changed.

    `hashed` comes from `passwords.service.prepare_password`; an empty hash matches no password, and
    the owner sets one with a slip.
    `by`: who hands the first password on. `facts`: those of its release, for the audit line. Raises
    Rejected when the sign-in name is taken or the roles do not fit the kind.
    """
    sign_in_name = sign_in_name.strip().lower()
    if kind == STAFF and unit_id is None:
        raise Rejected("请选择所在单位。", "unit")
    if kind in ADMIN_ROLES and list(roles):
        raise Rejected("管理员不能同时担任业务角色。", "roles")
    if db.session.scalar(select(Person.id).where(Person.sign_in_name == sign_in_name)):
        raise Rejected(f"登录名“{sign_in_name}”已被使用。", "sign_in_name")
    person = Person(
        sign_in_name=sign_in_name,
        name=name,
        unit_id=unit_id if kind == STAFF else None,
        kind=kind,
        duty=duty,
        phone=phone,
        email=email,
        is_demo=is_demo,
        password_hash=hashed,
        password_at=clock.now() if hashed else None,
        first_password_by_id=by.id if by else None,
        grants=[RoleGrant(role=role) for role in sorted(set(roles))],
    )
    db.session.add(person)
    db.session.flush()
    if email:
        record_address(person)
    detail = {"kind": kind, "roles": sorted(roles), **(facts or {})}
    audit.record("people.create", person, detail=detail)
    return person


def edit_person(
    person: Person,
    version: int,
    *,
    name: str,
    unit_id: int | None,
    duty: str,
    phone: str,
    email: str,
    mail_wanted: bool,
) -> None:
    """Change a person's particulars.

    Raises EditConflict when the form is stale; Rejected (field "unit") without unit, and for
    another unit of a reviewer: that goes by release.
    """
    expect_version(person, version)
    if person.kind == STAFF and unit_id is None:
        raise Rejected("请选择所在单位。", "unit")
    if requires_release(person) and unit_id != person.unit_id:
        raise Rejected("评委的单位须经第二人复核才能变更，请在人员页面点“变更单位”。", "unit")
    person.name, person.duty, person.phone = name, duty, phone
    person.mail_wanted = mail_wanted
    set_address(person, email)
    if person.kind == STAFF:
        person.unit_id = unit_id
    audit.record("people.edit", person)


def set_roles(
    person: Person, version: int, roles: Iterable[str], facts: Mapping[str, Any] | None = None
) -> None:
    """Give exactly these business roles; ends the person's sessions. `facts` of its release.

    Raises Rejected for an administrator, EditConflict when the form is stale.
    """
    expect_version(person, version)
    business_roles = {role for role in roles if role in BUSINESS_ROLES}
    if person.kind != STAFF:
        raise Rejected("管理员不能同时担任业务角色。", "roles")
    before = sorted(person.roles)
    person.grants = [grant for grant in person.grants if grant.role in business_roles]
    person.grants += [RoleGrant(role=role) for role in sorted(business_roles - set(before))]
    bump_version(person)
    sessions.end_all(person.id)
    detail = {"before": before, "after": sorted(business_roles), **(facts or {})}
    audit.record("people.grant", person, detail=detail)


def disable(person: Person) -> None:
    """Disable an account; its sessions end at once, and its slip opens nothing any more."""
    if person.disabled_at is not None:
        raise Rejected("此账号已经停用。")
    person.disabled_at = clock.now()
    slips.void_slips([person.id])
    sessions.end_all(person.id)
    audit.record("people.disable", person)


def enable(person: Person, facts: Mapping[str, Any] | None = None) -> None:
    """Re-enable an account; `facts` of its release where it has more than 申报人."""
    if person.disabled_at is None:
        raise Rejected("此账号正在使用。")
    if facts is None and privilege_level(person.roles) != PLAIN:
        raise Rejected("此账号不止担任申报人，启用须经第二人复核。")
    person.disabled_at = None
    audit.record("people.enable", person, detail=facts)
