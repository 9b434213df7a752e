"""Headline counts of each batch. Pure."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from tests.recomputation.raw import Call
from tests.recomputation.rules.progress import target_progress
from tests.recomputation.rules.snapshot import Snapshot, beijing_day, provenance
from tests.recomputation.rules.status_light import AT_WORK, DueOn, light

LANDED = ("landed", "awaiting_acceptance", "accepted", "closed")


@dataclass(frozen=True)
class Headline:
    title: str
    received: str | int | None
    approved: int
    unnamed: int
    by_state: dict[str, int]
    landed: int
    in_progress: int
    lights: dict[str, int]
    as_of: date | None


def headlines(snapshot: Snapshot, due_on: DueOn) -> dict[tuple[int, str], Headline]:
    """By call and provenance, for those that have a project, or had received a proposal, on the
    day."""
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    for project in snapshot.projects.values():
        groups[project.call_id, provenance(project)].append(project.id)
    calls = {call.id: call for call in snapshot.calls}
    for call, kind in itertools.product(calls.values(), ("real", "demo")):
        if _received(snapshot, call, kind):
            groups.setdefault((call.id, kind), [])
    return {
        key: _headline(snapshot, calls[key[0]], key[1], ids, due_on) for key, ids in groups.items()
    }


def _headline(snapshot: Snapshot, call: Call, kind: str, ids: list[int], due_on: DueOn) -> Headline:
    published = {project_id: snapshot.published(project_id) for project_id in ids}
    states = Counter(s.status if s else snapshot.state(i) for i, s in published.items())
    colors = Counter(light(snapshot, i, target_progress(snapshot, i), due_on).color for i in ids)
    approved = max(len(ids), call.approved_stated or 0) if kind == "fact" else len(ids)
    return Headline(
        title=call.title,
        received=(call.received_text or None)
        if kind == "fact"
        else _received(snapshot, call, kind),
        approved=approved,
        unnamed=approved - len(ids),
        by_state=dict(states),
        landed=sum(states[code] for code in LANDED),
        in_progress=sum(states[code] for code in AT_WORK),
        lights=dict(colors),
        as_of=max((s.valid_from for s in published.values() if s), default=None),
    )


def _received(snapshot: Snapshot, call: Call, kind: str) -> int:
    """Proposals that had got their number by the end of the day, withdrawn ones included."""
    return sum(
        p.number is not None
        and p.first_submitted_at is not None
        and beijing_day(p.first_submitted_at) <= snapshot.day
        and (p.call_id, "demo" if p.is_demo else "real") == (call.id, kind)
        for p in snapshot.rows.proposals
    )
