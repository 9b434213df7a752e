"""Evaluate the status lights of stored projects on a day, for lists, pages and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lab import clock
from lab.portfolio.core import extension_points, history
from lab.portfolio.core.target_progress import TargetProgress
from lab.portfolio.rules.status_light import Light, LightFacts, evaluate_light


@dataclass(frozen=True)
class LightInputs:
    """What a project's light depends on, with the progress of each target."""

    facts: LightFacts
    target_progress: tuple[TargetProgress, ...]


def light_inputs(project_ids: Sequence[int], cutoff: date | None = None) -> dict[int, LightInputs]:
    """Return LightInputs by project id, as of the end of `cutoff` (today when None).

    From all that has been recorded until now; projects that did not exist yet are absent. The
    report ground counts only what had arrived by the end of that day. A constant number of queries,
    however many projects.
    """
    day = cutoff or clock.today()
    states = history.states_on(project_ids, day)
    existing_ids = list(states)
    overrides = history.overrides_on(existing_ids, day)
    milestones = history.milestones_on(existing_ids, day)
    progress = extension_points.target_progress_of(existing_ids, day)
    reports = extension_points.reports(existing_ids, day)
    issues = extension_points.issues(existing_ids, day)
    return {
        project_id: LightInputs(
            LightFacts(
                today=day,
                state=state.status,
                milestones=history.light_milestones(milestones.get(project_id, ())),
                measures=tuple(item.measure for item in progress.get(project_id, ())),
                report=reports.get(project_id),
                issues=issues.get(project_id, ()),
                override=overrides.get(project_id),
            ),
            progress.get(project_id, ()),
        )
        for project_id, state in states.items()
    }


def lights_from(inputs: Mapping[int, LightInputs]) -> dict[int, Light]:
    """Evaluate the lights from inputs that were read before."""
    return {project_id: evaluate_light(item.facts) for project_id, item in inputs.items()}
