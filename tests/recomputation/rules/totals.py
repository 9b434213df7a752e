"""Totals over projects, of one provenance. Pure; figures in hundredths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from lab.catalogue.indicators import INDICATORS
from tests.recomputation.raw import Entry
from tests.recomputation.rules.snapshot import Snapshot, provenance
from tests.recomputation.rules.status_light import month_end

AVERAGE, AMOUNT, COUNT = "K11", "K10", "K09"


def last_ended(day: date) -> date:
    """The end of the newest month that was over at the end of the day."""
    end = month_end(day)
    return end if end == day else day.replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class Total:
    """`value` in the indicator's unit (not hundredths), None when nobody reported."""

    value: Fraction | None
    reported: int
    missing: int = 0
    carried: int = 0
    oldest: date | None = None


@dataclass(frozen=True)
class LabTotal:
    code: str
    period: date
    latest: Total
    year: Total | None
    own: dict[int, tuple[Fraction | None, date]]


class Totals:
    """Figures of one provenance and of some projects, as known of one day."""

    def __init__(
        self, snapshot: Snapshot, kind: str, project_ids: Iterable[int] | None = None
    ) -> None:
        self._snapshot, self._kind = snapshot, kind
        self._ids = set(snapshot.projects if project_ids is None else project_ids)
        self._by_code: dict[str, list[Entry]] = defaultdict(list)
        for entry in snapshot.figures:
            first = entry.period_end.replace(day=1)
            over = entry.project_id in self._ids and snapshot.ended_before(entry.project_id, first)
            if provenance(entry) == kind and entry.project_id in self._ids and not over:
                self._by_code[entry.indicator].append(entry)

    def of_batch(self, call_id: int) -> Totals:
        mine = [p.id for p in self._snapshot.projects.values() if p.call_id == call_id]
        return Totals(self._snapshot, self._kind, mine)

    def at(self, code: str, end: date) -> Total:
        """The total at the end of one month."""
        if code == AVERAGE:
            return self._average([end])
        entries = self._current_entries(code, end)
        old = [e.period_end for e in entries if e.period_end < end]
        value = Fraction(sum(e.value or 0 for e in entries), 100) if entries else None
        expected = {i for i in self._expected(code) if not self._snapshot.ended_before(i, end)}
        missing = len(expected - {e.project_id for e in entries})
        return Total(value, len(entries), missing, len(old), min(old, default=None))

    def _current_entries(self, code: str, end: date) -> list[Entry]:
        newest: dict[int, Entry] = {}
        for e in self._by_code[code]:
            if e.period_end <= end:
                present = newest.get(e.project_id)
                if present is None or e.period_end > present.period_end:
                    newest[e.project_id] = e
        carries = INDICATORS[code].kind in ("C", "S")
        return [
            e
            for e in newest.values()
            if e.period_end == end
            or (carries and not self._snapshot.ended_before(e.project_id, end))
        ]

    def _average(self, ends: Sequence[date]) -> Total:
        chosen = {key: pair for key, pair in self._pairs().items() if key[1] in ends}
        amount = sum(pair[0] for pair in chosen.values())
        count = sum(pair[1] for pair in chosen.values())
        value = Fraction(amount, count) if count else None
        both = {project for project, _ in chosen}
        first = min(ends)
        asked = self._expected(AMOUNT) | self._expected(COUNT)
        either = {i for i in asked if not self._snapshot.ended_before(i, first)}
        either |= {
            e.project_id
            for code in (AMOUNT, COUNT)
            for e in self._by_code[code]
            if e.period_end in ends
        }
        return Total(value, len(both), len(either - both))

    def _pairs(self) -> dict[tuple[int, date], tuple[int, int]]:
        """(amount, count) of each project and month that has both."""
        counts = {(e.project_id, e.period_end): e.value or 0 for e in self._by_code[COUNT]}
        return {
            (e.project_id, e.period_end): (e.value or 0, counts[e.project_id, e.period_end])
            for e in self._by_code[AMOUNT]
            if (e.project_id, e.period_end) in counts
        }

    def year(self, code: str, until: date) -> Total | None:
        """The months of a year until one of them."""
        if code == AVERAGE:
            ends = [date(until.year, m, 28) for m in range(1, until.month + 1)]
            return self._average([month_end(day) for day in ends])
        if not INDICATORS[code].additive:
            return None
        mine = [
            e
            for e in self._by_code[code]
            if e.period_end.year == until.year and e.period_end <= until
        ]
        value = Fraction(sum(e.value or 0 for e in mine), 100) if mine else None
        there = {e.project_id for e in mine}
        january = date(until.year, 1, 31)
        asked = {i for i in self._expected(code) if not self._snapshot.ended_before(i, january)}
        return Total(value, len(there), len(asked - there))

    def lab(self) -> dict[str, LabTotal]:
        """Every indicator with a figure or a target, of the newest month ended."""
        if self._kind == "fact":
            return self._stated()
        period = last_ended(self._snapshot.day)
        return {code: self._lab(code, period) for code in INDICATORS if self._known(code)}

    def _known(self, code: str) -> bool:
        if code == AVERAGE:
            return bool(self._by_code[AMOUNT] and self._by_code[COUNT])
        return bool(self._by_code[code] or self._expected(code))

    def _lab(self, code: str, period: date) -> LabTotal:
        if INDICATORS[code].kind == "R" and code != AVERAGE:
            own = {
                e.project_id: (Fraction(e.value or 0, 100), e.period_end)
                for e in sorted(self._by_code[code], key=lambda e: e.period_end)
                if e.period_end == period or not self._snapshot.ended_before(e.project_id, period)
            }
            now = {i for i, (_, end) in own.items() if end == period}
            asked = {i for i in self._expected(code) if not self._snapshot.ended_before(i, period)}
            return LabTotal(code, period, Total(None, len(now), len(asked - now)), None, own)
        return LabTotal(code, period, self.at(code, period), self.year(code, period), {})

    def _stated(self) -> dict[str, LabTotal]:
        """Published figures, each with its own date; added where all are numbers of one date."""
        newest: dict[str, dict[int, Entry]] = defaultdict(dict)
        rows = [e for e in self._snapshot.rows.entries if e.status == "approved" and e.source_label]
        for e in sorted(rows, key=lambda e: e.period_end):
            if e.period_end <= self._snapshot.day and e.project_id in self._ids:
                newest[e.indicator][e.project_id] = e
        return {code: _stated(code, list(mine.values())) for code, mine in newest.items()}

    def _expected(self, code: str) -> set[int]:
        if self._kind == "fact":
            return set()
        projects = self._snapshot.projects
        return {
            i
            for i in self._ids
            if projects[i].is_demo == (self._kind == "demo") and code in self._snapshot.targets(i)
        }

    def trend(self, codes: Sequence[str]) -> dict[date, dict[str, Total]]:
        """At most twelve months, from the first with a figure to the newest ended."""
        ends = {e.period_end for code in codes for e in self._by_code[code]}
        if len(ends) < 2 or self._kind == "fact":
            return {}
        months, end = [], min(ends)
        while end <= self._snapshot.day:
            months.append(end)
            end = month_end(end + timedelta(days=1))
        return {m: {code: self.at(code, m) for code in codes} for m in months[-12:]}


def _stated(code: str, mine: Sequence[Entry]) -> LabTotal:
    numbers = [e.value for e in mine if e.value is not None and not e.forecast]
    dates = {e.period_end for e in mine}
    adds = len(numbers) == len(mine) and len(dates) == 1 and INDICATORS[code].kind != "R"
    value = Fraction(sum(numbers), 100) if adds else None
    own = {
        e.project_id: (None if e.value is None else Fraction(e.value, 100), e.period_end)
        for e in mine
    }
    return LabTotal(code, max(dates), Total(value, len(mine)), None, own)
