"""Reads for the page of figures that wait for confirmation or approval, and for a correction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lab.catalogue.indicators import INDICATORS, Indicator
from lab.indicators.access import OneEntry
from lab.indicators.approval.queries import WaitingRow, waiting_rows
from lab.indicators.core.text import entry_text
from lab.indicators.locking.queries import PeriodState, period_states
from lab.indicators.models import Entry
from lab.indicators.rules.validation import FORECAST_CODES
from lab.portfolio.models.project import Project


@dataclass(frozen=True)
class CheckPage:
    """A project's waiting figures, oldest period first, and its periods, newest first.

    `may_act_on` says by state whether the reader may do something with a figure; `selected_keys`
    are the keys of the figures selected in a form that was sent, None before: then all are.
    """

    project: Project
    rows: tuple[WaitingRow, ...]
    may_act_on: Mapping[str, bool]
    selected_keys: Collection[str] | None
    periods: tuple[PeriodState, ...]

    @property
    def actionable(self) -> Sequence[WaitingRow]:
        """The figures that the reader may do something with."""
        return [row for row in self.rows if self.may_act_on[row.state.code]]

    def is_selected(self, key: str) -> bool:
        """Return whether the page shows a figure as selected."""
        return self.selected_keys is None or key in self.selected_keys


def check_page(
    project: Project, may_act_on: Mapping[str, bool], selected_keys: Collection[str] | None
) -> CheckPage:
    """Return the page of a project's waiting figures."""
    return CheckPage(
        project, waiting_rows(project.id), may_act_on, selected_keys, period_states(project.id)
    )


@dataclass(frozen=True)
class CorrectionPage:
    """An approved figure that is corrected; `old` is its value in words."""

    project: Project
    spec: Indicator
    entry: Entry
    old: str
    may_be_forecast: bool


def correction_page(project_entry: OneEntry) -> CorrectionPage:
    """Return the page of a correction."""
    entry = project_entry.entry
    return CorrectionPage(
        project=project_entry.project,
        spec=INDICATORS[entry.indicator],
        entry=entry,
        old=entry_text(entry),
        may_be_forecast=entry.indicator in FORECAST_CODES,
    )
