"""Reads for the laboratory's totals and for one project's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lab import clock
from lab.catalogue.provenance import PROVENANCE_LABELS, PROVENANCES, Provenance
from lab.indicators.approval.queries import (
    ReturnedRow,
    WaitingProject,
    returned_rows,
    waiting_projects,
)
from lab.indicators.figures.corrections import corrected_figures, correction_text
from lab.indicators.figures.history import (
    FigureHistory,
    IndicatorHistory,
    chart_option,
    figure_history,
)
from lab.indicators.figures.lab_totals import lab_totals, scope_of
from lab.indicators.figures.narratives import Narrative, narratives_of
from lab.indicators.figures.trend import trend_of
from lab.indicators.rules import months
from lab.indicators.rules.lifecycle import EntryStatus
from lab.indicators.rules.total_rows import LabTotal, PublishedFigure, published_figures
from lab.portfolio.models.project import Project

CHARTED = "K01"
MOST_NOTES = 50


@dataclass(frozen=True)
class TotalsGroup:
    """Totals of one provenance; published, real and demonstration figures stand apart.

    `published` are the figures of public reports, one a line; `listed` are those that cannot be
    added up; `year` heads the column of the year so far; `chart` holds option and points of the
    drawn indicator, none without it.
    """

    title: str
    published: Sequence[PublishedFigure]
    totals: tuple[LabTotal, ...]
    listed: Sequence[LabTotal]
    year: str
    chart: Mapping[str, Any] | None


@dataclass(frozen=True)
class TotalsPage:
    """The laboratory's approved figures as of the end of a day.

    `before_records`: nothing is known of the day yet; `read_at` is the moment of reading, `period`
    the newest month ended. `late` says what was corrected only after the day. `office`: the reader
    approves figures, and `waiting` are the projects that have some.
    """

    day: date
    read_at: datetime
    before_records: bool
    late: Sequence[str]
    period: date
    groups: Sequence[TotalsGroup]
    waiting: Sequence[WaitingProject]
    office: bool


def totals_page(
    day: date, call_id: int | None, *, before_records: bool, office: bool
) -> TotalsPage:
    """Return the totals of one batch, or of all with None."""
    groups = [_group(kind, day, call_id) for kind in PROVENANCES if not before_records]
    return TotalsPage(
        day=day,
        read_at=clock.now(),
        before_records=before_records,
        late=[] if before_records else _late_corrections(day, call_id),
        period=months.last_ended(day),
        groups=[group for group in groups if group.totals],
        waiting=waiting_projects(EntryStatus.CONFIRMED) if office else (),
        office=office,
    )


def _late_corrections(day: date, call_id: int | None) -> list[str]:
    """Return footnotes for the figures of that day that were corrected later."""
    names = scope_of(day, "real", call_id).names
    late = [item for item in corrected_figures(list(names), day) if item.after(day)]
    sentences = [correction_text(item, names[item.project_id], day) for item in late[:MOST_NOTES]]
    rest = len(late) - len(sentences)
    return [*sentences, f"截止日之后另有{rest}项更正"] if rest else sentences


def _group(provenance: Provenance, day: date, call_id: int | None) -> TotalsGroup:
    """Return one group of totals with its chart.

    Published, real and demonstration figures are separate.
    """
    totals = lab_totals(day, provenance=provenance, call_id=call_id)
    period = months.last_ended(day)
    return TotalsGroup(
        title=PROVENANCE_LABELS[provenance],
        published=published_figures(totals) if provenance == "fact" else (),
        totals=totals,
        listed=[total for total in totals if total.own],
        year="本年累计" if period.year == clock.today().year else f"{period.year}年累计",
        chart=_chart(totals, day, provenance, call_id),
    )


def _chart(
    totals: tuple[LabTotal, ...], day: date, provenance: Provenance, call_id: int | None
) -> dict[str, object] | None:
    if all(total.indicator.code != CHARTED for total in totals):
        return None
    series = trend_of(scope_of(day, provenance, call_id).ids, [CHARTED], day, provenance=provenance)
    if series is None:
        return None
    (line,) = series.lines
    values = [point.value for point in line.points]
    return {
        "option": chart_option("开立个人钱包数", series.ends, values, line.carried),
        "points": list(zip(series.ends, line.points, line.carried, strict=True)),
    }


@dataclass(frozen=True)
class HistoryPage:
    """A project's figures month by month.

    `selected` is the indicator that is drawn and `option` its chart, none where nothing can be
    drawn. `returned` are figures that were sent back, oldest first; `narratives` those of each
    month, newest first.
    """

    project: Project
    history: FigureHistory
    selected: IndicatorHistory | None
    option: Mapping[str, Any] | None
    returned: tuple[ReturnedRow, ...]
    narratives: tuple[Narrative, ...]


def history_page(project: Project, code: str, *, confirmed_only: bool) -> HistoryPage:
    """Return the history with the indicator `code` drawn, or the first that can be.

    `confirmed_only` leaves out months that the team's leader has not confirmed.
    """
    figures = figure_history(project.id)
    selected = figures.row(code) or next((row for row in figures.rows if row.is_chartable), None)
    return HistoryPage(
        project=project,
        history=figures,
        selected=selected,
        option=figures.chart(selected),
        returned=returned_rows(project.id),
        narratives=narratives_of(project.id, confirmed_only=confirmed_only),
    )
