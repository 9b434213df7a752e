"""The table cells of a report as text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from lab.reports.content import wording
from lab.reports.content.leading import IndicatorRow, LeadingReport, PortfolioRow, Summary

USUAL_FIGURE = 10  # characters that fit the column of targets: 99,999,999


@dataclass(frozen=True)
class IndicatorLine:
    """One line of the indicator table; `worded` marks a figure given in words."""

    name: str
    unit: str
    measure: str
    actual: str
    worded: bool
    target: str
    completion: str
    mark: str | None
    counted: str | None
    carried: str | None


@dataclass(frozen=True)
class IndicatorGroup:
    """Lines of the same scope and source."""

    heading: str
    lines: tuple[IndicatorLine, ...]


@dataclass(frozen=True)
class ProjectLine:
    """One line of the portfolio table; `light` is the mark's style name, None without."""

    number: str
    name: str
    mark: str | None
    unit: str
    state: str
    registered_state: str | None
    light: str | None
    light_word: str
    reason: str | None
    milestone: str
    due: str | None


@dataclass(frozen=True)
class ProjectGroup:
    """Lines of one batch and provenance.

    No heading where there is only one group, as of the cut-off. `rest` counts those that a public
    report does not name.
    """

    heading: str | None
    lines: tuple[ProjectLine, ...]
    rest: int


@dataclass(frozen=True)
class BatchLine:
    """One line of the table of batches."""

    name: str
    received: str
    approved: str
    landed: str
    in_progress: str
    others: str
    unnamed: str


def batch_lines(report: LeadingReport) -> tuple[BatchLine, ...]:
    """Return the table of batches in order, without totals."""
    return tuple(map(_batch, report.batches))


def project_groups(report: LeadingReport) -> tuple[ProjectGroup, ...]:
    """Return the portfolio table in order, batch by batch.

    Published projects with their report's date.
    """
    groups = [
        (key, tuple(map(_project, rows)))
        for key, rows in groupby(
            report.portfolio, key=lambda row: (row.call_title, row.is_demo, row.state_on)
        )
    ]
    alone = len(groups) < 2
    return tuple(
        ProjectGroup(
            None if alone and key[2] is None else wording.group_name(*key),
            lines,
            _unnamed(report, key[0]) if key[2] is not None or alone else 0,
        )
        for key, lines in groups
    )


def _unnamed(report: LeadingReport, call_title: str) -> int:
    return sum(
        batch.unnamed or 0
        for batch in report.batches
        if batch.call_title == call_title and batch.provenance == "fact"
    )


def has_long_figures(report: LeadingReport) -> bool:
    """Return whether a figure or target of the indicator table needs columns wider than usual."""
    lines = [line for group in indicator_groups(report) for line in group.lines]
    return any(
        len(line.target) > USUAL_FIGURE or (len(line.actual) > USUAL_FIGURE and not line.worded)
        for line in lines
    )


def indicator_groups(report: LeadingReport) -> tuple[IndicatorGroup, ...]:
    """Return the indicator table in order, with one heading per scope and source."""
    return tuple(
        IndicatorGroup("　".join(part for part in key if part), tuple(map(_indicator, rows)))
        for key, rows in groupby(report.indicators, key=lambda row: (row.scope, row.source))
    )


def _indicator(row: IndicatorRow) -> IndicatorLine:
    (actual, target), unit = wording.amounts((row.actual, row.target), row.unit, grouped=True)
    worded = row.actual is None and row.actual_text is not None
    return IndicatorLine(
        name=wording.marked(row.name, row.is_demo),
        unit=unit,
        measure=wording.MEASURES[row.measure],
        actual=row.actual_text or actual if worded else actual,
        worded=worded,
        target=target,
        completion=wording.percent(row.completion),
        mark=row.mark,
        counted=_counted(row),
        carried=_dated(row),
    )


def _dated(row: IndicatorRow) -> str | None:
    if row.until is not None:
        return wording.months(row.since, row.until)
    if row.carried is None:
        return None
    if row.standing_on is not None and row.reported != 1:
        whole = row.standing_on == row.reported
        some = "" if whole else f"其中{row.standing_on}个项目"
        return f"{some}沿用前期数据，最早{row.carried.year}年{row.carried.month}月"
    stands_on = row.measure in ("cumulative", "stock")
    return ("沿用" if stands_on else "") + wording.full_date(row.carried) + "数据"


def _counted(row: IndicatorRow) -> str | None:
    if row.reported is None or row.expected is None:
        return None
    return f"{row.expected}个项目中{row.reported}个有数据"


def _project(row: PortfolioRow) -> ProjectLine:
    side = f"（{wording.SIDES[row.side]}）" if row.side else ""
    return ProjectLine(
        number=row.number or wording.DASH,
        name=wording.marked(row.name, row.is_demo),
        mark=row.mark,
        unit=f"{row.unit}{side}" if row.unit else f"牵头单位{wording.UNSTATED}",
        state=row.state,
        registered_state=wording.registered_state_text(row),
        light=row.light,
        light_word=wording.LIGHT_LABELS[row.light] if row.light else wording.DASH,
        reason=row.light_reason,
        milestone=row.next_milestone or wording.DASH,
        due=wording.full_date(row.next_due) if row.next_due else None,
    )


def _batch(batch: Summary) -> BatchLine:
    return BatchLine(
        name=wording.batch_name(batch),
        received=wording.received_text(batch.received),
        approved=wording.count_text(batch.approved),
        landed=wording.count_text(batch.landed),
        in_progress=wording.count_text(batch.in_progress),
        others=wording.others_text(batch),
        unnamed=wording.count_text(batch.unnamed or 0),
    )
