"""What the leading group's report says of published projects: as published, each date apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from lab import clock
from lab.demo import facts
from lab.extensions import db
from lab.indicators.approval.service_public_figures import enter_public_figure
from lab.portfolio.models.project import Project
from lab.reports.content.leading import PublishedFacts
from lab.reports.leading import builder as leading
from lab.scenarios.service import add_scenario
from tests.support.builders.projects import at

NAMED = ("丽泽SOHO", "丽泽天街", "丽泽天地", "晋商大厦")
SOURCE = "来源：公开报道"


def published_project() -> Project:
    facts.load()
    db.session.commit()
    return db.session.scalars(select(Project).where(Project.short_name == "丽泽试验区")).one()


def told() -> tuple[PublishedFacts, ...]:
    return leading.build_report(
        title="简报",
        number="BG-1",
        version=1,
        cutoff=clock.today(),
        generated_by="经办",
        decisions=(),
    ).facts


def test_a_figure_is_printed_under_its_own_date(both_ctx: Flask) -> None:
    with at(2023, 8, 1):
        project = published_project()
        for end, value in ((date(2022, 9, 30), 30), (date(2023, 6, 30), 60)):
            enter_public_figure(project, "K04", end, source_label=SOURCE, value=Decimal(value))
        db.session.commit()
        newer, older = told()
    assert (newer.as_of, older.as_of) == (date(2023, 6, 30), date(2022, 12, 31))
    assert [f.value for group in newer.groups for f in group.figures] == [60]
    names = [f.name for group in older.groups for f in group.figures]
    assert "开立个人钱包数" in names and "开立对公钱包数" not in names


def test_only_scenarios_of_the_source_stand_under_it(both_ctx: Flask) -> None:
    with at(2023, 2, 1):
        project = published_project()
        add_scenario(project, name="办公室新登记的场景", is_benchmark=True)
        db.session.commit()
        (one,) = told()
    assert one.scenarios == NAMED
