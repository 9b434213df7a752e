"""Every write of scenarios and merchants."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lab import audit, clock
from lab.db import bump, expect_version
from lab.errors import Refused
from lab.extensions import db
from lab.portfolio.models import Project
from lab.scenarios import funnel
from lab.scenarios.funnel import Done
from lab.scenarios.models import Merchant, OnboardingStep, Scenario

PAUSED = "paused"


def add_scenario(
    project: Project,
    *,
    name: str,
    kind: str | None = None,
    channel: str | None = None,
    place: str = "",
    note: str = "",
    is_benchmark: bool = False,
    source_label: str = "",
    is_demo: bool | None = None,
) -> Scenario:
    """Add a scenario to a project; demonstration follows the project unless `is_demo` is given.

    Raises Refused (field "name") when the project has one of that name.
    """
    _refuse_twice(project.id, name, None)
    scenario = Scenario(
        project_id=project.id,
        name=name,
        kind=kind,
        channel=channel,
        place=place,
        note=note,
        is_benchmark=is_benchmark,
        source_label=source_label,
        is_demo=project.is_demo if is_demo is None else is_demo,
    )
    db.session.add(scenario)
    db.session.flush()
    audit.record("scenario.add", scenario, detail={"project": project.key})
    return scenario


def edit_scenario(
    scenario: Scenario,
    version: int | None,
    *,
    name: str,
    kind: str | None,
    channel: str | None,
    place: str,
    note: str,
    is_benchmark: bool,
) -> None:
    """Change a scenario. Raises Clash, Refused when the name is taken."""
    expect_version(scenario, version)
    _refuse_twice(scenario.project_id, name, scenario.id)
    scenario.name, scenario.kind, scenario.channel = name, kind, channel
    scenario.place, scenario.note, scenario.is_benchmark = place, note, is_benchmark
    audit.record("scenario.edit", scenario)


def _refuse_twice(project_id: int, name: str, own_id: int | None) -> None:
    found = db.session.scalar(
        select(Scenario.id).where(Scenario.project_id == project_id, Scenario.name == name)
    )
    if found is not None and found != own_id:
        raise Refused(f"本项目已有名为“{name}”的场景。", "name")


def add_merchant(
    scenario: Scenario, *, name: str, outlets: int = 1, note: str = "", is_demo: bool | None = None
) -> Merchant:
    """Add a merchant with its outlets (≥ 1). Raises Refused (field "name") when it is there."""
    _refuse_merchant_twice(scenario.id, name, None)
    merchant = Merchant(
        scenario_id=scenario.id,
        name=name,
        outlets=outlets,
        note=note,
        is_demo=scenario.is_demo if is_demo is None else is_demo,
    )
    db.session.add(merchant)
    db.session.flush()
    audit.record("merchant.add", merchant, detail={"scenario": scenario.key, "outlets": outlets})
    return merchant


def edit_merchant(
    merchant: Merchant, version: int | None, *, name: str, outlets: int, note: str
) -> None:
    """Change a merchant. Raises Clash, Refused when the name is taken."""
    expect_version(merchant, version)
    _refuse_merchant_twice(merchant.scenario_id, name, merchant.id)
    before = merchant.outlets
    merchant.name, merchant.outlets, merchant.note = name, outlets, note
    audit.record("merchant.edit", merchant, detail={"outlets": [before, outlets]})


def _refuse_merchant_twice(scenario_id: int, name: str, own_id: int | None) -> None:
    found = db.session.scalar(
        select(Merchant.id).where(Merchant.scenario_id == scenario_id, Merchant.name == name)
    )
    if found is not None and found != own_id:
        raise Refused(f"本场景已有名为“{name}”的商户。", "name")


def record_step(
    merchant: Merchant,
    version: int | None,
    *,
    step: str,
    on: date,
    evidence: str = "",
    person_id: int,
) -> OnboardingStep:
    """Record a step with its date and evidence in words.

    Raises Clash, and Refused (field "on") when the step is out of order or the date impossible.
    """
    expect_version(merchant, version)
    done = [Done(item.step, item.on) for item in merchant.steps]
    if trouble := funnel.problem(done, step, on, clock.today()):
        raise Refused(trouble, "on")
    recorded = OnboardingStep(
        merchant_id=merchant.id,
        step=step,
        position=funnel.position(step),
        on=on,
        evidence=evidence,
        recorded_by_id=person_id,
        recorded_at=clock.now(),
    )
    merchant.steps.append(recorded)
    bump(merchant)
    db.session.flush()
    audit.record("merchant.step", merchant, detail={"step": step, "on": on.isoformat()})
    return recorded


def resume(merchant: Merchant) -> None:
    """Take back a pause, so that the merchant goes on. Raises Refused when it is not paused."""
    paused = next((item for item in merchant.steps if item.step == PAUSED), None)
    if paused is None:
        raise Refused("此商户没有暂停。")
    since = paused.on.isoformat()
    merchant.steps.remove(paused)
    bump(merchant)
    audit.record("merchant.resume", merchant, detail={"paused_on": since})
