"""Reads for the page of all scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lab import clock
from lab.provenance import Provenance
from lab.scenarios.queries import ScenarioPage, late_steps, scenario_groups


@dataclass(frozen=True)
class ScenarioOverview:
    """Scenarios by provenance as of the end of a day.

    `early`: nothing is known of the day yet; `known_at` is the moment of reading. `late` says
    which steps were recorded only after the day.
    """

    groups: tuple[tuple[Provenance, ScenarioPage], ...]
    late: tuple[str, ...]
    day: date
    early: bool
    known_at: datetime


def scenario_overview(project_ids: Sequence[int], day: date, *, early: bool) -> ScenarioOverview:
    """The scenarios of these projects."""
    return ScenarioOverview(
        groups=scenario_groups(project_ids, day),
        late=late_steps(project_ids, day),
        day=day,
        early=early,
        known_at=clock.now(),
    )
