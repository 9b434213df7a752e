"""What a public report states cannot be changed by any service, nor past the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from lab.calls.models.call import Call
from lab.db import PublishedFactChanged
from lab.demo import facts
from lab.extensions import db
from lab.indicators.approval import service_correction
from lab.indicators.models import Entry
from lab.portfolio.charter import service as portfolio_editing
from lab.portfolio.charter import service_supplement
from lab.portfolio.models.history import ProjectState
from lab.portfolio.models.project import Project
from lab.portfolio.pages.queries_project import project_page
from lab.portfolio.status import service as project_status
from lab.rejected import Rejected
from lab.scenarios import service as scenarios
from lab.scenarios.models import Scenario
from tests.support.builders.projects import at, running_project
from tests.support.cast import Cast

TEXTS = {"background": "改写", "mode": "改写", "practice": "改写", "outcome": "改写"}


def lize() -> Project:
    """The published project whose results were reported."""
    facts.load()
    db.session.commit()
    found: Project = db.session.scalars(select(Project).where(Project.outcome != "")).one()
    return found


def test_services_refuse_to_rewrite_what_was_published(both_ctx: Flask, both_cast: Cast) -> None:
    project = lize()
    entry = db.session.scalars(select(Entry).where(Entry.indicator == "K01")).one()
    scenario = db.session.scalars(select(Scenario)).first()
    assert scenario is not None
    before = project.outcome
    with pytest.raises(Rejected, match="不能修改"):
        portfolio_editing.edit_texts(project, project.version, **TEXTS)
    with pytest.raises(Rejected, match="不能更正"):
        service_correction.submit_correction(
            project,
            entry,
            entry.version,
            value=Decimal(20000),
            reason="改写",
            person_id=both_cast.member,
        )
    with pytest.raises(Rejected, match="不能修改"):
        scenarios.edit_scenario(
            scenario,
            scenario.version,
            name="改写",
            kind=None,
            channel=None,
            place="",
            note="",
            is_benchmark=False,
        )
    assert project.outcome == before and entry.value == 19146


CHANGES: dict[str, tuple[Any, Callable[[Any], None]]] = {
    "the text of a project": (Project, lambda row: setattr(row, "outcome", "改写")),
    "the name of a project": (Project, lambda row: setattr(row, "name", "改写")),
    "the source of a project": (Project, lambda row: setattr(row, "source_label", "")),
    "the date of the report": (Project, lambda row: setattr(row, "status_as_of", None)),
    "the published state": (ProjectState, lambda row: setattr(row, "status", "closed")),
    "a published figure": (Entry, lambda row: setattr(row, "value", Decimal(1))),
    "that a figure is published": (Entry, lambda row: setattr(row, "source_label", "")),
    "a scenario": (Scenario, lambda row: setattr(row, "name", "改写")),
    "how many came": (Call, lambda row: setattr(row, "received_text", "30个")),
    "how many were approved": (Call, lambda row: setattr(row, "approved_stated", 13)),
    "an entry taken out": (Entry, db.session.delete),
    "a scenario taken out": (Scenario, db.session.delete),
}


@pytest.mark.parametrize("what", CHANGES)
def test_no_write_past_the_services_changes(ctx: Flask, cast: Cast, what: str) -> None:
    lize()
    table, change = CHANGES[what]
    row = db.session.scalars(select(table).order_by(table.id)).first()
    change(row)
    with pytest.raises(PublishedFactChanged):
        db.session.flush()


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        (update(Project).values(outcome="改写"), None),
        (update(Project), [{"id": 1, "outcome": "改写"}]),
        (update(Entry).where(Entry.value > 0).values(value=1), None),
        (delete(Entry), None),
    ],
)
def test_no_write_of_many_rows_changes_what_was_published(
    ctx: Flask, cast: Cast, statement: Any, rows: Any
) -> None:
    lize()
    with pytest.raises(PublishedFactChanged):
        db.session.execute(statement, rows)


def test_a_supplement_is_shown_beside_the_published_text(both_ctx: Flask, both_cast: Cast) -> None:
    project = lize()
    stated = project.outcome
    texts = {**TEXTS, "outcome": "2023年又上线三个商户。"}
    with at(2023, 3, 1):
        service_supplement.add_supplement(
            project, project.version, **texts, person_id=both_cast.office
        )
        db.session.commit()
    page = project_page(project)
    outcome = page.parts[-1]
    assert (outcome.text, outcome.supplement) == (stated, "2023年又上线三个商户。")
    assert page.supplemented_at is not None and page.supplemented_by


def test_a_published_state_is_shown_beside_the_later_one(ctx: Flask, cast: Cast) -> None:
    facts.load()
    db.session.commit()
    project = db.session.scalars(select(Project).where(Project.status == "running")).first()
    assert project is not None
    with at(2023, 3, 1):
        project_status.mark_landed(project, "现场验看。")
        db.session.commit()
    page = project_page(project)
    assert page.published_state is not None and page.published_state.code == "running"
    assert page.published_on == date(2022, 12, 31)
    assert (page.state.code, page.state_since) == ("landed", date(2023, 3, 1))
    assert "已落地4个" in page.call_stated


def test_only_published_projects_take_a_supplement(ctx: Flask, cast: Cast) -> None:
    project = running_project(cast)
    with pytest.raises(Rejected):
        service_supplement.add_supplement(project, project.version, **TEXTS, person_id=cast.office)
