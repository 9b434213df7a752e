"""Merchants, outlets, the funnel. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tests.recomputation.raw import Merchant, Rows, Scenario, Step
from tests.recomputation.rules.snapshot import valid_rows

ORDER = (
    *("contact", "account", "contract", "filing", "device", "joint_test", "trial", "live"),
    "trading",
)
ENDS = ("paused", "exited")


class Count(NamedTuple):
    merchants: int
    outlets: int


class Funnel(NamedTuple):
    reached: dict[str, Count]
    here: dict[str, Count]
    total: Count
    live: Count


class Merchants:
    """What was there on `day`."""

    def __init__(self, rows: Rows, day: date) -> None:
        self.day = day
        self.scenarios = {s.id: s for s in rows.scenarios if s.began_on <= day}
        self._there = {
            m.id: m for m in rows.merchants if m.began_on <= day and m.scenario_id in self.scenarios
        }
        counts = valid_rows(rows.outlets, day, lambda r: r.merchant_id)
        self.outlets = {id_: row.outlets for id_, row in counts.items()}
        self._steps: dict[int, list[Step]] = defaultdict(list)
        for step in rows.steps:
            if step.on <= day:
                self._steps[step.merchant_id].append(step)

    def scenarios_of(self, project_ids: Iterable[int]) -> list[Scenario]:
        ids = set(project_ids)
        return [s for s in self.scenarios.values() if s.project_id in ids]

    def has(self, scenario_id: int, kind: str) -> bool:
        """Whether a scenario has merchants of this provenance; none is a published fact."""
        return any(m.scenario_id == scenario_id and _kind(m) == kind for m in self._there.values())

    def rows_of(self, scenario_ids: Iterable[int], kind: str | None = None) -> list[Merchant]:
        """Each merchant once, of one provenance or of all."""
        ids = set(scenario_ids)
        groups: dict[int, list[Merchant]] = defaultdict(list)
        for m in self._there.values():
            if m.scenario_id in ids and kind in (None, _kind(m)):
                groups[m.same_as_id or m.id].append(m)
        return [max(group, key=self._rank) for group in groups.values()]

    def _rank(self, merchant: Merchant) -> tuple[int, ...]:
        stopped, main = self.status_of(merchant) in ENDS, merchant.same_as_id is None
        project = self.scenarios[merchant.scenario_id].project_id
        order = (-project, -merchant.scenario_id, -merchant.id)
        return (not stopped, self._furthest(merchant), main, *order)

    def _furthest(self, merchant: Merchant) -> int:
        """The place of the furthest step, -1 before the first."""
        steps = self._steps[merchant.id]
        return max((ORDER.index(s.step) for s in steps if s.step not in ENDS), default=-1)

    def status_of(self, merchant: Merchant) -> str:
        """Return the merchant's status: its end, else its furthest step; "" before the first."""
        there = {s.step for s in self._steps[merchant.id] if self._in_force(s)}
        for end in reversed(ENDS):
            if end in there:
                return end
        return (*ORDER, "")[self._furthest(merchant)]

    def _in_force(self, step: Step) -> bool:
        return step.ended_on is None or step.ended_on > self.day

    def _is_live(self, merchant: Merchant) -> bool:
        went_live = any(s.step == "live" for s in self._steps[merchant.id])
        return went_live and self.status_of(merchant) not in ENDS

    def funnel(self, scenario_ids: Iterable[int], kind: str | None = None) -> Funnel:
        found = self.rows_of(scenario_ids, kind)
        here = {
            key: self._count(m for m in found if self.status_of(m) == key)
            for key in (*ORDER, *ENDS)
        }
        reached = dict(here)
        for place, key in enumerate(ORDER):
            reached[key] = self._count(m for m in found if self._furthest(m) >= place)
        live = self._count(m for m in found if self._is_live(m))
        return Funnel(reached, here, self._count(found), live)

    def _count(self, found: Iterable[Merchant]) -> Count:
        sizes = [self.outlets[m.id] for m in found]
        return Count(len(sizes), sum(sizes))


def _kind(merchant: Merchant) -> str:
    return "demo" if merchant.is_demo else "real"
