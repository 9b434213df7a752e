"""Fixtures: an app on SQLite or PostgreSQL with an empty, migrated database, and a cast of people.

Every test starts from a template database that is made once: SQLite's file is copied,
PostgreSQL's rows are put back, or the database is copied where a test has changed its tables.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import Engine

from lab import clock
from lab.config.settings import Settings, load_settings
from lab.factory import create_app
from lab.identity.rules import passwords
from lab.jobs.sandbox import run_confined
from lab.reports.core import sandbox
from tests.support.cast import Cast
from tests.support.client import PageClient
from tests.support.databases.app_pool import PooledApp, close
from tests.support.databases.postgres import NoPostgres, Postgres, running_postgres
from tests.support.databases.postgres_rows import Contents
from tests.support.databases.template_database import Peopled, migrate_into, put_cast_into
from tests.support.documents.examining_here import examine_here, files_examined
from tests.support.documents.reading_here import workbooks_read_here
from tests.support.documents.rendering_here import render_here
from tests.support.servers.forking import ForkServer, running_fork_server

# Tests and what they start keep what was compiled: each process would do it anew, and each update
# of a database for its migrations.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell lets what it runs in the background ignore Ctrl+C, and with it all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Where memory holds files, no commit and no line of the audit log waits for the disk. What waits
# for the disk and in which order is tested by itself.
MEMORY, MIN_FREE_BYTES = Path("/dev/shm"), 4 << 30
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MIN_FREE_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

SECRETS = {
    "LAB_SECRET_KEY": "tests-only-0123456789-abcdefghijklmnop",
    "LAB_AUDIT_KEY": "tests-only-abcdefghijklmnop-0123456789",
}

POOLED_DATABASE = "pooled_lab"

BEFORE_MIDNIGHT_SECONDS = 30  # a test of two seconds, on a busy machine

# A mail server that nobody asks unless a test lets the queue run.
MAIL = {
    "LAB_SMTP_HOST": "127.0.0.1",
    "LAB_SMTP_PORT": "9",
    "LAB_SMTP_FROM": "lab@lab.test",
    "LAB_BASE_URL": "https://portal.lab.test",
}


def pytest_collection_finish() -> None:
    """Look for unreachable objects seldom, and not among those that the whole run needs: there
    are so many of these that looking through them slows every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


def pytest_runtest_setup() -> None:
    """Begin no test shortly before midnight in Beijing: many ask which day it is before and after
    what they test. Those that take longer stop the clock."""
    left = (clock.end_of_day(clock.today()) - clock.now()).total_seconds()
    if left < BEFORE_MIDNIGHT_SECONDS:
        time.sleep(left + 1)


def settings_for(instance: Path, database_url: str = "", **extra: str) -> Settings:
    """Settings of a test's own instance folder."""
    values = {"LAB_INSTANCE": str(instance), "LAB_DATABASE_URL": database_url, **SECRETS, **extra}
    return load_settings(values)


@pytest.fixture(scope="session", autouse=True)
def agreed_hasher() -> Iterator[PasswordHasher]:
    """The portal's own, which is slow on purpose; all tests but its own use a quick one."""
    agreed, dummy = passwords._hasher, passwords._DUMMY
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._DUMMY = passwords.hash_password("no such person")
    yield agreed
    passwords._hasher, passwords._DUMMY = agreed, dummy


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The run makes many apps; each would compile all its templates anew.

    Jinja computes constants while it compiles, with the filters of the app that comes first. All
    apps of the portal have the same filters; an app with others needs a cache of its own.
    """
    options, folder = Flask.jinja_options, tmp_path_factory.mktemp("compiled-templates")
    Flask.jinja_options = {**options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}
    yield
    Flask.jinja_options = options


@pytest.fixture(scope="session", autouse=True)
def reports_rendered_here() -> Iterator[None]:
    """No process for each report, except where a test calls `render_in_child` itself."""
    in_child = sandbox.render_in_child
    sandbox.render_in_child = render_here
    yield
    sandbox.render_in_child = in_child


@pytest.fixture(scope="session", autouse=True)
def files_examined_here() -> Iterator[None]:
    """No process for each uploaded file, except where a test asks for `files_confined`."""
    with files_examined(examine_here):
        yield


@pytest.fixture
def files_confined() -> Iterator[None]:
    """Uploaded files are examined and drawn as in real running."""
    with files_examined(run_confined):
        yield


@pytest.fixture(scope="module")
def workbooks_here() -> Iterator[None]:
    """No process for each workbook, where a test does not ask what that process is for."""
    with workbooks_read_here():
        yield


@pytest.fixture(scope="session", autouse=True)
def unordered_reads_reversed() -> Iterator[None]:
    """Rows come in reverse order from SQLite where a query does not order them: PostgreSQL may
    give them in any order, and what relies on one would fail by chance.

    It reaches only apps in the tests' own process, not servers and workers that tests start.
    """
    event.listen(Engine, "connect", _reverse_unordered)
    yield
    event.remove(Engine, "connect", _reverse_unordered)


def _reverse_unordered(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the newest schema and nothing in it."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    migrate_into(settings_for(folder))
    return folder


@pytest.fixture(scope="session")
def sqlite_cast(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Peopled[Path]:
    """The same with the cast in it."""
    folder = tmp_path_factory.mktemp("sqlite-cast") / "instance"
    shutil.copytree(sqlite_template, folder)
    return Peopled(folder, put_cast_into(settings_for(folder)), folder)


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """What starts servers and workers of the portal."""
    with running_fork_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        with running_postgres() as server:
            yield server
    except NoPostgres as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the newest schema and nothing in it."""
    url = postgres.create_database("template_lab")
    migrate_into(settings_for(tmp_path_factory.mktemp("postgres-template"), url))
    return "template_lab"


@pytest.fixture(scope="session")
def postgres_cast(
    postgres: Postgres, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Peopled[str]:
    """The same with the cast in it."""
    url = postgres.create_database("template_cast", postgres_template)
    instance = tmp_path_factory.mktemp("postgres-cast")
    return Peopled("template_cast", put_cast_into(settings_for(instance, url)), instance)


@pytest.fixture(scope="session")
def postgres_contents() -> dict[str, Contents]:
    """What the templates hold, by name, as far as they were asked for."""
    return {}


@pytest.fixture(scope="session")
def pooled_sqlite(tmp_path_factory: pytest.TempPathFactory) -> PooledApp:
    return PooledApp(settings_for(tmp_path_factory.mktemp("sqlite") / "instance"))


@pytest.fixture(scope="session")
def pooled_postgres(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PooledApp]:
    folder = tmp_path_factory.mktemp("postgres") / "instance"
    pooled = PooledApp(settings_for(folder, postgres.url(POOLED_DATABASE)), keep_connections=True)
    yield pooled
    pooled.close()


@pytest.fixture
def sqlite_app(pooled_sqlite: PooledApp, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An app on SQLite."""
    with pooled_sqlite.checkout(lambda folder: _fill(folder, request)) as app:
        yield app


@pytest.fixture
def postgres_app(
    pooled_postgres: PooledApp,
    postgres: Postgres,
    postgres_contents: dict[str, Contents],
    request: pytest.FixtureRequest,
) -> Iterator[Flask]:
    """An app on PostgreSQL."""

    def fill(folder: Path) -> None:
        template = _template("postgres", request)
        if template != "template_lab":
            heads = request.getfixturevalue("postgres_cast").instance / "audit-heads.log"
            shutil.copy(heads, folder / "audit-heads.log")
        if template not in postgres_contents:
            postgres_contents[template] = postgres.contents(template)
        if not postgres.put_back(POOLED_DATABASE, postgres_contents[template]):
            postgres.drop_database(POOLED_DATABASE)
            postgres.create_database(POOLED_DATABASE, template)

    with pooled_postgres.checkout(fill) as app:
        yield app


@pytest.fixture
def new_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on SQLite that has answered nothing yet and is nobody else's."""
    instance = tmp_path / "instance"
    instance.mkdir()
    _fill(instance, request)
    app = create_app(settings_for(instance))
    yield app
    close(app)


def _template(database: str, request: pytest.FixtureRequest) -> Any:
    """What the test's database is copied from: with the cast if the test asks for it."""
    if {"cast", "both_cast"} & set(request.fixturenames):
        return request.getfixturevalue(f"{database}_cast").template
    return request.getfixturevalue(f"{database}_template")


def _fill(folder: Path, request: pytest.FixtureRequest) -> None:
    for name in ("lab.db", "audit-heads.log"):
        source = _template("sqlite", request) / name
        if source.exists():
            shutil.copy(source, folder / name)


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def both_app(request: pytest.FixtureRequest) -> Flask:
    """The same test on both databases."""
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    return app


@pytest.fixture
def app(sqlite_app: Flask) -> Flask:
    """The usual app: SQLite. Services that write use `both_app` instead."""
    return sqlite_app


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """An app context, for services and queries without a request."""
    with app.app_context():
        yield app


@pytest.fixture
def both_ctx(both_app: Flask) -> Iterator[Flask]:
    """An app context on each database in turn."""
    with both_app.app_context():
        yield both_app


@pytest.fixture
def cast(app: Flask, sqlite_cast: Peopled[Path]) -> Cast:
    """The fixed cast, stored in `app`'s database."""
    return sqlite_cast.cast


@pytest.fixture
def both_cast(both_app: Flask, request: pytest.FixtureRequest) -> Cast:
    """The fixed cast, stored in `both_app`'s database."""
    sqlite = both_app.config["SETTINGS"].sqlite
    found: Cast = request.getfixturevalue("sqlite_cast" if sqlite else "postgres_cast").cast
    return found


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without scripts that checks every page it gets; `client.as_(person_id)`."""
    return PageClient(app)


@pytest.fixture
def both_client(both_app: Flask) -> PageClient:
    return PageClient(both_app)
