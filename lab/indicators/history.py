"""A project's approved figures: the latest of each indicator, and twelve periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.indicator_dictionary import INDICATORS, KIND_LABELS, Indicator
from lab.indicators import months
from lab.indicators.amounts import percent
from lab.indicators.findings import shown
from lab.indicators.grid import text_of
from lab.indicators.models import Entry
from lab.portfolio.models import Target

PERIODS = 12


@dataclass(frozen=True)
class Point:
    """An approved figure of one period; `key` opens its correction."""

    key: str
    value: Decimal | None
    text: str
    corrected: bool
    correction_reason: str


@dataclass(frozen=True)
class Figures:
    """One indicator of a project: the latest figure, the target, and a point for each period.

    `completion` is actual / target in percent with two decimals.
    """

    spec: Indicator
    kind: str
    latest: str
    as_of: date | None
    corrected: bool
    source_label: str
    note: str
    target: str
    target_due: date | None
    completion: Decimal | None
    points: tuple[Point | None, ...]

    @property
    def drawn(self) -> bool:
        """Whether there are enough figures for a line."""
        return sum(1 for p in self.points if p is not None and p.value is not None) >= 2


@dataclass(frozen=True)
class History:
    """A project's figures over the same periods, oldest first, at most twelve."""

    periods: tuple[date, ...]
    rows: tuple[Figures, ...]

    def row(self, code: str) -> Figures | None:
        """The figures of one indicator, None when it has none."""
        return next((row for row in self.rows if row.spec.code == code), None)


def history(project_id: int, cutoff: date | None = None) -> History:
    """Approved figures up to `cutoff` (today when None), one row for each indicator."""
    entries = list(
        db.session.scalars(
            select(Entry)
            .where(
                Entry.project_id == project_id,
                Entry.status == "approved",
                Entry.period_end <= (cutoff or clock.today()),
            )
            .order_by(Entry.period_end)
        )
    )
    targets = {
        target.indicator: target
        for target in db.session.scalars(select(Target).where(Target.project_id == project_id))
    }
    periods = _periods([entry.period_end for entry in entries])
    codes = [c for c in INDICATORS if c in targets or any(e.indicator == c for e in entries)]
    rows = tuple(
        _figures(code, [e for e in entries if e.indicator == code], targets.get(code), periods)
        for code in codes
    )
    return History(periods, rows)


def _periods(ends: list[date]) -> tuple[date, ...]:
    """From the first figure to the newest, at most twelve."""
    newest = max(ends, default=months.last_ended(clock.today()))
    return months.between(min(ends, default=newest), newest)[-PERIODS:]


def _figures(
    code: str, entries: list[Entry], target: Target | None, periods: tuple[date, ...]
) -> Figures:
    known = [e for e in entries if e.value is not None or e.value_text]
    last = known[-1] if known else None
    by_period = {entry.period_end: entry for entry in entries}
    actual = last.value if last is not None else None
    if target is not None and INDICATORS[code].additive:
        actual = _sum(known, target.starts_on)
    return Figures(
        spec=INDICATORS[code],
        kind=KIND_LABELS[INDICATORS[code].kind],
        latest=text_of(last) if last else "未报",
        as_of=last.period_end if last else None,
        corrected=bool(last and last.revision > 1),
        source_label=last.source_label if last else "",
        note=last.note if last else "",
        target="" if target is None else shown(code, target.target),
        target_due=target.due_on if target else None,
        completion=None if target is None else percent(actual, target.target),
        points=tuple(_point(by_period.get(end)) for end in periods),
    )


def _sum(entries: list[Entry], since: date | None) -> Decimal | None:
    values = [
        e.value for e in entries if e.value is not None and (since is None or e.period_end >= since)
    ]
    return sum(values, Decimal(0)) if values else None


def _point(entry: Entry | None) -> Point | None:
    if entry is None:
        return None
    return Point(
        entry.key, entry.value, text_of(entry), entry.revision > 1, entry.correction_reason
    )


def line_option(name: str, periods: tuple[date, ...], values: list[Decimal | None]) -> Any:
    """An ECharts option of one line over the periods; gaps stay gaps."""
    return {
        "xAxis": {"type": "category", "data": [months.code(end) for end in periods]},
        "yAxis": {"type": "value", "scale": False},
        "tooltip": {"trigger": "axis"},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": [None if value is None else float(value) for value in values],
                "connectNulls": False,
                "symbolSize": 7,
            }
        ],
    }
