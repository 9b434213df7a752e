"""Totals across the laboratory or one batch, from approved figures of one provenance alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.indicator_dictionary import INDICATORS, KIND_LABELS, Indicator
from lab.indicators import months, totals
from lab.indicators.findings import shown
from lab.indicators.queries import all_approved
from lab.indicators.totals import Figure, Sum
from lab.portfolio.history import ended_on, states_on, targets_on
from lab.portfolio.models import Project
from lab.provenance import Provenance


@dataclass(frozen=True)
class OwnFigure:
    """A project's own newest figure of an indicator that has no total."""

    project: str
    value: Decimal
    end: date
    shown: str


@dataclass(frozen=True)
class LabTotal:
    """The total of one indicator at the end of `period`, and over the year's periods until then
    (None where periods must not be added). `own`: each project's figure, where there is no
    total."""

    indicator: Indicator
    period: date
    latest: Sum
    year: Sum | None
    own: tuple[OwnFigure, ...] = ()

    @property
    def kind(self) -> str:
        """How the figure behaves, in a word."""
        return KIND_LABELS[self.indicator.kind]

    @property
    def shown(self) -> str:
        """The total as pages print it."""
        return self._text(self.latest)

    @property
    def year_shown(self) -> str:
        """The year's sum as pages print it, — where periods must not be added."""
        return "—" if self.year is None else self._text(self.year)

    def _text(self, total: Sum) -> str:
        if total.value is None:
            return "—" if self.indicator.kind == "R" else "未报"
        return shown(self.indicator.code, total.value)


@dataclass(frozen=True)
class Scope:
    """The projects whose figures are added: their ids, names, targets, and when they ended."""

    ids: tuple[int, ...]
    names: Mapping[int, str]
    expected: Mapping[str, set[int]]
    ended: Mapping[int, date]


def lab_totals(
    cutoff: date | None = None, *, provenance: Provenance, call_id: int | None = None
) -> tuple[LabTotal, ...]:
    """The totals as of `cutoff` (today when None) of figures of one provenance, of the batch
    `call_id` or of the laboratory.

    They speak of the newest period ended by then. A project counts as missing where it had a
    target on that day but has no figure. Indicators that nobody reports or aims at are left out.
    """
    day = cutoff or clock.today()
    scope = scope_of(day, provenance, call_id)
    figures = approved_figures(scope.ids, day, provenance)
    period = months.last_ended(day)
    found = [
        _total(spec, figures.get(spec.code, []), scope, period)
        for spec in INDICATORS.values()
        if spec.code in figures or scope.expected.get(spec.code)
    ]
    return tuple(_with_average(found, figures, period))


def scope_of(day: date, provenance: Provenance, call_id: int | None = None) -> Scope:
    """The announced projects that existed on `day`."""
    query = select(Project.id, Project.name, Project.is_demo).where(
        Project.announced_at.is_not(None)
    )
    if call_id is not None:
        query = query.where(Project.call_id == call_id)
    rows = db.session.execute(query).all()
    there = states_on([row.id for row in rows], day)
    ids = tuple(row.id for row in rows if row.id in there)
    demo = {row.id for row in rows if row.is_demo}
    expected: dict[str, set[int]] = {}
    for project_id, code in targets_on(ids, day) if provenance != "fact" else ():
        if (project_id in demo) == (provenance == "demo"):
            expected.setdefault(code, set()).add(project_id)
    return Scope(ids, {row.id: row.name for row in rows}, expected, ended_on(ids, day))


def approved_figures(
    project_ids: Sequence[int],
    day: date,
    provenance: Provenance,
    codes: Sequence[str] | None = None,
) -> dict[str, list[Figure]]:
    """Approved figures of one provenance by indicator, oldest first; forecasts and figures known
    only in words are left out."""
    found = all_approved(project_ids, day, codes=codes, provenance=provenance)
    return totals.by_code(
        (item.indicator, Figure(item.project_id, item.period_end, item.value))
        for item in found
        if item.value is not None and not item.forecast
    )


def _total(spec: Indicator, figures: Sequence[Figure], scope: Scope, period: date) -> LabTotal:
    expected = scope.expected.get(spec.code, set())
    if spec.kind == "R":
        newest = {figure.project: figure for figure in figures}
        own = tuple(
            OwnFigure(scope.names[f.project], f.value, f.end, shown(spec.code, f.value))
            for f in newest.values()
        )
        missing = len(expected - newest.keys())
        return LabTotal(spec, period, Sum(None, len(newest), missing), None, own)
    latest = totals.project_total(spec.code, figures, period, expected, scope.ended)
    year = totals.year_total(spec.code, figures, period.year, period) if spec.additive else None
    return LabTotal(spec, period, latest, year)


def _with_average(
    found: list[LabTotal], figures: Mapping[str, list[Figure]], period: date
) -> list[LabTotal]:
    """Yuan per payment behind its parts, where both are reported."""
    amounts, counts = (figures.get(code, []) for code in totals.PARTS)
    if not (amounts and counts):
        return found
    year = months.back(period, period.month)
    average = LabTotal(
        INDICATORS["K11"],
        period,
        totals.average_payment(amounts, counts, [period]),
        totals.average_payment(amounts, counts, year),
    )
    return sorted([*found, average], key=lambda total: total.indicator.code)
