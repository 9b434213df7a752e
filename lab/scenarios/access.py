"""Load scenarios and merchants from addresses below a project."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lab.extensions import db
from lab.policy import Actor
from lab.portfolio.access import load_project
from lab.portfolio.models.project import Project
from lab.scenarios.models import Merchant, Scenario
from lab.web.request.guards import LoadedResource


@dataclass(frozen=True)
class OneScenario:
    """A scenario of a project."""

    project: Project
    scenario: Scenario

    @property
    def key(self) -> str:
        return self.scenario.key


@dataclass(frozen=True)
class OneMerchant:
    """A merchant of a project."""

    project: Project
    merchant: Merchant

    @property
    def key(self) -> str:
        return self.merchant.key


def load_project_scenarios(actor: Actor, key: str) -> LoadedResource | None:
    """Load the project of an address, None when there is none."""
    loaded = load_project(actor, key)
    return loaded and LoadedResource(loaded.obj, loaded.resource, "scenario.view")


def load_scenario(actor: Actor, key: str, scenario_key: str) -> LoadedResource | None:
    """Load a scenario of the project of an address, None when there is none."""
    loaded = load_project(actor, key)
    if loaded is None:
        return None
    scenario = db.session.scalar(
        select(Scenario).where(Scenario.key == scenario_key, Scenario.project_id == loaded.obj.id)
    )
    if scenario is None:
        return None
    return LoadedResource(OneScenario(loaded.obj, scenario), loaded.resource, "scenario.view")


def load_merchant(actor: Actor, key: str, merchant_key: str) -> LoadedResource | None:
    """Load a merchant of the project of an address, None when there is none."""
    loaded = load_project(actor, key)
    if loaded is None:
        return None
    merchant = db.session.scalar(
        select(Merchant)
        .join(Scenario, Scenario.id == Merchant.scenario_id)
        .where(Merchant.key == merchant_key, Scenario.project_id == loaded.obj.id)
    )
    if merchant is None:
        return None
    return LoadedResource(OneMerchant(loaded.obj, merchant), loaded.resource, "scenario.view")
