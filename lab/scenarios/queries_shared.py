"""Merchants in scenarios of several projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from lab.extensions import db
from lab.portfolio.models.project import Project
from lab.scenarios.models import Merchant, Scenario

MAX_ROWS = 50


@dataclass(frozen=True)
class SharedRow:
    """A merchant of one project.

    `main` is the responsible project, "" when it counts in its own.
    """

    key: str
    name: str
    outlets: int
    scenario: str
    project_key: str
    project: str
    main: str


def same_name_merchants() -> tuple[SharedRow, ...]:
    """Return merchants with the same name in several projects, by name: one merchant or two shops.

    Demonstration and real ones are not compared.
    """
    other, elsewhere = aliased(Merchant), aliased(Scenario)
    same_name = (
        exists()
        .where(
            other.scenario_id == elsewhere.id,
            other.name == Merchant.name,
            other.is_demo == Merchant.is_demo,
            elsewhere.project_id != Scenario.project_id,
        )
        .correlate(Merchant, Scenario)
    )
    linked = Merchant.same_as_id.is_not(None)
    query = (
        _rows().where(same_name | linked).order_by(Merchant.name, Project.id).limit(MAX_ROWS * 4)
    )
    return tuple(SharedRow(**row._mapping) for row in db.session.execute(query))


def responsible_candidates(merchant: Merchant, search_text: str = "") -> Sequence[SharedRow]:
    """Return rows of other projects that may be responsible for this merchant, at most 50.

    Those with its name, or whose name contains `search_text`. The currently responsible one comes
    first.
    """
    name_condition = Merchant.name.contains(search_text, autoescape=True) if search_text else False
    query = (
        _rows()
        .where(
            Merchant.same_as_id.is_(None),
            Merchant.is_demo == merchant.is_demo,
            Scenario.project_id != merchant.scenario.project_id,
            (Merchant.name == merchant.name)
            | name_condition
            | (Merchant.id == merchant.same_as_id),
        )
        .order_by(Merchant.id != (merchant.same_as_id or 0), Merchant.name, Merchant.id)
        .limit(MAX_ROWS)
    )
    return [SharedRow(**row._mapping) for row in db.session.execute(query)]


def find_merchant(key: str) -> Merchant | None:
    """Return the merchant with this key, None when there is none."""
    return db.session.scalar(select(Merchant).where(Merchant.key == key))


def _rows() -> Select[*tuple[Any, ...]]:
    main, scenario_alias, owner = aliased(Merchant), aliased(Scenario), aliased(Project)
    return (
        select(
            Merchant.key,
            Merchant.name,
            Merchant.outlets,
            Scenario.name.label("scenario"),
            Project.key.label("project_key"),
            Project.name.label("project"),
            func.coalesce(owner.name, "").label("main"),
        )
        .join(Scenario, Scenario.id == Merchant.scenario_id)
        .join(Project, Project.id == Scenario.project_id)
        .outerjoin(main, main.id == Merchant.same_as_id)
        .outerjoin(scenario_alias, scenario_alias.id == main.scenario_id)
        .outerjoin(owner, owner.id == scenario_alias.project_id)
    )
