"""Reads for the pages of all scenarios and of one merchant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lab import clock
from lab.catalogue.provenance import Provenance
from lab.portfolio.models.project import Project
from lab.scenarios.access import OneMerchant
from lab.scenarios.models import Merchant, OnboardingStep
from lab.scenarios.queries import ScenarioPage, late_steps, recorded_steps, scenario_groups
from lab.scenarios.queries_shared import SharedRow, responsible_candidates
from lab.scenarios.rules import funnel


@dataclass(frozen=True)
class ScenarioOverview:
    """Scenarios by provenance as of the end of a day.

    `before_records`: nothing is known of the day yet; `read_at` is the moment of reading. `late`
    says which steps were recorded only after the day.
    """

    groups: tuple[tuple[Provenance, ScenarioPage], ...]
    late: tuple[str, ...]
    day: date
    before_records: bool
    read_at: datetime


def scenario_overview(
    project_ids: Sequence[int], day: date, *, before_records: bool
) -> ScenarioOverview:
    """Return the scenarios of these projects."""
    return ScenarioOverview(
        groups=scenario_groups(project_ids, day),
        late=late_steps(project_ids, day),
        day=day,
        before_records=before_records,
        read_at=clock.now(),
    )


@dataclass(frozen=True)
class StepsPage:
    """A merchant's way to going live.

    `recorded` are its steps in order, each with its label, `possible` the codes of those that may
    be recorded next; `paused`: a pause is in force.
    """

    project: Project
    merchant: Merchant
    recorded: Sequence[tuple[OnboardingStep, str]]
    possible: tuple[str, ...]
    paused: bool


def steps_page(located: OneMerchant) -> StepsPage:
    """Return the page on which the merchant's next step is recorded."""
    steps = sorted(located.merchant.steps, key=lambda item: (item.on, item.position))
    return StepsPage(
        project=located.project,
        merchant=located.merchant,
        recorded=[(item, funnel.step_label(item.step)) for item in steps],
        possible=funnel.next_steps(recorded_steps(located.merchant)),
        paused=any(item.step == funnel.PAUSED and item.ended_on is None for item in steps),
    )


@dataclass(frozen=True)
class MainProjectPage:
    """A merchant, and those of other projects that may be the same one.

    `search_text` is part of their name as the reader typed it, "" for those of its own name.
    """

    project: Project
    merchant: Merchant
    search_text: str
    candidates: Sequence[SharedRow]


def main_project_page(located: OneMerchant, search_text: str) -> MainProjectPage:
    """Return the page on which the responsible project is recorded."""
    return MainProjectPage(
        project=located.project,
        merchant=located.merchant,
        search_text=search_text,
        candidates=responsible_candidates(located.merchant, search_text),
    )
