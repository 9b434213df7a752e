"""What tests rely on when they share connections to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from lab.db.connection.engine import LOCK_SECONDS
from lab.extensions import db
from tests.conftest import settings_for
from tests.support.databases.app_pool import PooledApp
from tests.support.databases.postgres import Postgres

pytestmark = pytest.mark.postgres
DATABASE = "sessions_lab"
LEFT_BEHIND = (
    "SET lock_timeout = '1s'",
    "SET search_path = pg_catalog",
    "CREATE TEMPORARY TABLE left_behind (id int)",
    "SELECT pg_advisory_lock(1)",
    "LISTEN left_behind",
    "DECLARE held CURSOR WITH HOLD FOR SELECT 1",
    "CREATE SEQUENCE public.counted",
    "SELECT nextval('public.counted')",
    "SET SESSION AUTHORIZATION pg_monitor",
)
PROCESS = "SELECT pg_backend_pid()"
STATE = """SELECT session_user || ' ' || (SELECT count(*) FROM pg_listening_channels())
    || ' ' || (SELECT count(*) FROM pg_cursors)"""
LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"


@pytest.fixture
def pooled(postgres: Postgres, tmp_path: Path) -> Iterator[PooledApp]:
    """An app on an empty database that keeps its connections."""
    url = postgres.create_database(DATABASE)
    pooled = PooledApp(settings_for(tmp_path / "instance", url), keep_connections=True)
    yield pooled
    pooled.close()
    postgres.drop_database(DATABASE)


def session_settings() -> dict[str, str]:
    rows = db.session.execute(text("SELECT name, setting FROM pg_settings"))
    return {name: setting for name, setting in rows}


def scalar(statement: str) -> object:
    return db.session.execute(text(statement)).scalar_one()


def test_a_kept_session_shows_nothing_of_the_test_before(pooled: PooledApp) -> None:
    with pooled.checkout(lambda _folder: None) as app, app.app_context():
        process, before, state = scalar(PROCESS), session_settings(), scalar(STATE)
        for statement in LEFT_BEHIND:
            db.session.execute(text(statement))
        db.session.commit()
        assert session_settings() != before
        assert scalar(LOCKS) == 1
    with pooled.checkout(lambda _folder: None) as app, app.app_context():
        assert scalar(PROCESS) == process, "the connection is kept"
        assert (session_settings(), scalar(STATE)) == (before, state)
        assert before["lock_timeout"] == str(1000 * LOCK_SECONDS)
        assert scalar("SELECT to_regclass('pg_temp.left_behind')::text IS NULL") is True
        assert scalar(LOCKS) == 0
        with pytest.raises(OperationalError, match="lastval is not yet defined"):
            scalar("SELECT lastval()")


def on_two_connections(pooled: PooledApp, statement: str) -> list[object]:
    with (
        pooled.checkout(lambda _folder: None) as app,
        app.app_context(),
        db.engine.connect() as first,
        db.engine.connect() as second,
    ):
        return [c.exec_driver_sql(statement).scalar_one() for c in (first, second)]


def test_all_connections_that_a_test_used_are_cleaned(pooled: PooledApp) -> None:
    assert on_two_connections(pooled, LOCKS) == [0, 0]
    on_two_connections(pooled, "SELECT pg_advisory_lock_shared(1)")
    assert on_two_connections(pooled, LOCKS) == [0, 0]
