"""Request account actions; `lab.releases` decides who may agree."""

from __future__ import annotations

from collections.abc import Iterable

from lab.accounts import actions
from lab.accounts.rules.wording import NEW_PASSWORD, OPEN
from lab.db import expect_version
from lab.identity.models.account import Person, Unit
from lab.identity.people import service as identity
from lab.identity.rules.privileges import added_privileges
from lab.policy import BUSINESS_ROLES
from lab.rejected import Rejected
from lab.releases.models import Release
from lab.releases.requests import service as releases


def request_reset(person: Person, asker: Person, reason: str) -> Release:
    """Request a password reset for an account with more than 申报人. Raises Rejected."""
    return releases.request_release(
        actions.RESET, person.key, {"password": NEW_PASSWORD}, asker=asker, reason=reason
    )


def request_unit_change(person: Person, unit: Unit, asker: Person, reason: str) -> Release:
    """Request another unit for a reviewer. Raises Rejected."""
    after = {"unit_id": unit.id, "unit": unit.name}
    return releases.request_release(actions.UNIT, person.key, after, asker=asker, reason=reason)


def request_enabling(person: Person, asker: Person, reason: str) -> Release:
    """Request to reopen a closed account with more than 申报人. Raises Rejected."""
    return releases.request_release(
        actions.ENABLE, person.key, {"state": OPEN}, asker=asker, reason=reason
    )


def request_admin(sign_in_name: str, name: str, kind: str, asker: Person, reason: str) -> Release:
    """Request a new administrator's account. Raises Rejected."""
    key = sign_in_name.strip().lower()
    after = {"sign_in_name": key, "name": name, "kind": kind}
    return releases.request_release(actions.CREATE_ADMIN, key, after, asker=asker, reason=reason)


def change_roles(
    person: Person, version: int, roles: Iterable[str], asker: Person, reason: str
) -> Release | None:
    """Give exactly these business roles: at once, or by release when a role above 申报人 is added.

    Raises EditConflict when the form is stale, Rejected without a reason (field "reason").
    """
    expect_version(person, version)
    business_roles = sorted({role for role in roles if role in BUSINESS_ROLES})
    if not added_privileges(person.roles, business_roles):
        identity.set_roles(person, version, business_roles)
        return None
    if not reason.strip():
        raise Rejected("增加评委、实施办公室或领导小组角色须经复核，请写明理由。", "reason")
    return releases.request_release(
        actions.GRANT, person.key, {"roles": business_roles}, asker=asker, reason=reason.strip()
    )
