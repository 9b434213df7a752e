"""Fixtures: an app on SQLite or PostgreSQL with an empty, migrated database, and a cast of people.

Every test gets a database of its own, copied from a template that was migrated once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from lab import create_app
from lab.config import Settings, load_settings
from lab.extensions import db
from tests.cast import Cast, assemble
from tests.client import PageClient
from tests.postgres import NoPostgres, Postgres, running_postgres
from tests.template import migrate_into

SECRETS = {
    "LAB_SECRET_KEY": "tests-only-0123456789-abcdefghijklmnop",
    "LAB_AUDIT_KEY": "tests-only-abcdefghijklmnop-0123456789",
}


# A mail server that nobody asks unless a test lets the queue run.
MAIL = {
    "LAB_SMTP_HOST": "127.0.0.1",
    "LAB_SMTP_PORT": "9",
    "LAB_SMTP_FROM": "lab@lab.test",
    "LAB_BASE_URL": "https://portal.lab.test",
}


def settings_for(instance: Path, database_url: str = "", **extra: str) -> Settings:
    """Settings of a test's own instance folder."""
    values = {"LAB_INSTANCE": str(instance), "LAB_DATABASE_URL": database_url, **SECRETS, **extra}
    return load_settings(values)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite-template")
    migrate_into(settings_for(folder))
    return folder / "lab.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        with running_postgres() as server:
            yield server
    except NoPostgres as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = postgres.create_database("template_lab")
    migrate_into(settings_for(tmp_path_factory.mktemp("postgres-template"), url))
    return "template_lab"


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sqlite_app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app on SQLite."""
    instance = tmp_path / "instance"
    instance.mkdir()
    shutil.copy(sqlite_template, instance / "lab.db")
    app = create_app(settings_for(instance))
    yield app
    _close(app)


@pytest.fixture
def postgres_app(postgres: Postgres, postgres_template: str, tmp_path: Path) -> Iterator[Flask]:
    """An app on PostgreSQL."""
    name = f"lab_{uuid4().hex[:12]}"
    url = postgres.create_database(name, postgres_template)
    app = create_app(settings_for(tmp_path / "instance", url))
    yield app
    _close(app)
    postgres.drop_database(name)


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
def cast(app: Flask) -> Cast:
    """The fixed cast, stored in `app`'s database."""
    with app.app_context():
        return assemble()


@pytest.fixture
def both_cast(both_app: Flask) -> Cast:
    """The fixed cast, stored in `both_app`'s database."""
    with both_app.app_context():
        return assemble()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without scripts that checks every page it gets; `client.as_(person_id)`."""
    return PageClient(app)


@pytest.fixture
def both_client(both_app: Flask) -> PageClient:
    return PageClient(both_app)
