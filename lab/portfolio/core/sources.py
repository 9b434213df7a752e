"""What features above the portfolio tell it: figures, reports owed, panels, matters to see to.

The portfolio knows nothing of them; they register here when the app starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lab.policy import Resource
from lab.portfolio.rules.prorated_target import Measure, attainment, completion, percent_of
from lab.portfolio.rules.status_light import Issue, ReportState


@dataclass(frozen=True)
class TargetProgress:
    """Where one target stands: the only place from which pages and documents take the actual
    figure beside a target and its completion.

    `reported_for` is the end of the newest period that the actual figure holds, None without one;
    `periods` how many periods it sums (1 unless it is a flow), `corrected_in` the ends of those
    whose figure was corrected; `carried`: a count or stock of an earlier period than the newest
    one ended.
    """

    code: str
    measure: Measure
    reported_for: date | None = None
    periods: int = 0
    corrected_in: tuple[date, ...] = ()
    carried: bool = False

    @property
    def actual(self) -> Decimal | None:
        """The figure that the completion is of."""
        return self.measure.actual

    @property
    def completion(self) -> Decimal | None:
        """Percent of the target with two decimals, None without a figure."""
        return percent_of(completion(self.measure))

    @property
    def reached(self) -> bool:
        """Whether the target is fully met: exactly, not once rounded."""
        return (completion(self.measure) or 0) >= 1

    @property
    def attainment(self) -> Decimal | None:
        """Percent that the light is judged by, with two decimals; None while not judged."""
        return percent_of(attainment(self.measure))

    @property
    def target(self) -> Decimal:
        """The figure to be reached: that of the last stage."""
        return self.measure.target

    @property
    def due(self) -> date:
        """The day by which the target is due."""
        return self.measure.end


@dataclass(frozen=True)
class Attention:
    """One matter that a project's page shows first; tones as of badges."""

    tone: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Panel:
    """A part of a project's page: its template, what the template reads as `panel`, its place."""

    template: str
    data: Any
    order: int


TargetProgressReader = Callable[[Sequence[int], date], Mapping[int, tuple[TargetProgress, ...]]]
Reports = Callable[[Sequence[int], date], Mapping[int, ReportState]]
Issues = Callable[[Sequence[int], date], Mapping[int, tuple[Issue, ...]]]
PanelMaker = Callable[[int, str, Resource], Panel]  # id and key of the project, its subject
AttentionMaker = Callable[[int, str, Resource], tuple[Attention, ...]]

_progress_readers: dict[str, TargetProgressReader] = {}
_reports: dict[str, Reports] = {}
_issues: dict[str, Issues] = {}
_panels: dict[str, PanelMaker] = {}
_attention: dict[str, AttentionMaker] = {}


def register(
    feature: str,
    *,
    target_progress: TargetProgressReader | None = None,
    reports: Reports | None = None,
    issues: Issues | None = None,
    panel: PanelMaker | None = None,
    attention: AttentionMaker | None = None,
) -> None:
    """Name what a feature can tell; registering again replaces what it told before."""
    given: tuple[tuple[dict[str, Any], Any], ...] = (
        (_progress_readers, target_progress),
        (_reports, reports),
        (_issues, issues),
        (_panels, panel),
        (_attention, attention),
    )
    for shelf, source in given:
        if source is not None:
            shelf[feature] = source


def target_progress_of(
    project_ids: Sequence[int], cutoff: date
) -> dict[int, tuple[TargetProgress, ...]]:
    """Every target's standing on a day, by project."""
    return _gather(_progress_readers, project_ids, cutoff)


def issues(project_ids: Sequence[int], cutoff: date) -> dict[int, tuple[Issue, ...]]:
    """Open issues on a day, by project."""
    return _gather(_issues, project_ids, cutoff)


def reports(project_ids: Sequence[int], cutoff: date) -> dict[int, ReportState]:
    """The report owed on a day, by project; projects that owe none are absent."""
    found: dict[int, ReportState] = {}
    for source in _reports.values():
        found.update(source(project_ids, cutoff))
    return found


def panels(project_id: int, key: str, subject: Resource) -> list[Panel]:
    """The parts of a project's page that other features draw, in their order."""
    made = [maker(project_id, key, subject) for maker in _panels.values()]
    return sorted(made, key=lambda panel: panel.order)


def attention(project_id: int, key: str, subject: Resource) -> list[Attention]:
    """What other features want seen first on a project's page."""
    return [item for make in _attention.values() for item in make(project_id, key, subject)]


def _gather(
    shelf: Mapping[str, Callable[[Sequence[int], date], Mapping[int, tuple[Any, ...]]]],
    project_ids: Sequence[int],
    cutoff: date,
) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for source in shelf.values():
        for project_id, items in source(project_ids, cutoff).items():
            found[project_id] = (*found.get(project_id, ()), *items)
    return found
