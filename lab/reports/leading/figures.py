"""Approved figures for the report: published facts, indicators against targets, the trend.

Only approved values up to the cut-off; facts and demonstration are never added together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from lab.catalogue.indicators import INDICATORS
from lab.extensions import db
from lab.indicators.figures.trend import Trend as LabTrend
from lab.indicators.figures.trend import trend_of
from lab.indicators.models import Entry
from lab.indicators.rules.lifecycle import EntryStatus
from lab.portfolio.pages.queries import ListRow
from lab.reports.content.leading import (
    FactFigure,
    FactGroup,
    IndicatorRow,
    PublishedFacts,
    Trend,
    TrendLine,
)
from lab.reports.leading import targets
from lab.reports.leading.corrections import CHARTED_CODES, ReportNotes
from lab.scenarios.models import Scenario


@dataclass(frozen=True)
class MeasuredPart:
    """Figures of the report."""

    facts: tuple[PublishedFacts, ...]
    indicators: tuple[IndicatorRow, ...]
    trend: Trend | None


def collect_figures(
    rows: Sequence[ListRow], cutoff: date, notes: ReportNotes, call_id: int | None
) -> MeasuredPart:
    """Return all figures of these projects, in a constant number of queries."""
    ids = [row.id for row in rows]
    return MeasuredPart(
        facts=_facts(rows, _published_entries(ids, cutoff), _scenarios(ids, cutoff)),
        indicators=targets.indicator_lines(rows, cutoff, notes, call_id),
        trend=_trend(ids, cutoff),
    )


def _published_entries(project_ids: Sequence[int], cutoff: date) -> list[Any]:
    """Return published figures with the scope stated in their note."""
    return list(
        db.session.execute(
            select(
                Entry.id,
                Entry.project_id,
                Entry.indicator,
                Entry.period_end,
                Entry.value,
                Entry.value_text,
                Entry.forecast,
                Entry.note,
                Entry.source_label,
            )
            .where(
                Entry.project_id.in_(project_ids),
                Entry.status == EntryStatus.APPROVED,
                Entry.source_label != "",
                Entry.period_end <= cutoff,
            )
            .order_by(Entry.id)
        )
    )


# -- published facts ---------------------------------------------------------------------------


def _facts(
    rows: Sequence[ListRow], entries: Iterable[Any], scenarios: Mapping[int, list[str]]
) -> tuple[PublishedFacts, ...]:
    """Return the newest published figure of each indicator, grouped by publication date.

    Scenarios go with the newest date.
    """
    newest = {
        (e.project_id, e.indicator): e for e in sorted(entries, key=lambda e: (e.period_end, e.id))
    }
    dated: dict[int, dict[date, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for entry in sorted(newest.values(), key=lambda e: e.id):
        dated[entry.project_id][entry.period_end].append(entry)
    return tuple(
        PublishedFacts(
            project=row.name,
            as_of=day,
            groups=_groups(day_figures),
            scenarios=tuple(scenarios.get(row.id, ())) if day == max(dated[row.id]) else (),
            note=None,
            source=day_figures[0].source_label,
        )
        for row in rows
        for day, day_figures in sorted(dated.get(row.id, {}).items(), reverse=True)
    )


def _groups(entries: Iterable[Any]) -> tuple[FactGroup, ...]:
    scopes: dict[str, list[FactFigure]] = {}
    for entry in entries:
        spec = INDICATORS[entry.indicator]
        figure = FactFigure(
            spec.name,
            entry.value,
            entry.value_text or None,
            None if entry.value is None else spec.unit,
        )
        scopes.setdefault(entry.note, []).append(figure)
    return tuple(FactGroup(scope or None, tuple(items)) for scope, items in scopes.items())


def _scenarios(project_ids: Sequence[int], cutoff: date) -> dict[int, list[str]]:
    """Return the benchmark scenarios named by a public report, by project."""
    rows = db.session.execute(
        select(Scenario.project_id, Scenario.name)
        .where(
            Scenario.project_id.in_(project_ids),
            Scenario.is_benchmark,
            Scenario.source_label != "",
            Scenario.began_on <= cutoff,
        )
        .order_by(Scenario.id)
    )
    names_by_project: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        names_by_project[row.project_id].append(row.name)
    return names_by_project


# -- the one chart -----------------------------------------------------------------------------


def _trend(ids: Sequence[int], cutoff: date) -> Trend | None:
    """Return wallets over all projects by month.

    The demonstration's where there is no other trend.
    """
    for provenance in ("real", "demo"):
        series = trend_of(ids, CHARTED_CODES, cutoff, provenance=provenance)
        if series is not None:
            return _chart(series, is_demo=provenance == "demo")
    return None


def _chart(series: LabTrend, *, is_demo: bool) -> Trend:
    months = [end.strftime("%Y-%m") for end in series.ends]
    return Trend(
        title="开立钱包走势（累计）",
        unit=INDICATORS[CHARTED_CODES[0]].unit,
        months=tuple(months),
        lines=tuple(
            TrendLine(
                INDICATORS[line.code].name,
                tuple(point.value for point in line.points),
                tuple(m for m, carried in zip(months, line.carried, strict=True) if carried),
            )
            for line in series.lines
        ),
        is_demo=is_demo,
    )
