"""What the portal shows of a day, beside what the rules give: every difference, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lab.catalogue.indicators import INDICATORS
from lab.indicators.figures.lab_totals import lab_totals
from lab.indicators.figures.trend import trend_of
from lab.indicators.rules import months
from lab.portfolio.pages.batch_counts import batch_counts
from lab.portfolio.pages.queries import ListRow, list_rows_of
from lab.scenarios.queries import live_totals, scenario_groups, scenario_page
from tests.recomputation.raw import Rows
from tests.recomputation.rules.headlines import Headline, headlines
from tests.recomputation.rules.merchants import Funnel, Merchants
from tests.recomputation.rules.progress import rounded, target_progress
from tests.recomputation.rules.snapshot import Snapshot, provenance
from tests.recomputation.rules.status_light import light, next_milestone
from tests.recomputation.rules.totals import Total, Totals, last_ended

PROVENANCES = ("fact", "real", "demo")


@dataclass
class Ledger:
    """How many figures agreed, and those that did not."""

    agreed: int = 0
    wrong: list[str] = field(default_factory=list)

    def same(self, where: str, shown: Any, right: Any) -> None:
        if shown == right:
            self.agreed += 1
        else:
            self.wrong.append(f"{where}: {shown!r}, should be {right!r}")


def compare(rows: Rows, day: date, ledger: Ledger) -> None:
    """Compare everything shown as of `day`."""
    snapshot = Snapshot(rows, day)
    _list(rows, snapshot, ledger)
    _totals(rows, snapshot, ledger)
    _trends(snapshot, ledger)
    _merchants(rows, snapshot, ledger)


# -- projects ----------------------------------------------------------------------------------


def _list(rows: Rows, snapshot: Snapshot, ledger: Ledger) -> None:
    shown = {row.id: row for row in list_rows_of([p.id for p in rows.projects], snapshot.day)}
    ledger.same(f"{snapshot.day} projects", sorted(shown), sorted(snapshot.projects))
    _headlines(tuple(shown.values()), snapshot, ledger)
    for project_id in sorted(shown.keys() & snapshot.projects.keys()):
        _project(shown[project_id], snapshot, ledger)


def _headlines(shown: Sequence[ListRow], snapshot: Snapshot, ledger: Ledger) -> None:
    counted = {(c.call_id, c.provenance): c for c in batch_counts(shown, snapshot.day)}
    right = headlines(snapshot, months.report_due_on)
    ledger.same(f"{snapshot.day} batches", sorted(counted), sorted(right))
    for key in counted.keys() & right.keys():
        _headline(f"{snapshot.day} batch {key}", counted[key], right[key], ledger)


def _headline(where: str, shown: Any, right: Headline, ledger: Ledger) -> None:
    for name in ("title", "received", "approved", "unnamed", "landed", "in_progress", "as_of"):
        ledger.same(f"{where} {name}", getattr(shown, name), getattr(right, name))
    ledger.same(f"{where} states", shown.by_state, right.by_state)
    ledger.same(f"{where} lights", {c: n for c, n in shown.lights.items() if n}, right.lights)
    parts = shown.landed + shown.in_progress + shown.others + shown.unnamed
    ledger.same(f"{where} adds up", parts, shown.approved)


def _project(row: ListRow, snapshot: Snapshot, ledger: Ledger) -> None:
    where = f"{snapshot.day} project {row.id}"
    project = snapshot.projects[row.id]
    published = snapshot.published(row.id)
    ledger.same(f"{where} state", row.state.code, snapshot.state(row.id))
    ledger.same(f"{where} provenance", row.provenance, provenance(project))
    ledger.same(
        f"{where} published",
        (row.published_state and row.published_state.code, row.published_on),
        (published.status, published.valid_from) if published else (None, None),
    )
    ledger.same(
        f"{where} next", (row.next_milestone, row.next_due), next_milestone(snapshot, row.id)
    )
    targets = target_progress(snapshot, row.id)
    found = {s.code: s for s in row.target_progress}
    ledger.same(f"{where} targets", sorted(found), sorted(targets))
    for code in found.keys() & targets.keys():
        right = targets[code]
        ledger.same(f"{where} {code} actual", _hundredths(found[code].actual), right.actual)
        ledger.same(f"{where} {code} completion", found[code].completion, right.completion)
        ledger.same(
            f"{where} {code} carried", found[code].carried, _carried(code, right.of, snapshot.day)
        )
    _light(where, row, light(snapshot, row.id, targets, months.report_due_on), ledger)


def _light(where: str, row: ListRow, right: Any, ledger: Ledger) -> None:
    shown = row.light
    grounds = [g.color for g in right.grounds]
    by_hand = int(shown.manual)  # a light set by hand and a grey one give their own reason
    said = sorted(r.color for r in shown.reasons[by_hand:] if r.color != "grey")
    ledger.same(
        f"{where} light",
        (shown.color, shown.computed, shown.manual, said),
        (right.color, right.computed, right.manual, sorted(grounds)),
    )
    unsaid = [g for g in right.grounds if not any(g.about in r.message for r in shown.reasons)]
    ledger.same(f"{where} grounds", unsaid, [])


def _carried(code: str, of: date | None, day: date) -> bool:
    newest = last_ended(day)
    return of is not None and of < newest and INDICATORS[code].kind in ("C", "S")


def _hundredths(value: Decimal | None) -> int | None:
    return None if value is None else int(value * 100)


# -- totals ------------------------------------------------------------------------------------


def _totals(rows: Rows, snapshot: Snapshot, ledger: Ledger) -> None:
    for kind in PROVENANCES:
        whole = Totals(snapshot, kind)
        _lab(f"{snapshot.day} {kind}", kind, None, snapshot, whole, ledger)
        for call in rows.calls:
            part = whole.of_batch(call.id)
            _lab(f"{snapshot.day} {kind} batch {call.id}", kind, call.id, snapshot, part, ledger)


def _lab(
    where: str, kind: Any, call_id: int | None, snapshot: Snapshot, totals: Totals, ledger: Ledger
) -> None:
    shown = {
        row.indicator.code: row
        for row in lab_totals(snapshot.day, provenance=kind, call_id=call_id)
    }
    right = totals.lab()
    ledger.same(f"{where} lab totals", sorted(shown), sorted(right))
    for code in sorted(shown.keys() & right.keys()):
        mine, theirs, at = right[code], shown[code], f"{where} {code}"
        ledger.same(f"{at} period", theirs.period, mine.period)
        _sum(at, code, theirs.latest, mine.latest, ledger)
        _own(at, theirs, mine, snapshot, ledger)
        if mine.year is None or theirs.year is None:
            ledger.same(f"{at} year", theirs.year, mine.year)
        else:
            _sum(f"{at} year", code, theirs.year, mine.year, ledger)


def _own(at: str, theirs: Any, mine: Any, snapshot: Snapshot, ledger: Ledger) -> None:
    ledger.same(
        f"{at} own",
        sorted((o.end, o.value or 0) for o in theirs.own),
        sorted((end, _decimal(value) or 0) for value, end in mine.own.values()),
    )


def _sum(at: str, code: str, shown: Any, right: Total, ledger: Ledger) -> None:
    ledger.same(f"{at} value", shown.value, _decimal(right.value))
    ledger.same(f"{at} reported", shown.reported, right.reported)
    ledger.same(f"{at} missing", shown.missing, right.missing)
    ledger.same(f"{at} carried", (shown.carried, shown.oldest), (right.carried, right.oldest))


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value)


def _trends(snapshot: Snapshot, ledger: Ledger) -> None:
    ids = sorted(snapshot.projects)
    for kind in PROVENANCES:
        for codes in (("K01", "K06"), ("K09", "K17"), ("K12",)):
            where = f"{snapshot.day} {kind} trend {codes}"
            shown = trend_of(ids, codes, snapshot.day, provenance=kind)
            _trend(where, shown, Totals(snapshot, kind, ids).trend(codes), ledger)


def _trend(where: str, shown: Any, right: dict[date, dict[str, Total]], ledger: Ledger) -> None:
    if shown is None or not right:
        ledger.same(where, shown, right or None)
        return
    ledger.same(f"{where} months", shown.ends, tuple(right))
    known = {code for point in right.values() for code, total in point.items() if total.reported}
    ledger.same(f"{where} lines", sorted(line.code for line in shown.lines), sorted(known))
    for line in shown.lines:
        for end, point, carried in zip(shown.ends, line.points, line.carried, strict=True):
            mine = right.get(end, {}).get(line.code)
            if mine is not None:
                point = replace(point, missing=mine.missing)  # a trend shows none
                _sum(f"{where} {line.code} {end}", line.code, point, mine, ledger)
                ledger.same(
                    f"{where} {line.code} {end} carried",
                    carried,
                    bool(mine.reported) and mine.reported == mine.carried,
                )


# -- merchants ---------------------------------------------------------------------------------


def _merchants(rows: Rows, snapshot: Snapshot, ledger: Ledger) -> None:
    there = Merchants(rows, snapshot.day)
    groups = dict(scenario_groups(list(snapshot.projects), snapshot.day))
    for kind in PROVENANCES:
        _group(f"{snapshot.day} {kind} merchants", groups.get(kind), kind, there, ledger, snapshot)
    for project_id in snapshot.projects:
        _page(f"{snapshot.day} project {project_id} merchants", [project_id], there, ledger)


def _group(
    where: str, shown: Any, kind: str, there: Merchants, ledger: Ledger, snapshot: Snapshot
) -> None:
    mine = [
        s
        for s in there.scenarios_of(snapshot.projects)
        if provenance(s) == kind or there.has(s.id, kind)
    ]
    keys = sorted(r.key for r in shown.rows) if shown else []
    ledger.same(f"{where} scenarios", keys, sorted(s.key for s in mine))
    right = there.funnel([s.id for s in mine], kind)
    if shown is not None:
        _funnel(where, shown, right, ledger)


def _page(where: str, ids: Sequence[int], there: Merchants, ledger: Ledger) -> None:
    shown = scenario_page(ids, there.day)
    mine = there.scenarios_of(ids)
    ledger.same(
        f"{where} scenarios", sorted(r.key for r in shown.rows), sorted(s.key for s in mine)
    )
    right = there.funnel(s.id for s in mine)
    _funnel(where, shown, right, ledger)
    ledger.same(f"{where} live count", _pair(live_totals(ids, there.day)), right.live)
    by_key = {s.key: s for s in mine}
    for row in shown.rows:
        if row.key in by_key:
            one = there.funnel([by_key[row.key].id])
            ledger.same(f"{where} {row.name} total", _pair(row.total), one.total)
            ledger.same(f"{where} {row.name} live", _pair(row.live), one.live)


def _funnel(where: str, shown: Any, right: Funnel, ledger: Ledger) -> None:
    steps = {row.step: row for row in shown.funnel}
    for step in right.reached.keys() | steps.keys():
        row = steps.get(step)
        ledger.same(
            f"{where} {step}",
            row and (_pair(row.reached), _pair(row.here)),
            (right.reached[step], right.here[step]),
        )
    ledger.same(f"{where} total", _pair(shown.total), right.total)
    ledger.same(f"{where} live", _pair(shown.live), right.live)


def _pair(count: Any) -> tuple[int, int]:
    return (count.merchants, count.outlets)
