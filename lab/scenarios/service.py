"""Writes of scenarios and merchants."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lab import audit, clock
from lab.db import bump_version, expect_version, lock_row
from lab.extensions import db
from lab.portfolio.models.project import Project
from lab.rejected import Rejected
from lab.scenarios.models import Merchant, MerchantCount, OnboardingStep, Scenario
from lab.scenarios.queries import recorded_steps
from lab.scenarios.rules import funnel


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

    Raises Rejected (field "name") when the project has one with that name.
    """
    _reject_duplicate(project.id, name, None)
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
        began_on=(project.status_as_of if source_label else None) or clock.today(),
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
    """Change a scenario.

    Raises EditConflict, Rejected if the name is taken or the scenario published.
    """
    if scenario.source_label:
        raise Rejected("公开报道的场景不能修改。")
    expect_version(scenario, version)
    _reject_duplicate(scenario.project_id, name, scenario.id)
    scenario.name, scenario.kind, scenario.channel = name, kind, channel
    scenario.place, scenario.note, scenario.is_benchmark = place, note, is_benchmark
    audit.record("scenario.edit", scenario)


def _reject_duplicate(project_id: int, name: str, own_id: int | None) -> None:
    existing = db.session.scalar(
        select(Scenario.id).where(Scenario.project_id == project_id, Scenario.name == name)
    )
    if existing is not None and existing != own_id:
        raise Rejected(f"本项目已有名为“{name}”的场景。", "name")


def add_merchant(
    scenario: Scenario,
    *,
    name: str,
    outlets: int = 1,
    note: str = "",
    is_demo: bool | None = None,
    same_as: Merchant | None = None,
) -> Merchant:
    """Add a merchant with its outlets (≥ 1). Raises Rejected (field "name") when it exists.

    `same_as` is the row of the responsible project, if any: totals over projects count the two as
    one merchant.
    """
    _reject_duplicate_merchant(scenario.id, name, None)
    merchant = Merchant(
        scenario_id=scenario.id,
        name=name,
        outlets=outlets,
        note=note,
        is_demo=scenario.is_demo if is_demo is None else is_demo,
        began_on=clock.today(),
        counts=[MerchantCount(outlets=outlets, valid_from=clock.today())],
    )
    if same_as is not None:
        lock_row(same_as)
        _reject_unlinkable(merchant, scenario, same_as)
        merchant.same_as_id = same_as.id
    db.session.add(merchant)
    db.session.flush()
    audit.record("merchant.add", merchant, detail={"scenario": scenario.key, "outlets": outlets})
    return merchant


def edit_merchant(
    merchant: Merchant, version: int | None, *, name: str, outlets: int, note: str
) -> None:
    """Change a merchant. Raises EditConflict, Rejected when the name is taken."""
    expect_version(merchant, version)
    _reject_duplicate_merchant(merchant.scenario_id, name, merchant.id)
    before = merchant.outlets
    merchant.name, merchant.outlets, merchant.note = name, outlets, note
    if outlets != before:
        merchant.counts.append(MerchantCount(outlets=outlets, valid_from=clock.today()))
    audit.record("merchant.edit", merchant, detail={"outlets": [before, outlets]})


def _reject_duplicate_merchant(scenario_id: int, name: str, own_id: int | None) -> None:
    existing = db.session.scalar(
        select(Merchant.id).where(Merchant.scenario_id == scenario_id, Merchant.name == name)
    )
    if existing is not None and existing != own_id:
        raise Rejected(f"本场景已有名为“{name}”的商户。", "name")


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

    Raises EditConflict, and Rejected (field "on") when the step is out of order or the date
    impossible.
    """
    expect_version(merchant, version)
    done = recorded_steps(merchant)
    if problem := funnel.step_problem(done, step, on, clock.today()):
        raise Rejected(problem, "on")
    recorded = OnboardingStep(
        merchant_id=merchant.id,
        step=step,
        position=funnel.step_position(step),
        on=on,
        evidence=evidence,
        recorded_by_id=person_id,
        recorded_at=clock.now(),
    )
    merchant.steps.append(recorded)
    _backdate_start(merchant, on)
    bump_version(merchant)
    db.session.flush()
    audit.record("merchant.step", merchant, detail={"step": step, "on": on.isoformat()})
    return recorded


def _backdate_start(merchant: Merchant, day: date) -> None:
    """Backdate the start of merchant and scenario to an earlier step, with its outlets."""
    if day < merchant.began_on:
        # What holds of the first day: a later row of the same day corrects an earlier one.
        first = [c.outlets for c in merchant.counts if c.valid_from == merchant.began_on][-1]
        merchant.began_on = day
        merchant.counts.append(MerchantCount(outlets=first, valid_from=day))
    scenario = merchant.scenario
    if day < scenario.began_on and not scenario.source_label:
        scenario.began_on = day


def end_pause(merchant: Merchant) -> None:
    """End a pause from today; the pause stays on record.

    Raises Rejected when the merchant is not paused.
    """
    paused = next(
        (s for s in merchant.steps if s.step == funnel.PAUSED and s.ended_on is None), None
    )
    if paused is None:
        raise Rejected("此商户没有暂停。")
    paused.ended_on, paused.ended_at = clock.today(), clock.now()
    bump_version(merchant)
    audit.record("merchant.resume", merchant, detail={"paused_on": paused.on.isoformat()})


# -- one merchant in several projects ----------------------------------------------------------


def link_merchant(merchant: Merchant, version: int | None, main: Merchant | None) -> None:
    """Record that this row and `main`, of the project responsible for it, are one merchant.

    None takes that back. Raises EditConflict, Rejected (field "same_as") when they cannot be.
    """
    expect_version(merchant, version)
    if main is not None:
        lock_row(main)  # nobody makes it a part of a third one meanwhile
        _reject_unlinkable(merchant, merchant.scenario, main)
    merchant.same_as_id = main.id if main is not None else None
    audit.record("merchant.link", merchant, detail={"same_as": main.key if main else None})


def _reject_unlinkable(merchant: Merchant, scenario: Scenario, main: Merchant) -> None:
    if main.same_as_id is not None:
        raise Rejected("请选择主责项目登记的那一户。", "same_as")
    if main is merchant or main.scenario.project_id == scenario.project_id:
        raise Rejected("同一项目内的商户不需要合并计数。", "same_as")
    if main.is_demo != (scenario.is_demo if merchant.is_demo is None else merchant.is_demo):
        raise Rejected("演示数据与业务数据不能合并计数。", "same_as")
    duplicate_query = (
        select(Merchant.name)
        .join(Scenario, Scenario.id == Merchant.scenario_id)
        .where(Merchant.same_as_id == main.id, Scenario.project_id == scenario.project_id)
    )
    if merchant.id is not None:
        duplicate_query = duplicate_query.where(Merchant.id != merchant.id)
    if (other := db.session.scalar(duplicate_query.limit(1))) is not None:
        raise Rejected(f"本项目的“{other}”已与该户合并计数，同一项目内不能再并入一户。", "same_as")
    if merchant.id is not None and db.session.scalar(
        select(Merchant.id).where(Merchant.same_as_id == merchant.id).limit(1)
    ):
        raise Rejected("本户已是其他项目的主责登记，不能再并入别户。", "same_as")
