"""Queries of scenarios and merchants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from lab import clock
from lab.catalogue.projects import SCENARIO_TYPES
from lab.catalogue.provenance import PROVENANCES, Provenance, provenance_of
from lab.extensions import db
from lab.portfolio.models.project import Project
from lab.scenarios.models import CHANNELS, Merchant, OnboardingStep, Scenario
from lab.scenarios.rules import funnel
from lab.scenarios.rules.funnel import MerchantTotals, MerchantTrack, RecordedStep

MAX_NOTES = 50


@dataclass(frozen=True)
class MerchantRow:
    """A merchant with its current step ("" before the first) and since when."""

    key: str
    name: str
    outlets: int
    note: str
    step: str
    since: date | None
    shared: bool = False  # another project is responsible for it


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
    is_demo: bool
    provenance: Provenance
    merchants: tuple[MerchantRow, ...]
    total: MerchantTotals
    live: MerchantTotals


@dataclass(frozen=True)
class ScenarioPage:
    """The scenarios of a project (or the laboratory) and the funnel of all their merchants."""

    rows: tuple[ScenarioRow, ...]
    funnel: tuple[funnel.FunnelRow, ...]
    total: MerchantTotals
    live: MerchantTotals

    def count(self, provenance: Provenance) -> int:
        """Return how many of the scenarios have this provenance."""
        return sum(row.provenance == provenance for row in self.rows)

    @property
    def merchants_unknown(self) -> bool:
        """Whether nothing is known about merchants: a public report names only the scenarios."""
        from_reports_only = bool(self.rows) and self.count("fact") == len(self.rows)
        return from_reports_only and not self.total.merchants

    @property
    def has_shared_merchants(self) -> bool:
        """Whether a merchant appears in several rows, counted once in the total."""
        return sum(row.total.merchants for row in self.rows) != self.total.merchants


def scenario_page(project_ids: Sequence[int], as_of: date | None = None) -> ScenarioPage:
    """Return these projects' scenarios in order of entry, as of the end of `as_of`.

    Today when None. Those that had begun, with that day's steps and outlets.
    """
    day = as_of or clock.today()
    return _page(_scenarios(project_ids, day), day, None)


def scenario_groups(
    project_ids: Sequence[int], as_of: date | None = None
) -> tuple[tuple[Provenance, ScenarioPage], ...]:
    """Return the scenarios by provenance, each with its own funnel; empty groups are left out.

    A published scenario with merchants registered in the portal is in both groups: as published,
    and with those merchants.
    """
    day = as_of or clock.today()
    scenario_rows = _scenarios(project_ids, day)
    pages = [(provenance, _page(scenario_rows, day, provenance)) for provenance in PROVENANCES]
    return tuple((provenance, page) for provenance, page in pages if page.rows)


def late_steps(project_ids: Sequence[int], day: date) -> tuple[str, ...]:
    """Return merchants' steps that were valid on `day` but recorded later.

    One sentence per merchant and recording day, at most `MAX_NOTES`.
    """
    rows = db.session.execute(
        select(
            Merchant.id,
            Merchant.name,
            Project.name.label("project"),
            OnboardingStep.step,
            OnboardingStep.on,
            OnboardingStep.recorded_at,
        )
        .join(Merchant, Merchant.id == OnboardingStep.merchant_id)
        .join(Scenario, Scenario.id == Merchant.scenario_id)
        .join(Project, Project.id == Scenario.project_id)
        .where(
            Scenario.project_id.in_(project_ids),
            OnboardingStep.on <= day,
            OnboardingStep.recorded_at > clock.end_of_day(day),
        )
        .order_by(Merchant.id, OnboardingStep.on, OnboardingStep.position)
        .limit(MAX_NOTES * len(funnel.STEP_KEYS))
    )
    steps_by_key: dict[tuple[int, str, str], list[str]] = {}
    for row in rows:
        step = f"{funnel.step_label(row.step)}（{clock.cn_date(row.on)}）"
        who = f"“{row.project}”的“{row.name}”"
        steps_by_key.setdefault((row.id, who, clock.cn_date(row.recorded_at)), []).append(step)
    notes = [
        f"{who}在截止日之后补登记（{at}）：{'、'.join(steps)}"
        for (_, who, at), steps in steps_by_key.items()
    ]
    rest = ["其余商户在截止日之后也有补登记"] if len(notes) > MAX_NOTES else []
    return (*notes[:MAX_NOTES], *rest)


ScenarioOfProject = tuple[Scenario, str, str]  # with key and name of the project


def _scenarios(project_ids: Sequence[int], day: date) -> list[ScenarioOfProject]:
    rows = db.session.execute(
        select(Scenario, Project.key, Project.name)
        .join(Project, Project.id == Scenario.project_id)
        .where(Scenario.project_id.in_(project_ids), Scenario.began_on <= day)
        .order_by(Scenario.project_id, Scenario.id)
        .options(
            selectinload(Scenario.merchants).options(
                selectinload(Merchant.steps), selectinload(Merchant.counts)
            )
        )
    )
    return [(scenario, key, name) for scenario, key, name in rows]


def _page(
    scenario_rows: Sequence[ScenarioOfProject], day: date, provenance: Provenance | None
) -> ScenarioPage:
    """Return the page of these scenarios, of one provenance unless None."""
    merchants_by_scenario = {
        scenario.id: _begun(scenario, day, provenance) for scenario, _, _ in scenario_rows
    }
    shown_scenarios = [
        (scenario, key, name)
        for scenario, key, name in scenario_rows
        if provenance in (None, _provenance(scenario)) or merchants_by_scenario[scenario.id]
    ]
    tracks = [
        _track(m, day)
        for scenario, _, _ in shown_scenarios
        for m in merchants_by_scenario[scenario.id]
    ]
    return ScenarioPage(
        tuple(
            _row(scenario, key, name, day, merchants_by_scenario[scenario.id])
            for scenario, key, name in shown_scenarios
        ),
        tuple(funnel.funnel_rows(tracks, day)),
        _count(tracks),
        funnel.live_count(tracks, day),
    )


def signed_merchants(project_id: int, day: date) -> int | None:
    """Return how many merchants of a project had signed by `day`.

    None without merchants on record.
    """
    signed = (
        select(OnboardingStep.id)
        .where(
            OnboardingStep.merchant_id == Merchant.id,
            OnboardingStep.step == "contract",
            OnboardingStep.on <= day,
        )
        .exists()
    )
    every, under_contract = db.session.execute(
        select(func.count(Merchant.id), func.count(case((signed, 1))))
        .join(Scenario, Scenario.id == Merchant.scenario_id)
        .where(Scenario.project_id == project_id)
    ).one()
    return under_contract if every else None


def live_totals(project_ids: Sequence[int], as_of: date | None = None) -> MerchantTotals:
    """Count merchants and outlets online as of a day (now when None)."""
    return scenario_page(project_ids, as_of).live


def _begun(scenario: Scenario, day: date, provenance: Provenance | None) -> list[Merchant]:
    return [
        merchant
        for merchant in scenario.merchants
        if merchant.began_on <= day and provenance in (None, _provenance(merchant))
    ]


def _provenance(row: Scenario | Merchant) -> Provenance:
    return provenance_of(row.source_label, row.is_demo)


def recorded_steps(merchant: Merchant) -> tuple[RecordedStep, ...]:
    """Return a merchant's recorded steps, ended pauses included."""
    return tuple(RecordedStep(item.step, item.on, item.ended_on) for item in merchant.steps)


def _track(merchant: Merchant, day: date) -> MerchantTrack:
    steps = recorded_steps(merchant)
    track = MerchantTrack(
        merchant.same_as_id or merchant.id,
        _outlets(merchant, day),
        steps,
        main=merchant.same_as_id is None,
    )
    return funnel.track_until(track, day)


def _outlets(merchant: Merchant, day: date) -> int:
    counts = [count.outlets for count in merchant.counts if count.valid_from <= day]
    return counts[-1] if counts else merchant.outlets


def _count(tracks: Sequence[MerchantTrack]) -> MerchantTotals:
    each = funnel.one_track_per_merchant(tracks)
    return MerchantTotals(len(each), sum(track.outlets for track in each))


def _row(
    scenario: Scenario, key: str, project: str, day: date, merchants: Sequence[Merchant]
) -> ScenarioRow:
    tracks = [_track(merchant, day) for merchant in merchants]
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
        is_demo=scenario.is_demo,
        provenance=_provenance(scenario),
        merchants=tuple(_merchant(m, day) for m in merchants),
        total=_count(tracks),
        live=funnel.live_count(tracks, day),
    )


def _merchant(merchant: Merchant, day: date) -> MerchantRow:
    track = _track(merchant, day)
    reached = funnel.current_step(track.steps)
    since = next((item.on for item in track.steps if item.step == reached), None)
    return MerchantRow(
        key=merchant.key,
        name=merchant.name,
        outlets=track.outlets,
        note=merchant.note,
        step=funnel.step_label(reached) if reached else "",
        since=since,
        shared=merchant.same_as_id is not None,
    )
