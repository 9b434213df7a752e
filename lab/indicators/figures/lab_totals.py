"""Totals across the laboratory or one batch, from approved figures of one provenance only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lab import clock
from lab.catalogue.indicators import INDICATORS, Indicator
from lab.catalogue.provenance import Provenance
from lab.extensions import db
from lab.indicators.figures.queries import ApprovedValue, all_approved
from lab.indicators.rules import months, totals
from lab.indicators.rules.findings import format_value
from lab.indicators.rules.total_rows import LabTotal, ProjectFigure
from lab.indicators.rules.totals import Figure, Sum
from lab.portfolio.core.history import ended_on, states_on, targets_on
from lab.portfolio.models.project import Project


@dataclass(frozen=True)
class Scope:
    """The projects whose figures are summed: ids, names, targets, and when they ended."""

    ids: tuple[int, ...]
    names: Mapping[int, str]
    expected: Mapping[str, set[int]]
    ended: Mapping[int, date]


def lab_totals(
    cutoff: date | None = None, *, provenance: Provenance, call_id: int | None = None
) -> tuple[LabTotal, ...]:
    """Return the totals of one provenance as of `cutoff` (today when None).

    For the batch `call_id`, or for the laboratory.

    They describe the newest period ended by then. A project counts as missing when it had a target
    on that day but has no figure. Indicators that nobody reports or targets are left out. Published
    figures keep their own date: they are neither carried nor missed.
    """
    day = cutoff or clock.today()
    scope = scope_of(day, provenance, call_id)
    if provenance == "fact":
        return _published_totals(scope, all_approved(scope.ids, day, provenance="fact"))
    figures = approved_figures(scope.ids, day, provenance)
    period = months.last_ended(day)
    totals = [
        _total(spec, figures.get(spec.code, []), scope, period)
        for spec in INDICATORS.values()
        if not spec.derived and (spec.code in figures or scope.expected.get(spec.code))
    ]
    return tuple(_with_average(totals, figures, scope, period))


def scope_of(day: date, provenance: Provenance, call_id: int | None = None) -> Scope:
    """Return the announced projects that existed on `day`."""
    query = select(Project.id, Project.name, Project.is_demo).where(
        Project.announced_at.is_not(None)
    )
    if call_id is not None:
        query = query.where(Project.call_id == call_id)
    rows = db.session.execute(query).all()
    states = states_on([row.id for row in rows], day)
    ids = tuple(row.id for row in rows if row.id in states)
    demo = {row.id for row in rows if row.is_demo}
    expected: dict[str, set[int]] = {}
    for project_id, code in () if provenance == "fact" else targets_on(ids, day):
        if (project_id in demo) == (provenance == "demo"):
            expected.setdefault(code, set()).add(project_id)
    return Scope(ids, {row.id: row.name for row in rows}, expected, ended_on(ids, day))


def approved_figures(
    project_ids: Sequence[int],
    day: date,
    provenance: Provenance,
    codes: Sequence[str] | None = None,
) -> dict[str, list[Figure]]:
    """Return approved figures of one provenance by indicator, oldest first.

    Without forecasts, figures known only in words and those of months that began after the
    project's end.
    """
    values = all_approved(project_ids, day, codes=codes, provenance=provenance)
    ended = ended_on(project_ids, day)
    return totals.group_by_code(
        (item.indicator, Figure(item.project_id, item.period_end, item.value))
        for item in values
        if item.value is not None
        and not item.forecast
        and item.period_end.replace(day=1) <= ended.get(item.project_id, day)
    )


def _total(spec: Indicator, figures: Sequence[Figure], scope: Scope, period: date) -> LabTotal:
    expected = scope.expected.get(spec.code, set())
    if spec.kind == "R":
        newest = {
            figure.project: figure
            for figure in figures
            if figure.end == period or scope.ended.get(figure.project, period) >= period
        }
        own = tuple(
            ProjectFigure(
                f.project,
                scope.names[f.project],
                f.value,
                f.end,
                format_value(spec.code, f.value),
            )
            for f in newest.values()
        )
        now = {figure.project for figure in newest.values() if figure.end == period}
        missing = len(totals.expected_at(period, expected, scope.ended) - now)
        return LabTotal(spec, period, Sum(None, len(now), missing), None, own)
    latest = totals.project_total(spec.code, figures, period, expected, scope.ended)
    year = None
    if spec.additive:
        months_now = months.periods_back(period, period.month)
        year = totals.year_total(spec.code, figures, months_now, expected, scope.ended)
    return LabTotal(spec, period, latest, year)


def _with_average(
    lines: list[LabTotal], figures: Mapping[str, list[Figure]], scope: Scope, period: date
) -> list[LabTotal]:
    """Insert yuan per payment after its components, where both are reported."""
    amounts, counts = (figures.get(code, []) for code in totals.AVERAGE_PARTS)
    if not (amounts and counts):
        return lines
    expected = set().union(*(scope.expected.get(code, set()) for code in totals.AVERAGE_PARTS))
    year = months.periods_back(period, period.month)
    average = LabTotal(
        INDICATORS["K11"],
        period,
        totals.average_payment(amounts, counts, [period], expected, scope.ended),
        totals.average_payment(amounts, counts, year, expected, scope.ended),
    )
    return sorted([*lines, average], key=lambda total: total.indicator.code)


def _published_totals(scope: Scope, published: Sequence[ApprovedValue]) -> tuple[LabTotal, ...]:
    """Return published figures by indicator: each project's own, and their total.

    The total only where all are numbers of one date.
    """
    newest: dict[str, dict[int, ApprovedValue]] = {}
    for item in published:
        newest.setdefault(item.indicator, {})[item.project_id] = item
    return tuple(
        _published_total(spec, list(newest[spec.code].values()), scope)
        for spec in INDICATORS.values()
        if spec.code in newest
    )


def _published_total(spec: Indicator, published: Sequence[ApprovedValue], scope: Scope) -> LabTotal:
    own = tuple(
        ProjectFigure(f.project_id, scope.names[f.project_id], f.value, f.period_end, f.shown)
        for f in published
    )
    values = [f.value for f in published if f.value is not None and not f.forecast]
    dates = {f.period_end for f in published}
    added = spec.kind != "R" and len(values) == len(published) and len(dates) == 1
    total = Sum(totals.sum_or_none(values) if added else None, len(published), 0)
    return LabTotal(spec, max(dates), total, None, own)
