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
from lab.portfolio.models import Target
from lab.portfolio.queries import ListRow
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
TREND, TREND_MONTHS, TREND_LINES = "K01", 12, 4


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
    entries = _approved([row.id for row in rows], cutoff)
    targets = _targets([row.id for row in rows])
    latest = {(e.project_id, e.indicator): e for e in entries}
    corrected = [e for e in entries if e.corrects_id is not None]
    marks = {(e.project_id, e.indicator): f"注{at}" for at, e in enumerate(corrected, 1)}
    return Measured(
        facts=_facts(rows, entries),
        indicators=_indicators(rows, latest, targets, marks),
        trend=_trend(rows, entries),
        footnotes=tuple(
            Footnote(
                marks[e.project_id, e.indicator],
                f"{e.period_end.year}年{e.period_end.month}月“{INDICATORS[e.indicator].name}”"
                "数据经更正。",
            )
            for e in corrected
        ),
    )


def _approved(project_ids: Sequence[int], cutoff: date) -> list[Any]:
    """Approved entries by period, so that a later one overwrites an earlier one."""
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
                Entry.corrects_id,
            )
            .where(
                Entry.project_id.in_(project_ids),
                Entry.status == "approved",
                Entry.period_end <= cutoff,
            )
            .order_by(Entry.period_end, Entry.id)
        )
    )


def _targets(project_ids: Sequence[int]) -> dict[tuple[int, str], Decimal]:
    rows = db.session.execute(
        select(Target.project_id, Target.indicator, Target.target).where(
            Target.project_id.in_(project_ids)
        )
    )
    return {(row.project_id, row.indicator): row.target for row in rows}


# -- published facts ---------------------------------------------------------------------------


def _facts(rows: Sequence[ListRow], entries: Iterable[Any]) -> tuple[Facts, ...]:
    published: dict[int, list[Any]] = defaultdict(list)
    for entry in entries:
        if entry.source_label:
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
    rows: Sequence[ListRow],
    latest: dict[tuple[int, str], Any],
    targets: dict[tuple[int, str], Decimal],
    marks: dict[tuple[int, str], str],
) -> tuple[IndicatorRow, ...]:
    """One line per indicator and kind of data, added over the projects that have a target."""
    lines: list[IndicatorRow] = []
    for demo, scope in ((False, "全部项目"), (True, "演示项目")):
        ids = {row.id for row in rows if row.is_demo is demo}
        codes = sorted({code for (project, code) in targets if project in ids})
        for code in codes:
            held = [project for project in sorted(ids) if (project, code) in targets]
            lines.append(_line(code, scope, demo, held, latest, targets, marks))
    return tuple(lines)


def _line(
    code: str,
    scope: str,
    demo: bool,
    held: list[int],
    latest: dict[tuple[int, str], Any],
    targets: dict[tuple[int, str], Decimal],
    marks: dict[tuple[int, str], str],
) -> IndicatorRow:
    spec = INDICATORS[code]
    given = [latest[p, code] for p in held if (p, code) in latest]
    values = [e.value for e in given if e.value is not None]
    actual = sum(values, Decimal(0)) if values else None
    target = sum((targets[p, code] for p in held), Decimal(0))
    periods = [e.period_end for e in given]
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
        mark=next((marks[p, code] for p in held if (p, code) in marks), None),
        source=f"核定至{max(periods).year}年{max(periods).month}月" if periods else None,
        is_demo=demo,
    )


# -- the one chart -----------------------------------------------------------------------------


def _trend(rows: Sequence[ListRow], entries: Iterable[Any]) -> Trend | None:
    """Monthly values of personal wallets for the largest projects that report by the month."""
    series: dict[int, dict[str, Decimal | None]] = defaultdict(dict)
    for entry in entries:
        if entry.indicator == TREND and not entry.source_label:
            series[entry.project_id][entry.period_end.strftime("%Y-%m")] = entry.value
    months = sorted({month for values in series.values() for month in values})[-TREND_MONTHS:]
    if len(months) < 2:
        return None
    drawn = sorted(series, key=lambda p: -(series[p].get(months[-1]) or Decimal(0)))[:TREND_LINES]
    found = {row.id: row for row in rows}
    spec = INDICATORS[TREND]
    return Trend(
        title=f"{spec.name}（累计）",
        unit=spec.unit,
        months=tuple(months),
        lines=tuple(
            TrendLine(
                found[p].short_name or found[p].name,
                tuple(series[p].get(month) for month in months),
            )
            for p in drawn
        ),
        is_demo=any(found[p].is_demo for p in drawn),
    )
