"""Totals over projects at the end of a period: approved figures only, nothing read as zero.

Office rules: a count or a stock carries forward until the next approved one or the project's end,
marked with its own date; flows and ratios count for their period only. A ratio is computed over the
projects that have both components; one entered without them has no total. Forecasts never count.
Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lab.catalogue.indicators import INDICATORS
from lab.indicators.rules.amounts import ratio

AVERAGE_PARTS = ("K10", "K09")  # amount and number of payments, of which K11 is the ratio


@dataclass(frozen=True)
class Figure:
    """An approved figure of a project for the period that ends on `end`."""

    project: int
    end: date
    value: Decimal


@dataclass(frozen=True)
class Sum:
    """A total over `reported` projects; None when nobody reported.

    `missing` counts projects whose figure was expected, `carried` those with a figure of an earlier
    period, the oldest of which is `oldest`.
    """

    value: Decimal | None
    reported: int
    missing: int
    carried: int = 0
    oldest: date | None = None


def figures_at(
    code: str, figures: Iterable[Figure], end: date, ended: Mapping[int, date]
) -> dict[int, Figure]:
    """Return the figure of each project that counts at the end of a period.

    `ended`: project -> day of its closure or termination. Raises KeyError for an unknown code.
    """
    carried = INDICATORS[code].carried
    newest: dict[int, Figure] = {}
    for figure in figures:
        if figure.end > end or (figure.end < end and not carried):
            continue
        if figure.end < end and ended.get(figure.project, end) < end:
            continue
        if figure.project not in newest or newest[figure.project].end < figure.end:
            newest[figure.project] = figure
    return newest


def project_total(
    code: str,
    figures: Iterable[Figure],
    end: date,
    expected: Iterable[int] = (),
    ended: Mapping[int, date] | None = None,
) -> Sum:
    """Return the total at the end of a period.

    Raises ValueError for a ratio, KeyError for an unknown code.
    """
    if INDICATORS[code].kind == "R":
        raise ValueError(f"{code} is a ratio and is derived, not added")
    ended_on = ended or {}
    counted = figures_at(code, figures, end, ended_on)
    expected_ids = expected_at(end, expected, ended_on)
    older = [figure.end for figure in counted.values() if figure.end < end]
    return Sum(
        value=sum_or_none(figure.value for figure in counted.values()),
        reported=len(counted),
        missing=len(expected_ids - counted.keys()),
        carried=len(older),
        oldest=min(older, default=None),
    )


def expected_at(end: date, expected: Iterable[int], ended: Mapping[int, date]) -> set[int]:
    """Return the expected projects that had not ended before the end of a period."""
    return {project for project in expected if ended.get(project, end) >= end}


def year_total(
    code: str,
    figures: Iterable[Figure],
    ends: Sequence[date],
    expected: Iterable[int] = (),
    ended: Mapping[int, date] | None = None,
) -> Sum:
    """Return the sum of a year's periods, oldest first, over all projects.

    `missing` counts expected projects, not ended before the first period, that reported none of
    them. Raises ValueError where periods must not be added.
    """
    if not INDICATORS[code].additive:
        raise ValueError(f"{code} must not be added over periods")
    period_set = set(ends)
    inside = [figure for figure in figures if figure.end in period_set]
    projects = {figure.project for figure in inside}
    missing = len(expected_at(ends[0], expected, ended or {}) - projects)
    return Sum(sum_or_none(figure.value for figure in inside), len(projects), missing)


def average_payment(
    amounts: Sequence[Figure],
    counts: Sequence[Figure],
    ends: Sequence[date],
    expected: Iterable[int] = (),
    ended: Mapping[int, date] | None = None,
) -> Sum:
    """Return yuan per payment (K10 / K09), two decimals half up; None without payments.

    Over the projects and periods (oldest first) that have both; `missing` counts projects with only
    one of them, or with none though expected and not ended before the first period.
    """
    period_set = set(ends)
    above = {(f.project, f.end): f.value for f in amounts if f.end in period_set}
    below = {(f.project, f.end): f.value for f in counts if f.end in period_set}
    both = above.keys() & below.keys()
    projects = {project for project, _ in both}
    either = {project for project, _ in above.keys() | below.keys()}
    either |= expected_at(ends[0], expected, ended or {})
    value = ratio(sum_or_none(above[key] for key in both), sum_or_none(below[key] for key in both))
    return Sum(value, len(projects), len(either - projects))


def group_by_code(figures: Iterable[tuple[str, Figure]]) -> dict[str, list[Figure]]:
    """Group figures by indicator, keeping the order."""
    grouped: dict[str, list[Figure]] = defaultdict(list)
    for code, figure in figures:
        grouped[code].append(figure)
    return grouped


def sum_or_none(values: Iterable[Decimal]) -> Decimal | None:
    """Return the sum; None for no values, which is not zero."""
    numbers = list(values)
    return sum(numbers, Decimal(0)) if numbers else None
