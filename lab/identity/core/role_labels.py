"""Labels of roles."""

from __future__ import annotations

from collections.abc import Iterable

from lab.identity.models.account import Person
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, ROLE_LABELS


def role_labels(roles: Iterable[str]) -> tuple[str, ...]:
    """Return the labels in the fixed order of the roles."""
    role_set = set(roles)
    return tuple(ROLE_LABELS[role] for role in (*BUSINESS_ROLES, *ADMIN_ROLES) if role in role_set)


def with_roles(person: Person) -> str:
    """Format a name with its roles: 张三（实施办公室）."""
    labels = "、".join(role_labels(person.roles))
    return f"{person.name}（{labels}）" if labels else person.name
