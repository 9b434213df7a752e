"""The figures of the leading group's report. Pure; hundredths and fractions as elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from lab.catalogue.indicators import INDICATORS
from tests.recomputation.rules.progress import TargetProgress, rounded, target_progress
from tests.recomputation.rules.snapshot import Snapshot, provenance
from tests.recomputation.rules.totals import AVERAGE, Totals, last_ended

KINDS = ("real", "demo")


class Line(NamedTuple):
    """One line of the indicator table; `project` is None where projects are added."""

    kind: str
    code: str
    project: str | None
    actual: Decimal | None
    target: Decimal | None
    completion: Decimal | None
    reported: int | None
    expected: int | None


def lines(snapshot: Snapshot) -> list[Line]:
    """Sums over projects of growing targets; rates and what falls or is held, one by one. Projects
    that ended before the newest month did count no further, but for a figure of that month."""
    found: list[Line] = []
    newest = last_ended(snapshot.day)
    for kind in KINDS:
        by_code: dict[str, list[tuple[str, TargetProgress]]] = defaultdict(list)
        for project in snapshot.projects.values():
            if provenance(project) == kind:
                over = snapshot.ended_before(project.id, newest)
                for code, progress in target_progress(snapshot, project.id).items():
                    gone = snapshot.ended_before(project.id, newest.replace(day=1))
                    if not over or (progress.of == newest and not gone):
                        by_code[code].append((project.name, progress))
        for code, mine in by_code.items():
            found += _of(kind, code, mine)
        if any(provenance(p) == kind for p in snapshot.projects.values()):
            found += _average(snapshot, kind)
            found += _rates(snapshot, kind, by_code)
    return found


def _rates(
    snapshot: Snapshot, kind: str, by_code: dict[str, list[tuple[str, TargetProgress]]]
) -> Iterable[Line]:
    """Rates typed without parts of projects that have no target for them."""
    for code, total in Totals(snapshot, kind).lab().items():
        if INDICATORS[code].kind != "R" or code == AVERAGE:
            continue
        aimed = {name for name, _ in by_code.get(code, ())}
        for project_id, (value, _) in total.own.items():
            name = snapshot.projects[project_id].name
            if name not in aimed and value is not None:
                yield Line(kind, code, name, rounded(value), None, None, None, None)


def _of(kind: str, code: str, mine: list[tuple[str, TargetProgress]]) -> Iterable[Line]:
    added = [s for _, s in mine if _grows(code, s)]
    if added:
        known = [s for s in added if s.actual is not None]
        actual = sum(s.actual or 0 for s in known) if known else None
        target = sum(s.target.final for s in known or added)
        share = None if actual is None else rounded(Fraction(actual, target) * 100)
        yield Line(kind, code, None, _shown(actual), _shown(target), share, len(known), len(added))
    for name, s in mine:
        if not _grows(code, s):
            yield Line(
                kind, code, name, _shown(s.actual), _shown(s.target.final), s.completion, None, None
            )


def _grows(code: str, progress: TargetProgress) -> bool:
    base = 0 if INDICATORS[code].additive else progress.target.base
    return INDICATORS[code].kind != "R" and progress.target.final > base


def _shown(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / 100


def _average(snapshot: Snapshot, kind: str) -> list[Line]:
    found = Totals(snapshot, kind).lab().get(AVERAGE)
    if found is None or found.latest.value is None:
        return []
    latest = found.latest
    expected = latest.reported + latest.missing
    value = rounded(latest.value)
    return [Line(kind, AVERAGE, None, value, None, None, latest.reported, expected)]
