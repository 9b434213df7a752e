"""Totals as read by pages and documents. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lab.catalogue.indicators import KIND_LABELS, Indicator
from lab.indicators.rules.findings import format_value
from lab.indicators.rules.totals import Sum


@dataclass(frozen=True)
class ProjectFigure:
    """A project's own newest figure of the period that ends on `end`.

    A published one may be known only in words, then without `value`.
    """

    project_id: int
    project: str
    value: Decimal | None
    end: date
    shown: str


@dataclass(frozen=True)
class LabTotal:
    """The total of one indicator at the end of `period`, and over the year's periods until then.

    The latter is None where periods must not be added. `own`: each project's figure, where there is
    no total, and for published figures.
    """

    indicator: Indicator
    period: date
    latest: Sum
    year: Sum | None
    own: tuple[ProjectFigure, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of the indicator as a label."""
        return KIND_LABELS[self.indicator.kind]

    @property
    def shown(self) -> str:
        """The total as pages print it."""
        return self._text(self.latest)

    @property
    def year_text(self) -> str:
        """The year's sum as pages print it, — where periods must not be added."""
        return "—" if self.year is None else self._text(self.year)

    def _text(self, total: Sum) -> str:
        if total.value is None:
            return "未报" if total.missing and self.indicator.kind != "R" else "—"
        return format_value(self.indicator.code, total.value)


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure of one project, or the sum of several."""

    total: LabTotal
    project: str
    shown: str
    end: date


def published_figures(totals: Iterable[LabTotal]) -> tuple[PublishedFigure, ...]:
    """Return the projects' figures of each indicator, with their sum where it can be added."""
    rows: list[PublishedFigure] = []
    for total in totals:
        rows += [PublishedFigure(total, own.project, own.shown, own.end) for own in total.own]
        if len(total.own) > 1 and total.latest.value is not None:
            together = f"{len(total.own)}个项目合计"
            rows.append(PublishedFigure(total, together, total.shown, total.period))
    return tuple(rows)
