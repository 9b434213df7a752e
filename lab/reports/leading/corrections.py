"""Footnotes of a report about a past day: corrected figures, and late records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lab.catalogue.indicators import INDICATORS
from lab.indicators.figures.corrections import CorrectedFigure, corrected_figures, correction_text
from lab.indicators.rules import months
from lab.indicators.rules.totals import AVERAGE_PARTS
from lab.portfolio.pages.late_records import late_notes
from lab.portfolio.pages.queries import ListRow
from lab.reports.content.leading import Footnote

SEPARATOR = "、"
CHARTED_CODES, CHART_MONTHS = ("K01", "K02"), 12


@dataclass(frozen=True)
class ReportNotes:
    """Footnotes with the marks of the cells: per (project, indicator), and per project.

    And unambiguous project names.
    """

    cutoff: date
    names: Mapping[int, str]
    footnotes: tuple[Footnote, ...]
    figures: Mapping[tuple[int, str], tuple[str, ...]]
    projects: Mapping[int, tuple[str, ...]]


def collect_notes(rows: Sequence[ListRow], cutoff: date) -> ReportNotes:
    """Return the footnotes, each with its own mark, in the order of the report's tables.

    One for each project with late records about the cut-off, and one for each corrected figure in a
    line; a corrected figure that only the chart or a rate without a target contains is noted
    without a mark.
    """
    projects: dict[int, list[str]] = defaultdict(list)
    figures: dict[tuple[int, str], list[str]] = defaultdict(list)
    footnotes: list[Footnote] = []
    names = distinct_names(rows)
    late_records = dict(late_notes(names, cutoff))
    for row in rows:
        if row.id in late_records:
            projects[row.id].append(_add(footnotes, late_records[row.id]))
    drawn: list[Footnote] = []
    first_drawn = months.periods_back(months.last_ended(cutoff), CHART_MONTHS)[0]
    for item in corrected_figures([row.id for row in rows], cutoff):
        text = correction_text(item, names[item.project_id], cutoff)
        if _is_printed(item, rows):
            figures[item.project_id, item.indicator].append(_add(footnotes, text))
        elif item.indicator in CHARTED_CODES and item.period_end >= first_drawn:
            drawn.append(Footnote(None, f"指标走势中，{text}"))
        elif INDICATORS[item.indicator].kind == "R" or item.indicator in AVERAGE_PARTS:
            drawn.append(Footnote(None, text))  # in a rate that stands without a target
    return ReportNotes(
        cutoff,
        names,
        (*footnotes, *drawn),
        {key: tuple(marks) for key, marks in figures.items()},
        {key: tuple(marks) for key, marks in projects.items()},
    )


def _add(footnotes: list[Footnote], text: str) -> str:
    mark = f"注{len(footnotes) + 1}"
    footnotes.append(Footnote(mark, text))
    return mark


def distinct_names(rows: Sequence[ListRow]) -> dict[int, str]:
    """Return unambiguous project names: projects with the same name carry their numbers."""
    counts = Counter(row.name for row in rows)
    return {
        row.id: f"{row.name}（{row.number or row.call}）" if counts[row.name] > 1 else row.name
        for row in rows
    }


def _is_printed(item: CorrectedFigure, rows: Sequence[ListRow]) -> bool:
    """Return whether the corrected figure is part of what the report prints about its project."""
    progress_by_code = next((row.target_progress for row in rows if row.id == item.project_id), ())
    return any(
        progress.code == item.indicator and item.period_end in progress.corrected_in
        for progress in progress_by_code
    )


def join_marks(marks: Sequence[str]) -> str | None:
    """Format the marks of a cell: 注1、注3; None without any."""
    return SEPARATOR.join(marks) or None
