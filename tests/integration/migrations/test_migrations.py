"""The migrations build exactly the tables that the code expects, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask, g
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from lab.editing.models import EditorTabState
from lab.extensions import db
from lab.factory import metadata
from lab.identity.passwords import service_resets
from lab.identity.people import service as identity
from lab.indicators.entry import service_narrative
from lab.indicators.models import PeriodLock, ProgressReport
from tests.support.builders.calls import open_call
from tests.support.builders.projects import SEPTEMBER, at, running_project
from tests.support.builders.proposals import filled_draft
from tests.support.cast import Cast, actor, person

AUGUST = date(2022, 8, 31)


def _in_metadata(_object: Any, name: str | None, *_rest: Any) -> bool:
    """Everything but the search's index of words, which each database has in its own way."""
    return not (name or "").startswith("search_words")


def test_a_migrated_database_has_exactly_the_tables_of_the_code(both_ctx: Flask) -> None:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _in_metadata}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata()) == []


def test_the_audit_triggers_come_with_the_migration(both_ctx: Flask) -> None:
    catalogue = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit_event'::regclass"
    )
    assert (db.session.scalar(text(catalogue)) or 0) >= 2


def test_the_way_back_survives_pages_of_no_step(both_ctx: Flask, both_cast: Cast) -> None:
    key = filled_draft(both_cast, open_call(both_cast)).key
    edit = f"/proposals/{key}/edit/"
    odd = (f"{edit}background/autosave", edit + "x" * 90, f"{edit}basics?from=mail")
    for place in (f"{edit}background", *odd):
        db.session.add(EditorTabState(form_path=place, person_id=both_cast.applicant, tab="a" * 8))
    db.session.commit()
    db.session.remove()
    downgrade(revision="0019")
    stands = text("SELECT step FROM proposal_presence")
    assert db.session.scalars(stands).all() == ["background"]
    db.session.remove()
    upgrade()
    assert db.session.scalars(select(EditorTabState.form_path)).all() == [f"{edit}background"]


def test_accounts_of_before_know_who_gave_their_first_password(
    both_app: Flask, both_cast: Cast
) -> None:
    with both_app.test_request_context("/", method="POST"):
        g.actor = actor(both_cast.office)
        word = person(both_cast.office).password_hash
        made = identity.create_person(
            sign_in_name="made", name="新人甲", unit_id=both_cast.bank_other, hashed=word
        )
        db.session.commit()
        g.actor = actor(both_cast.system)
        service_resets.reset_password(
            both_cast.stranger, "Chushi-2022-mima", person(both_cast.system)
        )
        db.session.commit()
        ids = made.id, both_cast.stranger, both_cast.office2
        db.session.remove()
        downgrade(revision="0021")
        upgrade()
        givers = [person(one).first_password_by_id for one in ids]
        assert givers == [both_cast.office, both_cast.system, None]
        db.session.remove()


def test_months_that_locked_themselves_open_again(both_ctx: Flask, both_cast: Cast) -> None:
    project = running_project(both_cast)
    words = {"done": "走访商户。", "problems": "", "asks": "", "next_plan": ""}
    with at(2022, 10, 10):
        for end, writer in ((AUGUST, both_cast.leader), (SEPTEMBER, both_cast.member)):
            service_narrative.save_narrative(project, end, 0, words, writer, submit=True)
        db.session.commit()
    key = project.id
    db.session.remove()
    downgrade(revision="0028")
    with db.engine.begin() as raw:
        raw.execute(
            text(
                "INSERT INTO period_lock (project_id, period_end, locked_at) "
                "VALUES (:project, '2022-09-30', '2022-10-10 02:00:00')"
            ),
            {"project": key},
        )
    upgrade()
    [lock] = db.session.scalars(select(PeriodLock)).all()
    assert lock.reopened_at is not None and "不再自动锁定" in lock.reopen_reason
    reports = db.session.scalars(select(ProgressReport).order_by(ProgressReport.period_end)).all()
    assert [r.confirmed_by_id for r in reports] == [both_cast.leader, None]
    assert all(r.first_submitted_at == r.submitted_at for r in reports)
    db.session.remove()


def test_the_schema_can_be_taken_down_and_built_again(both_ctx: Flask) -> None:
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert "proposal" in inspect(db.engine).get_table_names()
