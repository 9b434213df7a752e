"""What the leading group's report of a day says, beside what the rules give."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lab.catalogue.indicators import INDICATORS
from lab.indicators.rules import months
from lab.portfolio.rules.lifecycle import PROJECT
from lab.reports.content.leading import LeadingReport
from lab.reports.leading import builder as leading
from tests.recomputation.comparison import Ledger
from tests.recomputation.raw import Rows
from tests.recomputation.rules.headlines import headlines
from tests.recomputation.rules.progress import rounded, target_progress
from tests.recomputation.rules.report import Line, lines
from tests.recomputation.rules.snapshot import Snapshot
from tests.recomputation.rules.status_light import light, next_milestone
from tests.recomputation.rules.totals import Totals

LIT = ("green", "yellow", "red")


def compare_report(rows: Rows, day: date, ledger: Ledger) -> None:
    """Compare what reports as of `day` would freeze now: of all batches, and of each."""
    for call_id in (None, *(call.id for call in rows.calls)):
        _compare(Snapshot(rows, day, call_id), call_id, ledger)


def _compare(snapshot: Snapshot, call_id: int | None, ledger: Ledger) -> None:
    day = snapshot.day
    report = leading.build_report(
        title="简报",
        number="BG-1",
        version=1,
        cutoff=day,
        generated_by="经办",
        decisions=(),
        call_id=call_id,
    )
    _batches(report, snapshot, ledger)
    _portfolio(report, snapshot, ledger)
    said, right = _said(report), sorted(lines(snapshot), key=_place)
    ledger.same(f"{day} report lines", [*map(_place, said)], [*map(_place, right)])
    for mine, theirs in zip(said, right, strict=False):
        ledger.same(f"{day} report {_place(mine)}", mine, theirs)
    _facts(report, snapshot, ledger)
    _trend(report, snapshot, ledger)


def _batches(report: LeadingReport, snapshot: Snapshot, ledger: Ledger) -> None:
    said = sorted(
        (b.call_title, b.provenance, str(b.received), b.approved, b.landed, b.in_progress,
         b.unnamed or 0, sum(o.count for o in b.others), str(b.as_of),
         sorted((c.light, c.count) for c in b.lights if c.count))
        for b in report.batches
    )  # fmt: skip
    right = sorted(
        (h.title, key[1], str(h.received), h.approved, h.landed, h.in_progress,
         h.unnamed, h.approved - h.unnamed - h.landed - h.in_progress, str(h.as_of),
         sorted((c, n) for c, n in h.lights.items() if c in LIT))
        for key, h in headlines(snapshot, months.report_due_on).items()
    )  # fmt: skip
    ledger.same(f"{snapshot.day} report batches", said, right)


def _portfolio(report: LeadingReport, snapshot: Snapshot, ledger: Ledger) -> None:
    said = sorted(
        (row.name, row.state, row.light or "", str(row.next_milestone), str(row.next_due))
        for row in report.portfolio
    )
    right = []
    for project in snapshot.projects.values():
        published, shown = (
            snapshot.published(project.id),
            light(
                snapshot, project.id, target_progress(snapshot, project.id), months.report_due_on
            ),
        )
        state = PROJECT.state(published.status if published else snapshot.state(project.id)).label
        color = "" if shown.color == "grey" else shown.color
        name, due = next_milestone(snapshot, project.id)
        right.append((project.name, state, color, str(name), str(due)))
    ledger.same(f"{snapshot.day} report projects", said, sorted(right))
    troubled = Counter(row.light for row in report.troubles)
    lit = Counter(row[2] for row in right if row[2] in ("red", "yellow"))
    ledger.same(f"{snapshot.day} report troubles", troubled, lit)


def _place(line: Line) -> tuple[str, str, str]:
    return (line.kind, line.code, line.project or "")


def _said(report: LeadingReport) -> list[Line]:
    found = (
        Line(
            "demo" if row.is_demo else "real",
            row.code,
            None if row.reported is not None else row.scope,
            row.actual,
            row.target,
            row.completion,
            row.reported,
            row.expected,
        )
        for row in report.indicators
    )
    return sorted(found, key=_place)


def _facts(report: LeadingReport, snapshot: Snapshot, ledger: Ledger) -> None:
    said = sorted(
        (facts.project, facts.as_of, figure.name, str(figure.value), figure.text or "")
        for facts in report.facts
        for group in facts.groups
        for figure in group.figures
    )
    newest: dict[tuple[int, str], Any] = {}
    for e in sorted(snapshot.rows.entries, key=lambda e: e.period_end):
        if e.source_label and e.period_end <= snapshot.day and e.project_id in snapshot.projects:
            newest[e.project_id, e.indicator] = e
    right = sorted(
        (
            snapshot.projects[e.project_id].name,
            e.period_end,
            INDICATORS[e.indicator].name,
            str(None if e.value is None else Decimal(e.value) / 100),
            e.value_text,
        )
        for e in newest.values()
    )
    ledger.same(f"{snapshot.day} report facts", said, right)
    named = sorted(name for facts in report.facts for name in facts.scenarios)
    stated = {e.project_id for e in newest.values()}
    ledger.same(
        f"{snapshot.day} report scenarios",
        named,
        sorted(
            s.name
            for s in snapshot.rows.scenarios
            if s.source_label and s.began_on <= snapshot.day and s.project_id in stated
        ),
    )


def _trend(report: LeadingReport, snapshot: Snapshot, ledger: Ledger) -> None:
    drawn = {kind: Totals(snapshot, kind).trend(("K01", "K02")) for kind in ("real", "demo")}
    kind = next((kind for kind, found in drawn.items() if found), None)
    said = report.trend and ("demo" if report.trend.is_demo else "real")
    ledger.same(f"{snapshot.day} report chart", said, kind)
    if report.trend is None or kind is None:
        return
    right = drawn[kind]
    lines = {code for point in right.values() for code, total in point.items() if total.reported}
    ledger.same(
        f"{snapshot.day} report chart lines",
        sorted(line.name for line in report.trend.lines),
        sorted(INDICATORS[code].name for code in lines),
    )
    ledger.same(
        f"{snapshot.day} report months", report.trend.months, tuple(f"{end:%Y-%m}" for end in right)
    )
    for line in report.trend.lines:
        code = next(c for c in ("K01", "K02") if INDICATORS[c].name == line.name)
        mine = tuple(_decimal(point[code].value) for point in right.values())
        ledger.same(f"{snapshot.day} report trend {code}", line.values, mine)


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value)
