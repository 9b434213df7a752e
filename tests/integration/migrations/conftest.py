"""Databases for the tests of updating."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import POOLED_DATABASE
from tests.support.databases.app_pool import PooledApp
from tests.support.databases.postgres import Postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def unmigrated_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An app on each database in turn, without any table."""
    pooled: PooledApp = request.getfixturevalue(f"pooled_{request.param}")
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        server.drop_database(POOLED_DATABASE)
        server.create_database(POOLED_DATABASE)
    with pooled.checkout(lambda _folder: None) as app:
        yield app
