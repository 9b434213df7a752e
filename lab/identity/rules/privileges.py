"""Privilege level of an account, and who must agree before somebody gets hold of it. Pure.

Rule of the lab: an account with no more than 申报人 is managed by one person. A reviewer's belongs
to the office: a second member of the office releases. Everything above (office, leading group,
administrators, and a reviewer with one of these seats) is released by another system or security
administrator.
"""

from __future__ import annotations

from collections.abc import Iterable

from lab.policy import ADMIN_ROLES, APPLICANT, LEADING, OFFICE, REVIEWER, SYSTEM

PLAIN, REVIEWER_ONLY, BEYOND_REVIEWER = "plain", "reviewer_only", "beyond_reviewer"
ADMINISTRATIVE_ROLES = frozenset({OFFICE, LEADING, *ADMIN_ROLES})
PRIVILEGED_ROLES = frozenset({REVIEWER, *ADMINISTRATIVE_ROLES})
HELP_OF_OFFICE, HELP_OF_ADMINISTRATORS = "实施办公室", "系统管理员"
HELP_OF_OTHERS = "其他系统管理员或服务器管理员"  # the shell does it where there is no other


def privilege_level(roles: Iterable[str]) -> str:
    """Return the level of an account with these roles: PLAIN, REVIEWER_ONLY or BEYOND_REVIEWER."""
    role_set = set(roles)
    if role_set <= {APPLICANT}:
        return PLAIN
    return REVIEWER_ONLY if role_set <= {APPLICANT, REVIEWER} else BEYOND_REVIEWER


def contact_for(roles: Iterable[str]) -> str:
    """Return, as text, who manages an account with these roles: whom its owner should contact."""
    role_set = set(roles)
    if privilege_level(role_set) != BEYOND_REVIEWER:
        return HELP_OF_OFFICE
    return HELP_OF_OTHERS if SYSTEM in role_set else HELP_OF_ADMINISTRATORS


def added_privileges(before: Iterable[str], after: Iterable[str]) -> frozenset[str]:
    """Return the roles above 申报人 that a change adds."""
    return (frozenset(after) - frozenset(before)) & PRIVILEGED_ROLES
