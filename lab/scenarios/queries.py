"""Reads of scenarios and merchants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lab.extensions import db
from lab.portfolio.models import Project
from lab.proposals.models import SCENARIO_TYPES
from lab.scenarios import funnel
from lab.scenarios.funnel import Count, Done, Track
from lab.scenarios.models import CHANNELS, Merchant, Scenario


@dataclass(frozen=True)
class MerchantRow:
    """A merchant with the step it has reached ("" before the first) and since when."""

    key: str
    name: str
    outlets: int
    note: str
    step: str
    since: date | None


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario with its merchants; `total` and `live` count merchants and outlets."""

    key: str
    project_key: str
    project: str
    name: str
    kind: str | None
    channel: str | None
    place: str
    note: str
    is_benchmark: bool
    source_label: str
    merchants: tuple[MerchantRow, ...]
    total: Count
    live: Count


@dataclass(frozen=True)
class ScenarioPage:
    """A project's (or the laboratory's) scenarios and the funnel of all their merchants."""

    rows: tuple[ScenarioRow, ...]
    funnel: tuple[funnel.Row, ...]
    total: Count
    live: Count


def scenario_page(project_ids: Sequence[int], as_of: date | None = None) -> ScenarioPage:
    """Scenarios of these projects in the order they were entered; steps up to `as_of`."""
    found = db.session.execute(
        select(Scenario, Project.key, Project.name)
        .join(Project, Project.id == Scenario.project_id)
        .where(Scenario.project_id.in_(project_ids))
        .order_by(Scenario.project_id, Scenario.id)
        .options(selectinload(Scenario.merchants).selectinload(Merchant.steps))
    ).all()
    tracks = [_track(m) for scenario, _, _ in found for m in scenario.merchants]
    rows = tuple(_row(scenario, key, name, as_of) for scenario, key, name in found)
    return ScenarioPage(
        rows,
        tuple(funnel.funnel(tracks, as_of)),
        _count(tracks),
        funnel.live(tracks, as_of),
    )


def names(project_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of each project's scenarios, benchmarks first, for reports."""
    found: dict[int, tuple[str, ...]] = {}
    rows = db.session.execute(
        select(Scenario.project_id, Scenario.name)
        .where(Scenario.project_id.in_(project_ids))
        .order_by(Scenario.is_benchmark.desc(), Scenario.id)
    )
    for row in rows:
        found[row.project_id] = (*found.get(row.project_id, ()), row.name)
    return found


def signed_merchants(project_id: int) -> int | None:
    """How many merchants of a project have signed; None when no merchant is on record."""
    merchants = db.session.scalars(
        select(Merchant)
        .join(Scenario, Scenario.id == Merchant.scenario_id)
        .where(Scenario.project_id == project_id)
        .options(selectinload(Merchant.steps))
    ).all()
    if not merchants:
        return None
    return sum(any(step.step == "contract" for step in m.steps) for m in merchants)


def live_count(project_ids: Sequence[int], as_of: date | None = None) -> Count:
    """Merchants and outlets on line as of a day (now when None)."""
    return scenario_page(project_ids, as_of).live


def _track(merchant: Merchant) -> Track:
    steps = tuple(Done(item.step, item.on) for item in merchant.steps)
    return Track(merchant.id, merchant.outlets, steps)


def _count(tracks: Sequence[Track]) -> Count:
    return Count(len(tracks), sum(track.outlets for track in tracks))


def _row(scenario: Scenario, key: str, project: str, as_of: date | None) -> ScenarioRow:
    tracks = [_track(merchant) for merchant in scenario.merchants]
    return ScenarioRow(
        key=scenario.key,
        project_key=key,
        project=project,
        name=scenario.name,
        kind=SCENARIO_TYPES.get(scenario.kind or ""),
        channel=CHANNELS.get(scenario.channel or ""),
        place=scenario.place,
        note=scenario.note,
        is_benchmark=scenario.is_benchmark,
        source_label=scenario.source_label,
        merchants=tuple(_merchant(m, as_of) for m in scenario.merchants),
        total=_count(tracks),
        live=funnel.live(tracks, as_of),
    )


def _merchant(merchant: Merchant, as_of: date | None) -> MerchantRow:
    steps = funnel.until(_track(merchant), as_of).steps
    reached = funnel.current(steps)
    since = next((item.on for item in steps if item.step == reached), None)
    return MerchantRow(
        key=merchant.key,
        name=merchant.name,
        outlets=merchant.outlets,
        note=merchant.note,
        step=funnel.label(reached) if reached else "",
        since=since,
    )
