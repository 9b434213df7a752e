"""The version of a month's figures only rises, so a page that is out of date never overwrites."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from lab.db import EditConflict
from lab.extensions import db
from lab.indicators.approval import service as approval
from lab.indicators.approval import service_correction, service_public_figures
from lab.indicators.core.entry_periods import version_of
from lab.indicators.entry import service as entry_service
from lab.indicators.models import Entry
from lab.portfolio.models.project import Project
from tests.support.builders.projects import (
    SEPTEMBER,
    approve,
    at,
    cells,
    confirm,
    entries,
    hand_in,
    picked,
    running_project,
)
from tests.support.cast import Cast
from tests.support.client import PageClient, text_of

FIGURES = {"K01": 100, "K06": 6}


def now(project: Project) -> int:
    return version_of(project.id, SEPTEMBER)


def save(project: Project, cast: Cast, **values: int | str) -> None:
    """The member saves these figures over the newest ones; "" empties a cell."""
    typed = [
        entry_service.Cell(code, value=Decimal(v) if v != "" else None)
        for code, v in values.items()
    ]
    entry_service.save_figures(project, SEPTEMBER, now(project), typed, cast.member)
    db.session.commit()


def test_a_page_older_than_a_deleted_figure_deletes_nothing(
    both_ctx: Flask, both_cast: Cast
) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        save(project, both_cast, K01=100, K06=6)
        seen = now(project)
        save(project, both_cast, K06="")
        save(project, both_cast, K01=110)
        total = select(func.sum(Entry.version)).where(Entry.project_id == project.id)
        assert db.session.scalar(total) == 2, "as many as when the page was opened"
        blank = [entry_service.Cell("K01"), entry_service.Cell("K06")]
        with pytest.raises(EditConflict):
            entry_service.save_figures(project, SEPTEMBER, seen, blank, both_cast.leader)
        db.session.rollback()
        assert [entry.value for entry in entries(project, SEPTEMBER)] == [110]


def test_the_page_of_a_stale_grid_shows_both_figures(
    both_app: Flask, both_client: PageClient, both_cast: Cast
) -> None:
    with both_app.app_context():
        key = running_project(both_cast).key
        db.session.remove()
    page = f"/projects/{key}/indicators/entry/2022-09"
    leader, member = both_client.as_(both_cast.leader), both_client.as_(both_cast.member)
    with at(2022, 10, 10):
        stale = {"version": "0", "value-K01": "7", "value-K06": "", "typed_by": ""}
        member.submit(page, {"value-K01": "100", "value-K06": "6"})
        shown = text_of(leader.post(page, stale, status=409))
        assert "100" in shown and "7" in shown and "已保存的内容" in shown


ACTS: dict[str, Callable[[Project, Cast], object]] = {
    "hand in": lambda project, cast: hand_in(cast, project, SEPTEMBER, FIGURES),
    "confirm": lambda project, cast: confirm(cast, project, SEPTEMBER),
    "return": lambda project, cast: approval.return_entries(
        project, picked(entries(project, SEPTEMBER, "confirmed")), "口径不对", cast.office
    ),
    "hand in again": lambda project, cast: hand_in(cast, project, SEPTEMBER, FIGURES),
    "confirm again": lambda project, cast: confirm(cast, project, SEPTEMBER),
    "approve": lambda project, cast: approve(cast, project, SEPTEMBER),
    "correct": lambda project, cast: service_correction.submit_correction(
        project,
        (entry := entries(project, SEPTEMBER)[0]),
        entry.version,
        value=Decimal(120),
        reason="漏计一家园区",
        person_id=cast.member,
    ),
    "publish": lambda project, cast: service_public_figures.enter_public_figure(
        project, "K02", SEPTEMBER, source_label="公开报道", value=Decimal(1)
    ),
}


def test_every_action_on_a_figure_bumps_its_period(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        save(project, both_cast, **FIGURES)
        for name, act in ACTS.items():
            before = now(project)
            act(project, both_cast)
            db.session.commit()
            assert now(project) > before, name


def test_saving_unchanged_content_disturbs_nobody(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    with at(2022, 10, 10):
        save(project, both_cast, **FIGURES)
        before = now(project)
        save(project, both_cast, **FIGURES)
        assert now(project) == before


def test_periods_keep_their_version_in_their_own_row(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    project_id = project.id
    with at(2022, 10, 10):
        entry_service.save_figures(project, SEPTEMBER, 0, cells(FIGURES), both_cast.member)
        db.session.commit()
    db.session.remove()
    downgrade(revision="0020")
    upgrade()
    assert version_of(project_id, SEPTEMBER) == 2
