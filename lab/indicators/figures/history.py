"""A project's approved figures: the latest of each indicator, and twelve periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.catalogue.indicators import INDICATORS, KIND_LABELS, Indicator
from lab.extensions import db
from lab.indicators.core.text import entry_text
from lab.indicators.figures.target_progress import target_progress
from lab.indicators.models import Entry
from lab.indicators.rules import months
from lab.indicators.rules.findings import format_value
from lab.indicators.rules.lifecycle import EntryStatus
from lab.portfolio.core.target_progress import TargetProgress

PERIODS = 12


@dataclass(frozen=True)
class HistoryPoint:
    """An approved figure of one period; `key` opens its correction."""

    key: str
    value: Decimal | None
    text: str
    corrected: bool
    correction_reason: str


@dataclass(frozen=True)
class IndicatorHistory:
    """One indicator of a project: actual figure, target, and a point per period.

    With a target, `actual` is the figure that `completion` (percent, two decimals) refers to, and
    `span` says what it sums; `expected` is a forecast of a later period, which never counts.
    `corrected_in` are the ends of the periods in `actual` whose figure was corrected. Published
    figures have a row of their own, with `source_label`. `carried`: the newest ended month has no
    figure.
    """

    spec: Indicator
    kind: str
    actual: str
    span: str
    expected: str
    as_of: date | None
    corrected_in: tuple[date, ...]
    carried: bool
    source_label: str
    note: str
    target: str
    target_due: date | None
    completion: Decimal | None
    points: tuple[HistoryPoint | None, ...]

    @property
    def is_chartable(self) -> bool:
        """Whether there are enough figures for a line."""
        return sum(1 for p in self.points if p is not None and p.value is not None) >= 2


@dataclass(frozen=True)
class FigureHistory:
    """A project's figures over the same periods, oldest first, at most twelve."""

    periods: tuple[date, ...]
    rows: tuple[IndicatorHistory, ...]

    def row(self, code: str) -> IndicatorHistory | None:
        """Return the figures of one indicator, None without any.

        Of published and own ones, those that can be charted.
        """
        matching = (row for row in self.rows if row.spec.code == code)
        return max(matching, key=lambda row: row.is_chartable, default=None)

    def dated(self, row: IndicatorHistory) -> tuple[tuple[date, HistoryPoint | None], ...]:
        """Return the points of a row with the ends of their periods."""
        return tuple(zip(self.periods, row.points, strict=True))

    def chart(self, row: IndicatorHistory | None) -> Any:
        """Return the ECharts option of a row, None where there is no line to draw."""
        if row is None or not row.is_chartable:
            return None
        values = [None if point is None else point.value for point in row.points]
        return chart_option(row.spec.name, self.periods, values)


def figure_history(project_id: int, cutoff: date | None = None) -> FigureHistory:
    """Return approved figures up to `cutoff` (today when None), one row per indicator.

    Published and reported figures never share a row.
    """
    day = cutoff or clock.today()
    entries = list(
        db.session.scalars(
            select(Entry)
            .where(
                Entry.project_id == project_id,
                Entry.status == EntryStatus.APPROVED,
                Entry.period_end <= day,
            )
            .order_by(Entry.period_end)
        )
    )
    progress_by_code = {
        item.code: item for item in target_progress([project_id], day).get(project_id, ())
    }
    periods = _periods([entry.period_end for entry in entries])
    rows = tuple(
        _figures(code, of, progress, periods)
        for code in INDICATORS
        for of, progress in _by_source(
            [e for e in entries if e.indicator == code], progress_by_code.get(code)
        )
    )
    return FigureHistory(periods, rows)


def _by_source(
    entries: list[Entry], progress: TargetProgress | None
) -> list[tuple[list[Entry], TargetProgress | None]]:
    """Split published entries from the team's own, each with its progress where judged by them."""
    published = [e for e in entries if e.source_label]
    own = [e for e in entries if not e.source_label]
    if not published:
        return [(own, progress)] if own or progress else []
    if not own:
        return [(published, progress)]
    return [(published, None), (own, progress)]


def _periods(ends: list[date]) -> tuple[date, ...]:
    """Return the periods from the first figure to the newest, at most twelve."""
    newest = max(ends, default=months.last_ended(clock.today()))
    return months.periods_between(min(ends, default=newest), newest)[-PERIODS:]


def _figures(
    code: str, entries: list[Entry], progress: TargetProgress | None, periods: tuple[date, ...]
) -> IndicatorHistory:
    reported = [e for e in entries if e.value is not None or e.value_text]
    last = reported[-1] if reported else None
    by_period = {entry.period_end: entry for entry in entries}
    expected = last if last is not None and last.forecast and progress is not None else None
    return IndicatorHistory(
        spec=INDICATORS[code],
        kind=KIND_LABELS[INDICATORS[code].kind],
        actual=_actual(code, progress, last),
        span=_span(progress),
        expected=f"{entry_text(expected)}，{_month(expected.period_end)}" if expected else "",
        as_of=progress.reported_for if progress else last.period_end if last else None,
        corrected_in=_corrected(progress, last),
        carried=progress is not None and progress.carried,
        source_label=last.source_label if last else "",
        note=last.note if last else "",
        target="" if progress is None else format_value(code, progress.measure.target),
        target_due=progress.measure.end if progress else None,
        completion=progress.completion if progress else None,
        points=tuple(_point(by_period.get(end)) for end in periods),
    )


def _actual(code: str, progress: TargetProgress | None, last: Entry | None) -> str:
    if progress is not None:
        return "未报" if progress.actual is None else format_value(code, progress.actual)
    return entry_text(last) if last else "未报"


def _corrected(progress: TargetProgress | None, last: Entry | None) -> tuple[date, ...]:
    if progress is not None:
        return progress.corrected_in
    return (last.period_end,) if last is not None and last.revision > 1 else ()


def _span(progress: TargetProgress | None) -> str:
    """Format what a sum of periods covers: 自2022年7月起，2期合计."""
    if progress is None or not progress.measure.flow or progress.actual is None:
        return ""
    return f"自{_month(progress.measure.start)}起，{progress.periods}期合计"


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _point(entry: Entry | None) -> HistoryPoint | None:
    if entry is None:
        return None
    return HistoryPoint(
        "" if entry.source_label else entry.key,  # what is published takes no correction
        None if entry.forecast else entry.value,  # an expected figure is not drawn
        entry_text(entry),
        entry.revision > 1,
        entry.correction_reason,
    )


def chart_option(
    name: str,
    periods: tuple[date, ...],
    values: list[Decimal | None],
    carried: Sequence[bool] = (),
) -> Any:
    """Return the ECharts option of one line over the periods.

    Gaps stay gaps, carried points are hollow.
    """
    hollow = dict(zip(periods, carried, strict=False))
    points = [
        _chart_point(value, hollow=hollow.get(end, False))
        for end, value in zip(periods, values, strict=True)
    ]
    return {
        "xAxis": {"type": "category", "data": [months.format_month(end) for end in periods]},
        "yAxis": {"type": "value", "scale": False},
        "tooltip": {"trigger": "axis"},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": points,
                "connectNulls": False,
                "symbol": "circle",
                "symbolSize": 7,
            }
        ],
    }


def _chart_point(value: Decimal | None, *, hollow: bool) -> Any:
    if value is None:
        return None
    return {"value": float(value), "symbol": "emptyCircle"} if hollow else float(value)
