"""Headline counts per batch, for the start page, the project list and the report.

Every count is of one call and one provenance; two are never added together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import func, select, true

from lab import clock
from lab.calls.models.call import Call
from lab.catalogue.provenance import PROVENANCES, Provenance, provenance_of
from lab.extensions import db
from lab.portfolio.rules.lifecycle import IN_PROGRESS, LANDED, PROJECT
from lab.portfolio.rules.status_light import SEVERITY, Light
from lab.proposals.models.proposal import Proposal
from lab.workflow import State

Key = tuple[int, Provenance]


class ListedProject(Protocol):
    """What is read of a project in a list (see lab.portfolio.pages.queries.ListRow)."""

    @property
    def call_id(self) -> int: ...
    @property
    def provenance(self) -> Provenance: ...
    @property
    def state(self) -> State: ...
    @property
    def published_state(self) -> State | None: ...
    @property
    def published_on(self) -> date | None: ...
    @property
    def light(self) -> Light: ...


@dataclass(frozen=True)
class BatchCount:
    """The counts of one call's projects of one provenance on a day.

    `received` is a number, the wording of a public report (近20个), or None where the report is
    silent. `approved` = `landed` + `in_progress` + `others` + `unnamed`; `unnamed` are projects
    that a public report counts without naming. `others` await their charter, are paused or were
    terminated. Published projects count by their published state, `as_of` the report's date;
    `changed_since` of them have changed state since.
    """

    call_id: int
    title: str
    provenance: Provenance
    received: str | int | None
    approved: int
    unnamed: int
    by_state: dict[str, int]
    landed: int
    in_progress: int
    others: int
    lights: dict[str, int]
    as_of: date | None
    changed_since: int = 0

    @property
    def named(self) -> int:
        """The number of projects known by name."""
        return self.approved - self.unnamed


def batch_counts(
    rows: Sequence[ListedProject],
    day: date | None = None,
    *,
    complete: bool = True,
    call_id: int | None = None,
) -> tuple[BatchCount, ...]:
    """Return the counts of each call and provenance among `rows`, by year, batch and provenance.

    `rows` are list rows as of `day` (today when None). Two queries, however many rows.

    A call with received proposals is included before any of them is a project; `call_id` names the
    one call of `rows`, None all. `complete` False: the rows are a team's own, so neither received
    proposals nor other projects are counted.
    """
    groups: dict[Key, list[ListedProject]] = {}
    for row in rows:
        groups.setdefault((row.call_id, row.provenance), []).append(row)
    received = _received_counts(call_id, day or clock.today()) if complete else None
    for key in received or ():
        if key[1] != "fact":  # a public report counts for itself
            groups.setdefault(key, [])
    return tuple(
        _count(call, provenance, groups[call.id, provenance], received)
        for call in _calls(sorted({key for key, _ in groups}))
        for provenance in PROVENANCES
        if (call.id, provenance) in groups
    )


def state_of(row: ListedProject) -> State:
    """Return the state that counts: for a published project the reported one."""
    return row.published_state or row.state


def _calls(ids: Sequence[int]) -> Sequence[Any]:
    query = select(Call.id, Call.title, Call.received_text, Call.approved_stated)
    query = query.where(Call.id.in_(ids)).order_by(Call.year, Call.batch, Call.id)
    return db.session.execute(query).all()


def _received_counts(call_id: int | None, day: date) -> dict[Key, int]:
    """Return how many proposals each call, or this one, had received by the end of `day`."""
    rows = db.session.execute(
        select(Proposal.call_id, Proposal.source_label, Proposal.is_demo, func.count().label("n"))
        .where(
            true() if call_id is None else Proposal.call_id == call_id,
            Proposal.number.is_not(None),
            func.coalesce(Proposal.first_submitted_at, Proposal.submitted_at)
            <= clock.end_of_day(day),
        )
        .group_by(Proposal.call_id, Proposal.source_label, Proposal.is_demo)
    )
    counts: Counter[Key] = Counter()
    for row in rows:
        counts[row.call_id, provenance_of(row.source_label, row.is_demo)] += row.n
    return dict(counts)


def _count(
    call: Any,
    provenance: Provenance,
    rows: Sequence[ListedProject],
    received: Mapping[Key, int] | None,
) -> BatchCount:
    stated = call.approved_stated if provenance == "fact" and received is not None else None
    approved = max(stated or 0, len(rows))
    states = Counter(state_of(row).code for row in rows)
    landed = sum(states[code] for code in LANDED)
    in_progress = sum(states[code] for code in IN_PROGRESS)
    lights = Counter(row.light.color for row in rows)
    days = [row.published_on for row in rows if row.published_on is not None]
    return BatchCount(
        call_id=call.id,
        title=call.title,
        provenance=provenance,
        received=_received_figure(call, provenance, received),
        approved=approved,
        unnamed=approved - len(rows),
        by_state={code: states[code] for code in PROJECT.codes if states[code]},
        landed=landed,
        in_progress=in_progress,
        others=len(rows) - landed - in_progress,
        lights={color: lights[color] for color in SEVERITY},
        as_of=max(days, default=None),
        changed_since=sum(row.state.code != state_of(row).code for row in rows),
    )


def _received_figure(
    call: Any, provenance: Provenance, counted: Mapping[Key, int] | None
) -> str | int | None:
    if counted is None:
        return None
    if provenance == "fact":
        return call.received_text or None
    return counted.get((call.id, provenance), 0)
