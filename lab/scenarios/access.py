"""Load scenarios and merchants from addresses below a project."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lab.extensions import db
from lab.policy import Actor
from lab.portfolio.access import load_below
from lab.portfolio.models.project import Project
from lab.scenarios.models import Merchant, Scenario
from lab.web.request.guards import LoadedResource

VIEW = "scenario.view"


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
    return load_below(actor, key, VIEW, lambda project: project)


def load_scenario(actor: Actor, key: str, scenario_key: str) -> LoadedResource | None:
    """Load a scenario of the project of an address, None when there is none."""
    return load_below(actor, key, VIEW, lambda project: _find_scenario(project, scenario_key))


def _find_scenario(project: Project, key: str) -> OneScenario | None:
    scenario = db.session.scalar(
        select(Scenario).where(Scenario.key == key, Scenario.project_id == project.id)
    )
    return OneScenario(project, scenario) if scenario else None


def load_merchant(actor: Actor, key: str, merchant_key: str) -> LoadedResource | None:
    """Load a merchant of the project of an address, None when there is none."""
    return load_below(actor, key, VIEW, lambda project: _find_merchant(project, merchant_key))


def _find_merchant(project: Project, key: str) -> OneMerchant | None:
    merchant = db.session.scalar(
        select(Merchant)
        .join(Scenario, Scenario.id == Merchant.scenario_id)
        .where(Merchant.key == key, Scenario.project_id == project.id)
    )
    return OneMerchant(project, merchant) if merchant else None
