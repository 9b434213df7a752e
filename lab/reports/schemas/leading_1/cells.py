"""The cells of a report's tables as text, ready to be set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from lab.reports.schemas.leading_1 import wording
from lab.reports.schemas.leading_1.content import IndicatorRow, LeadingReport, PortfolioRow

DEMO_MARK = "【演示】"


@dataclass(frozen=True)
class IndicatorLine:
    """One line of the indicator table; `worded` marks a figure that is text, not a number."""

    name: str
    unit: str
    measure: str
    actual: str
    worded: bool
    target: str
    completion: str
    mark: str | None


@dataclass(frozen=True)
class IndicatorGroup:
    """Lines that share whose figures they are and where they come from."""

    heading: str
    lines: tuple[IndicatorLine, ...]


@dataclass(frozen=True)
class ProjectLine:
    """One line of the portfolio table; `light` is the style name of the mark, None without."""

    number: str
    name: str
    unit: str
    state: str
    light: str | None
    light_word: str
    reason: str | None
    milestone: str
    due: str | None


def indicator_groups(report: LeadingReport) -> tuple[IndicatorGroup, ...]:
    """The indicator table in the order given, under one heading for each scope and source."""
    return tuple(
        IndicatorGroup("　".join(part for part in key if part), tuple(map(_indicator, rows)))
        for key, rows in groupby(report.indicators, key=lambda row: (row.scope, row.source))
    )


def project_lines(report: LeadingReport) -> tuple[ProjectLine, ...]:
    """The portfolio table in the order given."""
    return tuple(_project(row) for row in report.portfolio)


def marked(name: str, is_demo: bool) -> str:
    """The name with 【演示】 before it when it is invented; never twice."""
    return DEMO_MARK + name if is_demo and not name.startswith(DEMO_MARK) else name


def _indicator(row: IndicatorRow) -> IndicatorLine:
    (actual, target), unit = wording.amounts((row.actual, row.target), row.unit)
    worded = row.actual is None and row.actual_text is not None
    return IndicatorLine(
        name=marked(row.name, row.is_demo),
        unit=unit,
        measure=wording.MEASURES[row.measure],
        actual=row.actual_text or actual if worded else actual,
        worded=worded,
        target=target,
        completion=wording.percent(row.completion),
        mark=row.mark,
    )


def _project(row: PortfolioRow) -> ProjectLine:
    side = f"（{wording.SIDES[row.side]}）" if row.side else ""
    return ProjectLine(
        number=row.number or wording.DASH,
        name=marked(row.name, row.is_demo),
        unit=f"{row.unit}{side}" if row.unit else f"牵头单位{wording.UNSTATED}",
        state=row.state,
        light=row.light,
        light_word=wording.LIGHTS[row.light] if row.light else wording.DASH,
        reason=row.light_reason,
        milestone=row.next_milestone or wording.DASH,
        due=wording.full_date(row.next_due) if row.next_due else None,
    )
