"""Totals month by month, for pages and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lab.catalogue.provenance import Provenance
from lab.indicators.figures.lab_totals import approved_figures
from lab.indicators.rules import months
from lab.indicators.rules.totals import Figure, Sum, project_total
from lab.portfolio.core.history import ended_on

MAX_MONTHS = 12


@dataclass(frozen=True)
class TrendLine:
    """One indicator: its total at the end of each month.

    A point with only earlier figures is carried, not measured.
    """

    code: str
    points: tuple[Sum, ...]

    @property
    def carried(self) -> tuple[bool, ...]:
        """Whether each point is only carried."""
        return tuple(p.reported > 0 and p.carried == p.reported for p in self.points)


@dataclass(frozen=True)
class Trend:
    """Lines over the same months (their ends), every month of the span, oldest first."""

    ends: tuple[date, ...]
    lines: tuple[TrendLine, ...]


def trend_of(
    project_ids: Sequence[int], codes: Sequence[str], day: date, *, provenance: Provenance
) -> Trend | None:
    """Return the totals of these indicators up to the newest month ended by `day`, at most twelve.

    The first month includes what was known before it. None where fewer than two months have a
    figure of their own: a single published figure is no trend.
    """
    figures = approved_figures(project_ids, day, provenance, codes)
    measured = sorted({figure.end for items in figures.values() for figure in items})
    if len(measured) < 2 or provenance == "fact":
        return None
    ends = months.periods_between(measured[0], months.last_ended(day))[-MAX_MONTHS:]
    ended = ended_on(project_ids, day)
    lines = tuple(_line(code, figures[code], ends, ended) for code in codes if code in figures)
    return Trend(ends, lines)


def _line(
    code: str, figures: Sequence[Figure], ends: Sequence[date], ended: Mapping[int, date]
) -> TrendLine:
    return TrendLine(code, tuple(project_total(code, figures, end, (), ended) for end in ends))
