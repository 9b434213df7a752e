"""Actual against target for the report, from the same target progress that pages show.

Office rules: figures of two provenances are never added; a sum and its target cover the same
projects, those that have a figure and had not ended before the newest month did; rates, falling
targets and targets to be held are not added but listed per project; the average payment has its own
rule (see `lab.indicators.rules.totals`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from lab.catalogue.indicators import INDICATORS, Indicator
from lab.catalogue.provenance import Provenance
from lab.indicators.figures.lab_totals import lab_totals
from lab.indicators.rules import months
from lab.indicators.rules.amounts import percent
from lab.indicators.rules.total_rows import LabTotal, ProjectFigure
from lab.portfolio.core.history import ended_on
from lab.portfolio.core.target_progress import TargetProgress
from lab.portfolio.pages.queries import ListRow
from lab.reports.content.leading import IndicatorRow, Measure
from lab.reports.leading.corrections import ReportNotes, join_marks

MEASURES: dict[str, Measure] = {"C": "cumulative", "S": "stock", "F": "period", "R": "ratio"}
AVERAGE = "K11"
PROVENANCE_SCOPES: tuple[tuple[Provenance, str], ...] = (
    ("real", "有目标的项目"),
    ("demo", "有目标的演示项目"),
)
ProjectTarget = tuple[ListRow, TargetProgress]


def indicator_lines(
    rows: Sequence[ListRow], cutoff: date, notes: ReportNotes, call_id: int | None
) -> tuple[IndicatorRow, ...]:
    """Return the indicator table, real projects before demonstration ones."""
    result: list[IndicatorRow] = []
    ended, newest = ended_on([row.id for row in rows], cutoff), months.last_ended(cutoff)
    for provenance, scope in PROVENANCE_SCOPES:
        targets: dict[str, list[ProjectTarget]] = defaultdict(list)
        for row in rows:
            end = ended.get(row.id, newest)
            last = newest if end >= newest.replace(day=1) else None  # a month it still saw
            for item in row.target_progress if row.provenance == provenance else ():
                if end >= newest or (last and item.reported_for == last):
                    targets[item.code].append((row, item))
        mine = [
            line
            for code in sorted(targets)
            for line in _lines_of(code, scope, targets[code], notes)
        ]
        if any(row.provenance == provenance for row in rows):
            totals = lab_totals(cutoff, provenance=provenance, call_id=call_id)
            mine += _average(provenance, scope, totals)
            mine += _untargeted(provenance, targets, totals, notes)
        # One heading a scope: what is listed per project follows the sums.
        result += sorted(mine, key=lambda line: (line.scope != scope, line.scope, line.code))
    return tuple(result)


def _lines_of(
    code: str, scope: str, targets: list[ProjectTarget], notes: ReportNotes
) -> list[IndicatorRow]:
    separate = [pair for pair in targets if not _is_additive(pair[1])]
    added = [pair for pair in targets if _is_additive(pair[1])]
    result = [_project_line(code, pair, notes) for pair in separate]
    return [_sum_line(code, scope, added, notes), *result] if added else result


def _is_additive(item: TargetProgress) -> bool:
    """Return whether the target means growth, which alone can be summed."""
    return not item.measure.ratio and item.measure.target > item.measure.growth_base


def _project_line(code: str, pair: ProjectTarget, notes: ReportNotes) -> IndicatorRow:
    row, item = pair
    return _line(
        code,
        _scope_of(row, notes),
        [pair],
        notes,
        actual=item.actual,
        target=item.measure.target,
        completion=item.completion,
    )


def _scope_of(row: ListRow, notes: ReportNotes) -> str:
    name = notes.names[row.id]
    return name if name != row.name else row.short_name or row.name


def _sum_line(
    code: str, scope: str, targets: list[ProjectTarget], notes: ReportNotes
) -> IndicatorRow:
    """Sum over the projects with a figure; over all targets where nobody has one."""
    measured = [pair for pair in targets if pair[1].actual is not None]
    actual = (
        sum((item.actual or Decimal(0) for _, item in measured), Decimal(0)) if measured else None
    )
    target = sum((item.measure.target for _, item in measured or targets), Decimal(0))
    return _line(
        code,
        scope,
        measured,
        notes,
        actual=actual,
        target=target,
        completion=percent(actual, target),
        reported=len(measured),
        expected=len(targets),
        is_demo=targets[0][0].is_demo,
    )


def _line(
    code: str,
    scope: str,
    targets: list[ProjectTarget],
    notes: ReportNotes,
    *,
    actual: Decimal | None,
    target: Decimal | None,
    completion: Decimal | None,
    reported: int | None = None,
    expected: int | None = None,
    is_demo: bool | None = None,
) -> IndicatorRow:
    spec, older = INDICATORS[code], _stale_periods(code, targets, notes.cutoff)
    ends = [item.reported_for for _, item in targets if item.reported_for is not None]
    starts = [item.measure.start for _, item in targets if spec.additive and item.reported_for]
    return IndicatorRow(
        code=code,
        name=spec.name,
        scope=scope,
        unit=spec.unit,
        measure=MEASURES[spec.kind],
        actual=actual,
        actual_text=None,
        target=target,
        completion=completion,
        mark=_marks(code, targets, notes),
        source="已核定数据",
        is_demo=targets[0][0].is_demo if is_demo is None else is_demo,
        reported=reported,
        expected=expected,
        carried=min(older, default=None),
        since=min(starts, default=None),
        until=max(ends, default=None) if starts else None,
        standing_on=len(older) if reported else None,
    )


def _marks(code: str, targets: Iterable[ProjectTarget], notes: ReportNotes) -> str | None:
    marks = [mark for row, _ in targets for mark in notes.figures.get((row.id, code), ())]
    return join_marks(sorted(marks, key=lambda mark: int(mark.removeprefix("注"))))


def _stale_periods(code: str, targets: Iterable[ProjectTarget], cutoff: date) -> list[date]:
    """Return the periods of figures older than the newest ended month; a sum of months has none."""
    if INDICATORS[code].additive:
        return []
    newest = months.last_ended(cutoff)
    ends = [item.reported_for for _, item in targets if item.reported_for is not None]
    return [end for end in ends if end < newest]


def _average(provenance: Provenance, scope: str, totals: Sequence[LabTotal]) -> list[IndicatorRow]:
    """Return the average payment of the projects that have both components, if any payments."""
    total = next((item for item in totals if item.indicator.code == AVERAGE), None)
    if total is None or total.latest.value is None:
        return []
    spec = total.indicator
    return [
        IndicatorRow(
            code=AVERAGE,
            name=f"{spec.name}（{total.period.year}年{total.period.month}月）",
            scope=scope,
            unit=spec.unit,
            measure="ratio",
            actual=total.latest.value,
            actual_text=None,
            target=None,
            completion=None,
            mark=None,
            source="已核定数据",
            is_demo=provenance == "demo",
            reported=total.latest.reported,
            expected=total.latest.reported + total.latest.missing,
        )
    ]


def _untargeted(
    provenance: Provenance,
    targets_by_code: Mapping[str, Sequence[ProjectTarget]],
    totals: Sequence[LabTotal],
    notes: ReportNotes,
) -> list[IndicatorRow]:
    """Return rates of projects without a target for them, each with its own date, no total."""
    return [
        _rate(total.indicator, own, provenance, notes)
        for total in totals
        if total.indicator.kind == "R"
        for own in total.own
        if all(row.id != own.project_id for row, _ in targets_by_code.get(total.indicator.code, ()))
    ]


def _rate(
    spec: Indicator, own: ProjectFigure, provenance: Provenance, notes: ReportNotes
) -> IndicatorRow:
    old = own.end < months.last_ended(notes.cutoff)
    return IndicatorRow(
        code=spec.code,
        name=spec.name,
        scope=notes.names.get(own.project_id, own.project),
        unit=spec.unit,
        measure="ratio",
        actual=own.value,
        actual_text=None,
        target=None,
        completion=None,
        mark=None,
        source="已核定数据",
        is_demo=provenance == "demo",
        carried=own.end if old else None,
    )
