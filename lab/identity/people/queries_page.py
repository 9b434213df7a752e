"""Reads for the list of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.identity.core.queries import unit_choices
from lab.identity.people.queries import list_people
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, ROLE_LABELS
from lab.web.pages.pagination import Page

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PeoplePage:
    """A page of people, and the units and roles by which the list can be filtered."""

    rows: Page
    units: Choices
    roles: Choices


def people_page(args: Mapping[str, str], *, admins: bool) -> PeoplePage:
    """Return the list as filtered; administrators' accounts and roles only with `admins`."""
    roles = [*BUSINESS_ROLES, *(ADMIN_ROLES if admins else ())]
    return PeoplePage(
        rows=list_people(args, admins=admins),
        units=unit_choices(),
        roles=[(role, ROLE_LABELS[role]) for role in roles],
    )
