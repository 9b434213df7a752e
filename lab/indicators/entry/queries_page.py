"""Reads for the pages on which a month is reported: figures and narrative."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lab.indicators.access import Month
from lab.indicators.entry.queries import Grid, reportable_periods
from lab.indicators.models import ProgressReport
from lab.indicators.rules.findings import Finding
from lab.indicators.validation.checks import closed_reason


@dataclass(frozen=True)
class MonthPage:
    """The grid of a month with what was found in it.

    `added` are the codes of rows asked for on the page; `periods` may be reported, newest first;
    `others` names who else has the page open.
    """

    grid: Grid
    added: Sequence[str]
    findings: Sequence[Finding]
    periods: tuple[date, ...]
    others: Sequence[str]

    @property
    def typed(self) -> Collection[str]:
        """Codes of the rows that can be typed."""
        return {row.spec.code for row in self.grid.rows if row.editable}

    @property
    def beside(self) -> Mapping[str, Sequence[Finding]]:
        """The findings by the code that they are about, "" for none."""
        beside: dict[str, list[Finding]] = {}
        for finding in self.findings:
            for code in finding.about or ("",):
                beside.setdefault(code, []).append(finding)
        return beside


def month_page(
    here: Month,
    grid: Grid,
    added: Sequence[str],
    findings: Sequence[Finding],
    others: Sequence[str],
) -> MonthPage:
    """Return the page of a month."""
    return MonthPage(grid, added, findings, reportable_periods(here.project), others)


@dataclass(frozen=True)
class NarrativePage:
    """The narrative of a month.

    `report` is None before the first saving; `shown`: the reader may read it; `closed` says why
    none can be begun, "" while one can; `others` names who else has the page open.
    """

    here: Month
    report: ProgressReport | None
    shown: bool
    closed: str
    others: Sequence[str]


def narrative_page(
    here: Month, report: ProgressReport | None, *, unconfirmed: bool, others: Sequence[str]
) -> NarrativePage:
    """Return the page of a month's narrative.

    `unconfirmed`: the reader sees what the team's leader has not confirmed yet.
    """
    return NarrativePage(
        here=here,
        report=report,
        shown=report is not None and _may_be_read(report, unconfirmed=unconfirmed),
        closed="" if report else closed_reason(here.project, here.end),
        others=others,
    )


def _may_be_read(report: ProgressReport, *, unconfirmed: bool) -> bool:
    if report.confirmed_at is not None:
        return True
    return report.submitted_at is not None and unconfirmed
