"""What the portfolio asks the features above it: targets, reports owed, panels, attention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from lab.feature import ExtensionPoint
from lab.policy import Resource
from lab.portfolio.core.target_progress import TargetProgress
from lab.portfolio.rules.status_light import Issue, ReportState

T = TypeVar("T")


@dataclass(frozen=True)
class Attention:
    """One item that a project's page shows first; tones as for badges."""

    tone: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Panel:
    """A panel of a project's page: its template, the data that it knows as "panel", its order."""

    template: str
    data: Any
    order: int


TargetProgressReader = Callable[[Sequence[int], date], Mapping[int, tuple[TargetProgress, ...]]]
Reports = Callable[[Sequence[int], date], Mapping[int, ReportState]]
Issues = Callable[[Sequence[int], date], Mapping[int, tuple[Issue, ...]]]
PanelMaker = Callable[[int, str, Resource], Panel]  # id and key of the project, its resource
AttentionMaker = Callable[[int, str, Resource], tuple[Attention, ...]]

TARGET_PROGRESS: ExtensionPoint[TargetProgressReader] = ExtensionPoint("progress of targets")
REPORTS: ExtensionPoint[Reports] = ExtensionPoint("reports owed by projects")
ISSUES: ExtensionPoint[Issues] = ExtensionPoint("open issues of projects")
PANELS: ExtensionPoint[PanelMaker] = ExtensionPoint("parts of a project's page")
ATTENTION: ExtensionPoint[AttentionMaker] = ExtensionPoint("what a project's page shows first")


def target_progress_of(
    project_ids: Sequence[int], cutoff: date
) -> dict[int, tuple[TargetProgress, ...]]:
    """Return the progress of every target on a day, by project."""
    return _gather(TARGET_PROGRESS, project_ids, cutoff)


def issues(project_ids: Sequence[int], cutoff: date) -> dict[int, tuple[Issue, ...]]:
    """Return open issues on a day, by project."""
    return _gather(ISSUES, project_ids, cutoff)


def reports(project_ids: Sequence[int], cutoff: date) -> dict[int, ReportState]:
    """Return the report state on a day, by project; projects without due reports are absent."""
    states: dict[int, ReportState] = {}
    for source in REPORTS.extensions():
        states.update(source(project_ids, cutoff))
    return states


def panels(project_id: int, key: str, resource: Resource) -> list[Panel]:
    """Return the panels that other features add to a project's page, in order."""
    made = [maker(project_id, key, resource) for maker in PANELS.extensions()]
    return sorted(made, key=lambda panel: panel.order)


def attention(project_id: int, key: str, resource: Resource) -> list[Attention]:
    """Return what other features show first on a project's page."""
    return [item for make in ATTENTION.extensions() for item in make(project_id, key, resource)]


def _gather(
    point: ExtensionPoint[Callable[[Sequence[int], date], Mapping[int, tuple[T, ...]]]],
    project_ids: Sequence[int],
    cutoff: date,
) -> dict[int, tuple[T, ...]]:
    by_project: dict[int, tuple[T, ...]] = {}
    for source in point.extensions():
        for project_id, items in source(project_ids, cutoff).items():
            by_project[project_id] = (*by_project.get(project_id, ()), *items)
    return by_project
