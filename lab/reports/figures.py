"""Approved figures for the report: published facts, indicators against targets, the trend.

Only approved values up to the cut-off; facts and demonstration are never added together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lab.extensions import db
from lab.indicator_dictionary import INDICATORS
from lab.indicators.amounts import percent
from lab.indicators.models import Entry
from lab.indicators.queries import ApprovedValue, all_approved
from lab.portfolio.queries import ListRow
from lab.portfolio.sources import Standing
from lab.proposals.models import Proposal
from lab.reports.content import (
    FactFigure,
    FactGroup,
    Facts,
    Footnote,
    IndicatorRow,
    Measure,
    Trend,
    TrendLine,
)
from lab.scenarios.models import Scenario

MEASURES: dict[str, Measure] = {
    "C": "cumulative",
    "S": "stock",
    "F": "period",
    "R": "ratio",
}
TREND, TREND_MONTHS = ("K01", "K02"), 12


@dataclass(frozen=True)
class Measured:
    """The measured part of the report."""

    facts: tuple[Facts, ...]
    indicators: tuple[IndicatorRow, ...]
    trend: Trend | None
    footnotes: tuple[Footnote, ...]


def received(call_id: int) -> int:
    """How many proposals of a call were handed in."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Proposal)
            .where(Proposal.call_id == call_id, Proposal.number.is_not(None))
        )
        or 0
    )


def collect(rows: Sequence[ListRow], cutoff: date) -> Measured:
    """Everything measured for these projects, in a constant number of queries."""
    ids = [row.id for row in rows]
    published = _published_entries(ids, cutoff)
    values = [v for v in all_approved(ids, cutoff) if not v.source_label]
    corrected = [v for v in values if v.corrected]
    marks = {(v.project_id, v.indicator): f"注{at}" for at, v in enumerate(corrected, 1)}
    return Measured(
        facts=_facts(rows, published),
        indicators=_indicators(rows, marks),
        trend=_trend(rows, values),
        footnotes=tuple(
            Footnote(
                marks[v.project_id, v.indicator],
                f"{v.period_end.year}年{v.period_end.month}月“{INDICATORS[v.indicator].name}”"
                "数据经更正。",
            )
            for v in corrected
        ),
    )


def _published_entries(project_ids: Sequence[int], cutoff: date) -> list[Any]:
    """Figures known from a public report, with the scope that their note states."""
    return list(
        db.session.execute(
            select(
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
                Entry.status == "approved",
                Entry.source_label != "",
                Entry.period_end <= cutoff,
            )
            .order_by(Entry.id)
        )
    )


# -- published facts ---------------------------------------------------------------------------


def _facts(rows: Sequence[ListRow], entries: Iterable[Any]) -> tuple[Facts, ...]:
    published: dict[int, list[Any]] = defaultdict(list)
    for entry in entries:
        published[entry.project_id].append(entry)
    scenarios = _scenarios(list(published))
    return tuple(
        Facts(
            project=row.name,
            as_of=max(e.period_end for e in published[row.id]),
            groups=_groups(published[row.id]),
            scenarios=tuple(scenarios[row.id]),
            note=None,
            source=row.source_label,
        )
        for row in rows
        if row.id in published
    )


def _groups(entries: Iterable[Any]) -> tuple[FactGroup, ...]:
    scopes: dict[str, list[FactFigure]] = {}
    for entry in entries:
        spec = INDICATORS[entry.indicator]
        figure = FactFigure(
            spec.name, entry.value, entry.value_text or None, spec.unit if entry.value else None
        )
        scopes.setdefault(entry.note, []).append(figure)
    return tuple(FactGroup(scope or None, tuple(items)) for scope, items in scopes.items())


def _scenarios(project_ids: Sequence[int]) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(Scenario.project_id, Scenario.name)
        .where(Scenario.project_id.in_(project_ids), Scenario.is_benchmark)
        .order_by(Scenario.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.project_id].append(row.name)
    return found


# -- indicators against targets ----------------------------------------------------------------


def _indicators(
    rows: Sequence[ListRow], marks: dict[tuple[int, str], str]
) -> tuple[IndicatorRow, ...]:
    """One line per indicator and kind of data, added over the projects that have a target."""
    lines: list[IndicatorRow] = []
    for demo, scope in ((False, "全部项目"), (True, "演示项目")):
        held = [(row.id, item) for row in rows if row.is_demo is demo for item in row.standings]
        for code in sorted({item.code for _, item in held}):
            mine = [(project, item) for project, item in held if item.code == code]
            mark = next((marks[p, code] for p, _ in mine if (p, code) in marks), None)
            lines.append(_line(code, scope, demo, [item for _, item in mine], mark))
    return tuple(lines)


def _line(
    code: str, scope: str, demo: bool, held: list[Standing], mark: str | None
) -> IndicatorRow:
    spec = INDICATORS[code]
    values = [item.measure.actual for item in held if item.measure.actual is not None]
    actual = sum(values, Decimal(0)) if values else None
    target = sum((item.measure.target for item in held), Decimal(0))
    return IndicatorRow(
        code=code,
        name=spec.name,
        scope=scope,
        unit=spec.unit,
        measure=MEASURES[spec.kind],
        actual=actual,
        actual_text=None,
        target=target,
        completion=percent(actual, target),
        mark=mark,
        source="已核定数据",
        is_demo=demo,
    )


# -- the one chart -----------------------------------------------------------------------------


def _trend(rows: Sequence[ListRow], values: Iterable[ApprovedValue]) -> Trend | None:
    """Wallets added over the projects, month by month; facts and demonstration never together.

    A cumulative figure holds until the next one is approved, so a month without a report keeps
    the project's last figure.
    """
    kept = list(values)
    real = [value for value in kept if not value.is_demo]
    chosen = real or kept
    months = sorted({value.period_end for value in chosen})[-TREND_MONTHS:]
    if len(months) < 2:
        return None
    codes = [code for code in TREND if any(value.indicator == code for value in chosen)]
    return Trend(
        title="开立钱包走势（累计）",
        unit=INDICATORS[TREND[0]].unit,
        months=tuple(month.strftime("%Y-%m") for month in months),
        lines=tuple(
            TrendLine(INDICATORS[code].name, _running(chosen, code, months)) for code in codes
        ),
        is_demo=not real,
    )


def _running(
    values: Sequence[ApprovedValue], code: str, months: Sequence[date]
) -> tuple[Decimal | None, ...]:
    held: dict[int, Decimal] = {}
    points: list[Decimal | None] = []
    for month in months:
        for value in values:
            if value.indicator == code and value.period_end == month and value.value is not None:
                held[value.project_id] = value.value
        points.append(sum(held.values(), Decimal(0)) if held else None)
    return tuple(points)
